//! The one place where a test process reads its environment.

use std::env;
use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};

use lockproof_record::{
    FileError, LIST_VARIABLE, RECORDS_VARIABLE, REPLAY_VARIABLE, Record, Report, WITNESSES_VARIABLE,
};
use lockproof_report::{Appearance, explanation};

/// The folder of witnesses beside `Cargo.toml`.
const WITNESSES: &str = "lockproof-witnesses";

/// The task of the models of this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Run as their tests say.
    Run,
    /// Leave a record that says that they are there.
    List,
    /// Run this witness if it is theirs.
    Replay(PathBuf),
}

/// The task of the models of this process.
pub(crate) fn request() -> Request {
    if env::var_os(LIST_VARIABLE).is_some() {
        return Request::List;
    }
    env::var_os(REPLAY_VARIABLE).map_or(Request::Run, |path| Request::Replay(path.into()))
}

/// The folder of the current package's witnesses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WitnessPlace {
    /// The folder; `None` where the folder of the package is unknown.
    pub(crate) folder: Option<PathBuf>,
    /// The reason that no new witness is written, if so.
    pub(crate) closed: Option<String>,
}

/// The folder of the current package's witnesses, and whether new ones are written.
pub(crate) fn witness_place() -> WitnessPlace {
    let chosen = env::var_os(WITNESSES_VARIABLE).filter(|chosen| !chosen.is_empty());
    let is_off = chosen.as_ref().is_some_and(|chosen| chosen == "off");
    let beside =
        || env::var_os("CARGO_MANIFEST_DIR").map(|crate_| Path::new(&crate_).join(WITNESSES));
    WitnessPlace {
        folder: chosen.filter(|_| !is_off).map(PathBuf::from).or_else(beside),
        closed: is_off.then(|| format!("{WITNESSES_VARIABLE} is off")),
    }
}

/// The path as reports show it: from the current folder, if it is inside.
pub(crate) fn shown(path: &Path) -> String {
    let here = env::current_dir().ok();
    let inside = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    inside.unwrap_or_else(|| path.to_owned()).display().to_string()
}

/// Says something that must be seen, whether the test passes or fails: what goes through the
/// macros of std is captured by the test harness.
pub(crate) fn tell(text: &str) {
    // A closed standard error is no reason to fail a test.
    let _ = writeln!(stderr(), "lockproof: {text}");
}

/// The account of a failing test, for standard error, where a panic goes.
pub(crate) fn account(report: &Report) -> String {
    explanation::shown(report, appearance_for(stderr().is_terminal()))
}

/// The appearance of a text: in colours and as wide as the screen if it goes to a terminal, else
/// plain.
///
/// Set to anything, the environment variables `NO_COLOR` and `CI` ask for plain text, and so does
/// the terminal `dumb`; under `CI` the width is the same everywhere, too.
///
/// ```
/// use lockproof_check::{Appearance, appearance_for};
///
/// assert_eq!(appearance_for(false), Appearance::default());
/// ```
pub fn appearance_for(is_terminal: bool) -> Appearance {
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Appearance::of_terminal(is_terminal, width, |name| env::var_os(name))
}

/// Writes the record, if records are asked for.
pub(crate) fn keep(record: &Record) -> Result<(), FileError> {
    match records() {
        None => Ok(()),
        Some(directory) => record.write_to(&directory).map(drop),
    }
}

/// The folder for records, if they are asked for.
pub(crate) fn records() -> Option<PathBuf> {
    env::var_os(RECORDS_VARIABLE).map(PathBuf::from)
}

/// The test that runs on this thread: the standard test harness names its threads after them.
///
/// Unknown where it runs all tests on the main thread.
pub(crate) fn test_name() -> Option<String> {
    let thread = lockproof::thread::current();
    thread.name().filter(|name| *name != "main").map(str::to_owned)
}
