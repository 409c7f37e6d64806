//! State of a witness file after a run of its model.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A witness file of a model, and its state. `Display` gives it in a sentence or two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WitnessFile {
    /// The file; empty where there is none.
    pub path: String,
    /// Its state.
    #[serde(flatten)]
    pub state: WitnessState,
}

/// State of a witness file after a run of its model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum WitnessState {
    /// The failure was written to it.
    Written,
    /// A failure should have been written, and could not be.
    NotWritten {
        /// The reason, and the way out.
        reason: String,
    },
    /// It leads to the same defect again.
    FailsAgain {
        /// The difference, if there is one.
        change: Option<String>,
    },
    /// It leads to another defect.
    FailsOtherwise {
        /// The defect that it led to.
        then: String,
    },
    /// Its schedule fits to the end, and nothing fails; or for one of a contract, all executions of
    /// its scenario were explored, and none fails.
    Gone,
    /// The model does not offer what its schedule asks for, or the contract does not have its
    /// scenario any more.
    Stale {
        /// The step, and what the model offers instead.
        divergence: String,
    },
    /// Unknown: this build or this test leaves the engine out, or a budget was used up.
    NotReplayed {
        /// The reason, and the way out.
        reason: String,
    },
    /// It is no witness of this model.
    Unreadable {
        /// The reason, and the way out.
        reason: String,
    },
}

impl WitnessState {
    /// Whether the witness fails.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::FailsAgain { .. } | Self::FailsOtherwise { .. })
    }

    /// Whether the file should say something about the model as it is now, and does not: only a
    /// proof can take its place.
    pub fn leaves_a_doubt(&self) -> bool {
        matches!(self, Self::Stale { .. } | Self::Unreadable { .. })
    }
}

impl fmt::Display for WitnessFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        let with = |change: &Option<String>| {
            change.as_ref().map_or_else(String::new, |change| format!(" ({change})"))
        };
        match &self.state {
            WitnessState::Written => write!(
                f,
                "the witness was written to {path}; commit it: it runs first in the next test; \
                 see it again with `cargo lockproof replay {path}`"
            ),
            WitnessState::NotWritten { reason } => write!(f, "no witness was written: {reason}"),
            WitnessState::FailsAgain { change } => {
                write!(f, "the witness {path} fails again{}", with(change))
            }
            WitnessState::FailsOtherwise { then } => {
                write!(f, "the witness {path} fails, by another defect than before: {then}")
            }
            WitnessState::Gone => write!(
                f,
                "the witness {path} does not fail any more: its defect is gone; it is run again \
                 each time until you delete it"
            ),
            WitnessState::Stale { divergence } => write!(
                f,
                "the witness {path} no longer fits: {divergence}; whether its defect is gone, only \
                 a proof can tell; delete it when you are sure"
            ),
            WitnessState::NotReplayed { reason } => {
                write!(f, "the witness {path} was not replayed: {reason}")
            }
            WitnessState::Unreadable { reason } => f.write_str(reason),
        }
    }
}
