//! The differential tests: the strategies against brute force, and mutants that must be noticed.

#[path = "../tests/differential/bounded.rs"]
mod bounded;
#[path = "../tests/differential/exhaustive.rs"]
mod exhaustive;
#[path = "../tests/differential/happens_before.rs"]
mod happens_before;
#[path = "../tests/differential/program.rs"]
mod program;
#[path = "../tests/differential/reference.rs"]
mod reference;
#[path = "../tests/differential/schedules.rs"]
mod schedules;
#[path = "../tests/differential/subject.rs"]
mod subject;
#[path = "../tests/differential/trace.rs"]
mod trace;
#[path = "../tests/differential/verdict.rs"]
mod verdict;
