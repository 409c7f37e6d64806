//! Exit codes of the command.

use std::process::ExitCode;

/// The exit codes. Where several apply, the highest one of those after `Usage` is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Every model did what its test expects, and every other test passed.
    AsExpected = 0,
    /// A subject is refuted or not proved, a twin is not refuted, or an engine gave up.
    NotAsExpected = 1,
    /// The command was called in a way that it does not understand.
    Usage = 2,
    /// The tests do not compile; cargo says why.
    BuildFailed = 3,
    /// A test executable crashed or ran out of time, or a test failed that is no model.
    TestsFailed = 4,
    /// There is no model to prove.
    NoModels = 5,
    /// The command could not do its work: cargo, the file system, a record or a witness stood in
    /// the way.
    Broken = 6,
    /// The execution of a witness could not be run to its end.
    Stale = 7,
}

/// The exit codes as `--help` shows them.
pub(crate) const HELP: &str = "\
Exit codes:
  0  every model did what its test expects
  1  a model did not: a subject is refuted or not proved, or a twin is not refuted
  2  bad usage
  3  the tests do not compile
  4  a test executable crashed or ran out of time, or a test failed that is no model
  5  there is no model to prove
  6  cargo, the file system, a record or a witness stood in the way";

/// Their meaning where a witness is replayed.
pub(crate) const HELP_OF_REPLAY: &str = "\
Exit codes:
  0  the witness does not fail any more: its defect is gone
  1  it fails again
  2  bad usage
  3  the tests do not compile
  4  the test executable crashed or ran out of time
  5  there is no model of its subject and property
  6  cargo, the file system, a record or the witness itself stood in the way
  7  the schedule no longer fits the model";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
