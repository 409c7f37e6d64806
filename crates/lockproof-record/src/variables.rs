//! The environment variables by which the command tells a test process what to do.

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
