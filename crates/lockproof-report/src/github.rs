//! Annotations in the form of GitHub's workflow commands: a line for each model that is not as
//! expected, which shows up at the offending line of a pull request.
//!
//! A command ends with its line, and parts of it end with `::` and `,`; so names and messages are
//! escaped as GitHub documents for workflow commands, and cannot end one.

use std::path::Path;

use lockproof_record::{RecordedLocation, Report, one_line};

use crate::plain_text::shorten;
use crate::{Results, RunError};

/// Longer titles are cut.
const WIDEST_TITLE: usize = 200;
/// Longer messages are cut.
const WIDEST_MESSAGE: usize = 4_000;

/// An `::error` for each model that is not as expected, and for each trouble.
///
/// `workspace` is the folder of the cargo workspace, from which the paths in records start;
/// `repository` is the folder from which GitHub wants them to start. A defect that shows itself
/// outside of the repository, such as in std, is shown where its model stands.
///
/// ```
/// use std::path::Path;
/// use lockproof_report::{Results, RunError, github};
///
/// let results = Results::default().with_troubles([RunError::new("queue", "crashed: 50%", "")]);
/// let root = Path::new("/repository");
/// assert_eq!(github::of(&results, root, root), "::error title=queue::crashed: 50%25\n");
/// ```
pub fn of(results: &Results, workspace: &Path, repository: &Path) -> String {
    let models = results.unexpected().map(|model| of_model(model, workspace, repository));
    models.chain(results.troubles().iter().map(of_trouble)).collect()
}

fn of_model(model: &Report, workspace: &Path, repository: &Path) -> String {
    let order = model.lock_order.as_ref();
    let confirmed = || order.and_then(|order| order.confirmations().next());
    let failure = model.surprise().and_then(|run| run.verdict().failure()).or_else(confirmed);
    let shown = failure.and_then(|failure| failure.location());
    let place = [shown, Some(&model.location)]
        .into_iter()
        .flatten()
        .find_map(|location| Some((path(&location.file, workspace, repository)?, location)));
    let place = place.map_or_else(String::new, |(path, RecordedLocation { line, column, .. })| {
        format!("file={},line={line},col={column},", property(&path))
    });
    let mut lines = model.objections();
    let files: Vec<_> = model.witness_files.iter().map(ToString::to_string).collect();
    lines.extend(files.into_iter().filter(|file| !lines.contains(file)).collect::<Vec<_>>());
    lines.push(format!("the model stands at {}", model.location));
    command(&place, &model.to_string(), &lines)
}

fn of_trouble(RunError { place, message, .. }: &RunError) -> String {
    command("", place, std::slice::from_ref(message))
}

fn command(place: &str, title: &str, lines: &[String]) -> String {
    let title = property(&shorten(&one_line(title), WIDEST_TITLE));
    let lines: Vec<_> = lines.iter().map(|line| shorten(&one_line(line), WIDEST_MESSAGE)).collect();
    format!("::error {place}title={title}::{}\n", data(&lines.join("\n")))
}

/// The path from the repository's folder; `None` outside of it.
fn path(file: &str, workspace: &Path, repository: &Path) -> Option<String> {
    let path = workspace.join(file);
    let parts = path.strip_prefix(repository).ok()?.iter();
    Some(parts.map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
