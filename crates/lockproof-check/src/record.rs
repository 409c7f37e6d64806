//! Records: what a checked model leaves behind for the command.
//!
//! A record is one JSON file. Its first fields say that it is one and of which version, so that a
//! file from another version is told apart from a damaged one.

mod action;
mod action_kind;
mod bounds;
pub(crate) mod engine_name;
mod error;
mod event;
mod failure;
mod file;
mod location;
mod notifications;
mod progress;
mod state;
mod trace;

use serde::{Deserialize, Serialize};

pub use action::{LockChange, LockMode, RecordedAction};
pub use action_kind::ActionKind;
pub use error::RecordError;
pub use event::RecordedEvent;
pub use failure::{
    GeneratedScenario, RecordedBlock, RecordedDefect, RecordedFailure, RecordedHold,
    RecordedMinimality, RecordedScenario, ScenarioOrigin,
};
pub(crate) use file::write_text_whole;
pub use location::RecordedLocation;
pub use progress::RecordedProgress;
pub(crate) use progress::{ProgressFile, Stage};
pub use state::{RecordedHolding, RecordedState, RecordedWait};
pub use trace::{RecordedGap, RecordedObject, RecordedTrace};

use crate::demonstration::Demonstration;
use crate::report::Report;

/// What a test left behind.
///
/// ```
/// use lockproof_check::{Demonstration, Record};
///
/// let directory = std::env::temp_dir();
/// let title = "two plus two".to_owned();
/// let record = Record::Demonstration(Demonstration { title, lines: vec!["makes 4".to_owned()] });
/// let path = record.write_to(&directory)?;
/// assert_eq!(Record::read_from(&path)?, record);
/// # let _ = std::fs::remove_file(path);
/// # Ok::<(), lockproof_check::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// A checked model.
    Model(Box<Report>),
    /// A demonstration.
    Demonstration(Demonstration),
}

impl Record {
    /// The version of the format that is written, and the only one that is read.
    pub const VERSION: u32 = 2;
}
