//! What threads, objects and places of an execution are called when they are shown: safe, short,
//! and no two alike.

use std::collections::BTreeSet;

use lockproof_record::{RecordedFailure, RecordedLocation, RecordedTrace, one_line};

/// The names of one execution.
///
/// ```
/// use lockproof_report::Labels;
/// use lockproof_record::RecordedFailure;
///
/// let failure: RecordedFailure = serde_json::from_value(serde_json::json!({
///     "defect": {"kind": "panic", "sentence": "panic in worker: lost"},
///     "execution": 1,
///     "trace": {"threads": ["main", "worker", "worker"], "events": []},
/// }))?;
/// assert_eq!(Labels::of(&failure).thread(2), "worker (2)");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Labels {
    threads: Vec<String>,
    objects: Vec<String>,
    /// The files of all places.
    files: BTreeSet<String>,
}

impl Labels {
    /// The names that occur in `failure`.
    pub fn of(failure: &RecordedFailure) -> Self {
        let RecordedTrace { threads, objects, events, .. } = &failure.trace;
        let blocked = failure.defect.blocked.iter();
        let places = events.iter().map(|event| &event.location);
        let waits = blocked.clone().map(|blocked| &blocked.location);
        let holds = blocked.flat_map(|blocked| blocked.holds.iter().map(|hold| &hold.since));
        Self {
            threads: distinct(threads),
            objects: objects.iter().map(|object| one_line(&object.name)).collect(),
            files: places.chain(waits).chain(holds).map(|place| place.file.clone()).collect(),
        }
    }

    /// The thread's name, with its number if another thread is called the same.
    pub fn thread(&self, index: usize) -> &str {
        self.threads.get(index).map_or("an unknown thread", String::as_str)
    }

    /// How many threads there are.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }

    /// The object's name.
    pub fn object(&self, index: usize) -> &str {
        self.objects.get(index).map_or("an unknown object", String::as_str)
    }

    /// The place with as much of its path as tells its file from the others: `counter.rs:31`.
    pub fn place(&self, place: &RecordedLocation) -> String {
        let short = shortest_suffix(&place.file, &self.files);
        one_line(&format!("{short}:{}", place.line))
    }
}

/// The names, each safe to show; one that occurs twice gets the number of its thread.
fn distinct(names: &[String]) -> Vec<String> {
    let safe: Vec<_> = names.iter().map(|name| one_line(name)).collect();
    let is_unique = |name: &String| safe.iter().filter(|other| *other == name).count() == 1;
    let label = |(index, name): (usize, &String)| {
        if is_unique(name) { name.clone() } else { format!("{name} ({index})") }
    };
    safe.iter().enumerate().map(label).collect()
}

/// The end of `file`, from a separator on, that no other of `files` has.
fn shortest_suffix<'a>(file: &'a str, files: &BTreeSet<String>) -> &'a str {
    let starts = file.rmatch_indices(['/', '\\']).map(|(index, _)| index + 1);
    let suffixes = starts.map(|start| &file[start..]);
    let is_unique =
        |suffix: &&str| files.iter().all(|other| other == file || !is_path_suffix(suffix, other));
    suffixes.filter(|suffix| !suffix.is_empty()).find(is_unique).unwrap_or(file)
}

fn is_path_suffix(suffix: &str, path: &str) -> bool {
    path.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with(['/', '\\']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(file: &str, others: &[&str]) -> String {
        let files = others.iter().copied().chain([file]).map(str::to_owned).collect();
        shortest_suffix(file, &files).to_owned()
    }

    #[test]
    fn a_file_goes_by_its_own_name() {
        assert_eq!(short("crates/stock/src/counter.rs", &["tests/stock.rs"]), "counter.rs");
        assert_eq!(short(r"src\counter.rs", &[]), "counter.rs");
        assert_eq!(short("counter.rs", &[]), "counter.rs");
    }

    #[test]
    fn two_files_of_one_name_are_told_apart() {
        assert_eq!(short("a/src/counter.rs", &["a/tests/counter.rs"]), "src/counter.rs");
        assert_eq!(short("counter.rs", &["src/counter.rs"]), "counter.rs");
        assert_eq!(short("src/encounter.rs", &["src/counter.rs"]), "encounter.rs");
    }

    #[test]
    fn threads_of_one_name_are_told_apart_by_number() {
        let names = ["main", "worker", "worker"].map(str::to_owned);
        assert_eq!(distinct(&names), ["main", "worker (1)", "worker (2)"]);
    }
}
