//! Models and verdicts: run a concurrent test on every engine, and say what that shows.
//!
//! **Limits first.** A model is closed and small: two or three threads, one step each. Only
//! [`Verdict::Proved`] is a promise; [`Verdict::Passed`] lists what it leaves open. On real threads
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
//! A refutation against the test's expectation leaves a [`Witness`] beside the crate's
//! `Cargo.toml`, which runs first in the next test; [`WITNESSES_VARIABLE`] says otherwise.
//!
//! `cargo lockproof prove` sets [`RECORDS_VARIABLE`], and each model then leaves a [`Record`]
//! behind, from which the command makes its table.
//!
//! Records are in `lockproof-record`, and their presentation in `lockproof-report`. This crate
//! runs:
//!
//! | module | what it does |
//! |---|---|
//! | `model`, `contract` | what a test is written with |
//! | `runner` | runs either, replays and writes witnesses, leaves the record |
//! | `scenario`, `specification`, `judge` | calls, what they promise, and whether they keep it |
//! | `lock_order` | the order in which threads acquire locks |
//! | `conversion` | from the facade's facts to records |
//! | `harness` | the environment of the test process |

mod contract;
mod conversion;
mod demonstrate;
mod endings;
mod harness;
pub mod judge;
pub mod lock_order;
mod model;
mod numbering;
mod progress;
mod runner;
mod scenario;
mod settings;
mod specification;

pub use contract::{Contract, GradedOutcomes, Refinement};
pub use demonstrate::demonstrate;
pub use harness::appearance_for;
pub use lockproof::engine::{Condition, Engine, Settings, Strategy};
pub use lockproof_record::{
    Demonstration, EngineRun, Expectation, Expected, FileError, Grade, LIST_VARIABLE, OutcomeRow,
    OutcomeTable, RECORDS_VARIABLE, REPLAY_VARIABLE, Record, RecordedCondition, RecordedEngine,
    Report, ScenarioCounts, Search, Verdict, WITNESSES_VARIABLE, Witness, WitnessFile,
    WitnessState,
};
pub use lockproof_report::{
    Appearance, Labels, Role, diagnosis, explanation, outcomes, plain_text, thread_dump, timeline,
};
pub use model::Model;
/// Generator of the calls of scenarios, for specifications that are written by hand.
pub use proptest;
pub use scenario::Scenario;
/// Referred to by the code that [`specification!`] writes: not for users.
#[doc(hidden)]
pub use specification::declaration as declared;
pub use specification::{Specification, Specifies};

/// A failing execution in the form of a record.
pub mod record {
    pub use lockproof_record::{
        ActionKind, GeneratedScenario, Holding, Holdings, LockChange, Predecessor, RecordedAction,
        RecordedBlock, RecordedDefect, RecordedDefectKind, RecordedEvent, RecordedFailure,
        RecordedGap, RecordedHold, RecordedLocation, RecordedMinimality, RecordedMode,
        RecordedObject, RecordedProgress, RecordedScenario, RecordedState, RecordedStrategy,
        RecordedTrace, RecordedWait, RecordedWakeUp, ScenarioOrigin, ScenarioSource, Through,
    };
}

/// The page's examples run as doctests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/proving-a-specification.md")]
struct ProvingASpecification;
