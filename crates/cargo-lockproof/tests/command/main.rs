//! The command in a stranger's crate, outside this workspace.

mod contract;
mod prove;
mod report;
mod stranger;
mod witness;

/// The exit codes, which `--help` documents.
const AS_EXPECTED: i32 = 0;
const NOT_AS_EXPECTED: i32 = 1;
const USAGE: i32 = 2;
const BUILD_FAILED: i32 = 3;
const TESTS_FAILED: i32 = 4;
const NO_MODELS: i32 = 5;
const BROKEN: i32 = 6;
const STALE: i32 = 7;
