//! The one place where a test process reads its environment.

use std::env;
use std::io::{IsTerminal, stderr};
use std::path::PathBuf;

use crate::Appearance;
use crate::record::{Record, RecordError};

/// The environment variable that names the directory for records.
///
/// Without it models leave nothing behind. The directory must exist; `cargo lockproof prove` makes
/// a fresh one for each test executable.
pub const RECORDS_VARIABLE: &str = "LOCKPROOF_RECORDS";

/// How the explanation of a failing test looks: standard error is where a panic goes.
pub(crate) fn appearance() -> Appearance {
    appearance_for(stderr().is_terminal())
}

/// How a text for people looks: in colours and as wide as the screen if it goes to a terminal, else
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
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if !is_terminal || is_set("CI") {
        return Appearance::default();
    }
    let is_dumb = env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Appearance {
        width: width.unwrap_or(Appearance::default().width),
        colour: !is_set("NO_COLOR") && !is_dumb,
    }
}

/// Writes the record, if someone asked for records.
pub(crate) fn keep(record: &Record) -> Result<(), RecordError> {
    match records() {
        None => Ok(()),
        Some(directory) => record.write_to(&directory).map(drop),
    }
}

/// Where records are wanted, if someone asked for them.
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
