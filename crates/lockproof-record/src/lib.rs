//! Plain data that lockproof keeps of a run: records, verdicts, expectations, witness files and
//! lock orders, with the versions of their formats.
//!
//! Nothing here runs a model or shows anything to a person. The same data is used live, written to
//! a file, and read back, so a report of a file is the report of the run.
//!
//! **One rule decides what is proved:** [`Verdict::of`]. A record holds facts, and its verdict is
//! worked out from them again when it is read, so no file can claim a proof that its facts do not
//! carry.

mod action;
mod bounds;
mod demonstration;
mod engine;
mod expectation;
mod failure;
mod file_error;
mod files;
mod holdings;
mod location;
mod lock_order;
mod one_line;
mod outcome_table;
mod progress;
mod record;
mod report;
mod run;
mod search;
mod trace;
mod variables;
mod verdict;
mod witness;
mod witness_file;

pub use action::{ActionKind, LockChange, RecordedAction, RecordedMode, RecordedWakeUp};
pub use demonstration::Demonstration;
pub use engine::{RecordedEngine, RecordedStrategy};
pub use expectation::{Expectation, Expected};
pub use failure::{
    GeneratedScenario, RecordedBlock, RecordedCondition, RecordedDefect, RecordedDefectKind,
    RecordedFailure, RecordedHold, RecordedMinimality, RecordedScenario, ScenarioOrigin,
};
pub use file_error::FileError;
pub use holdings::{Holding, Holdings};
pub use location::RecordedLocation;
pub use lock_order::{
    CriticalSection, CycleStatus, Discharge, FoundBy, HeldAcross, LockCycle, LockEdge, LockNode,
    LockOrder,
};
pub use one_line::one_line;
pub use outcome_table::{Grade, OutcomeRow, OutcomeTable};
pub use progress::RecordedProgress;
pub use record::Record;
pub use report::Report;
pub use run::EngineRun;
pub use search::{ScenarioCounts, ScenarioSource, Search};
pub use trace::{
    Predecessor, RecordedEvent, RecordedGap, RecordedObject, RecordedState, RecordedTrace,
    RecordedWait, Through,
};
pub use variables::{LIST_VARIABLE, RECORDS_VARIABLE, REPLAY_VARIABLE, WITNESSES_VARIABLE};
pub use verdict::{Proof, RunEnding, Verdict};
pub use witness::{Witness, WitnessNames};
pub use witness_file::{WitnessFile, WitnessState};
