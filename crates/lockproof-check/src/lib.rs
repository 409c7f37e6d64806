//! Models and verdicts: run a concurrent test on every engine, and say what that shows.
//!
//! **Limits first.** A model is closed and small: two or three threads, one step each. Only
//! [`Verdict::Proved`] is a promise; [`Verdict::Held`] lists what it leaves open. On real threads
//! a clean run proves nothing, and a refutation is luck.
//!
//! A [`Model`] is a test that makes its own state, spawns a few threads and asserts. Its ending
//! says what the test expects of it:
//!
//! ```
//! use lockproof::sync::{Arc, Mutex};
//! use lockproof::thread;
//! use lockproof_check::Model;
//!
//! Model::new("Mutex<u64>", "counts every increment", || {
//!     let total = Arc::new(Mutex::new(0));
//!     let other = Arc::clone(&total);
//!     let child = thread::spawn(move || *other.lock().unwrap() += 1);
//!     *total.lock().unwrap() += 1;
//!     child.join().unwrap();
//!     assert_eq!(*total.lock().unwrap(), 2, "every increment is counted");
//! })
//! .is_proved();
//! ```
//!
//! A [`Contract`] compares a type with its sequential counterpart in scenarios that proptest
//! generates; [`specification!`] writes the calls from a list of methods.
//!
//! The same test runs under plain `cargo test` as stress on real threads, and with
//! `--features lockproof/explore`, `lockproof/loom` or `lockproof/shuttle` on the engines that
//! control the schedule. A broken twin is tested in the same way, by [`Model::is_refuted_by`].
//!
//! What is refuted against its test's expectation leaves a [`Witness`] beside the crate's
//! `Cargo.toml`, which runs first in the next test; [`WITNESSES_VARIABLE`] says otherwise.
//!
//! `cargo lockproof prove` sets [`RECORDS_VARIABLE`], and each model then leaves a [`Record`]
//! behind, from which the command makes its table.

mod appearance;
mod case;
mod contract;
mod demonstration;
pub mod diagnosis;
mod expectation;
pub mod explanation;
mod harness;
pub mod judge;
mod labels;
pub mod lock_order;
mod model;
mod numbering;
pub mod plain_text;
pub mod record;
mod report;
mod scenario;
mod specification;
pub mod thread_dump;
pub mod timeline;
mod verdict;
mod witness;

pub use appearance::{Appearance, Role};
pub use contract::{Contract, Grade, GradedOutcomes, OutcomeRow, OutcomeTable, Refinement};
pub use demonstration::{Demonstration, demonstrate};
pub use expectation::{Expectation, Expected};
pub use harness::{
    LIST_VARIABLE, RECORDS_VARIABLE, REPLAY_VARIABLE, WITNESSES_VARIABLE, appearance_for,
};
pub use labels::Labels;
pub use lockproof::engine::{Condition, Engine, Settings, Strategy};
pub use model::Model;
/// What generates the calls of scenarios, for specifications that are written by hand.
pub use proptest;
pub use record::{Record, RecordError};
pub use report::{EngineRun, Report, ScenarioCounts, Search};
pub use scenario::Scenario;
#[doc(hidden)]
pub use specification::declaration as declared;
pub use specification::{Specification, Specifies};
pub use verdict::Verdict;
pub use witness::{Witness, WitnessError, WitnessFile, WitnessState};

/// The page's examples run as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/proving-a-specification.md")]
struct ProvingASpecification;
