//! The one place where a test process reads its environment.

use std::env;
use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};

use crate::Appearance;
use crate::record::{Record, RecordError};
use crate::witness::Shelf;

/// The environment variable that names the directory for records.
///
/// Without it models leave nothing behind. The directory must exist; `cargo lockproof prove` makes
/// a fresh one for each test executable.
pub const RECORDS_VARIABLE: &str = "LOCKPROOF_RECORDS";

/// The environment variable that says where witnesses are kept: a folder in place of
/// `lockproof-witnesses` beside the crate's `Cargo.toml`, or `off`.
///
/// `off` lets no new witness be written; those that are there run all the same.
pub const WITNESSES_VARIABLE: &str = "LOCKPROOF_WITNESSES";

/// The environment variable that names a witness file to replay.
///
/// The model that it belongs to then runs that execution and nothing else, under a debugger or
/// with logging, say; all other models do nothing.
pub const REPLAY_VARIABLE: &str = "LOCKPROOF_REPLAY";

/// The environment variable that, if it is set, lets models leave their records without running.
pub const LIST_VARIABLE: &str = "LOCKPROOF_LIST";

/// The folder of witnesses beside `Cargo.toml`.
const WITNESSES: &str = "lockproof-witnesses";

/// What models are to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// What their tests say.
    Run,
    /// Leave a record that says that they are there.
    List,
    /// Run this witness if it is theirs.
    Replay(PathBuf),
}

/// What models are to do.
pub(crate) fn request() -> Request {
    if env::var_os(LIST_VARIABLE).is_some() {
        return Request::List;
    }
    env::var_os(REPLAY_VARIABLE).map_or(Request::Run, |path| Request::Replay(path.into()))
}

/// Where the witnesses of the package at hand are kept, and whether new ones are to be.
pub(crate) fn shelf() -> Shelf {
    let chosen = env::var_os(WITNESSES_VARIABLE).filter(|chosen| !chosen.is_empty());
    let is_off = chosen.as_ref().is_some_and(|chosen| chosen == "off");
    let beside =
        || env::var_os("CARGO_MANIFEST_DIR").map(|crate_| Path::new(&crate_).join(WITNESSES));
    Shelf {
        folder: chosen.filter(|_| !is_off).map(PathBuf::from).or_else(beside),
        closed: is_off.then(|| format!("{WITNESSES_VARIABLE} is off")),
    }
}

/// Says something that must be seen, whether the test passes or fails: what goes through the
/// macros of std is captured by the test harness.
pub(crate) fn tell(text: &str) {
    // That nobody can read it is no reason to fail a test.
    let _ = writeln!(stderr(), "lockproof: {text}");
}

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
