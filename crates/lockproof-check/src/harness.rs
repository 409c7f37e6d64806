//! The one place where a test process reads its environment.

use std::env;
use std::path::PathBuf;

use crate::record::{Record, RecordError};

/// The environment variable that names the directory for records.
///
/// Without it models leave nothing behind. The directory must exist; `cargo lockproof prove` makes
/// a fresh one for each test executable.
pub const RECORDS_VARIABLE: &str = "LOCKPROOF_RECORDS";

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
