//! What an exploration shows: the one place where facts become a verdict.

use std::fmt;

use lockproof::engine::{Ending, Engine, Exploration, Strategy};
use serde::{Deserialize, Serialize};

use crate::record::RecordedFailure;

/// What one engine shows about a model. `Display` gives the word of the report, with the kind of
/// the defect or the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Every interleaving was explored, and none fails. Never said of a bounded, sampled or
    /// truncated search.
    Proved,
    /// The search ended within its bounds and found nothing.
    Held {
        /// What it did not cover.
        missing: Vec<String>,
    },
    /// An execution fails.
    Refuted {
        /// The first execution that was found to fail.
        failure: Box<RecordedFailure>,
    },
    /// The engine gave up.
    Inconclusive {
        /// The budget that was used up, or why the engine cannot run the model.
        reason: String,
    },
    /// The engine was left out.
    Skipped {
        /// Why, in the words of the test.
        reason: String,
    },
}

impl Verdict {
    /// The verdict in one word: `proved`, `held`, `refuted`, `inconclusive` or `skipped`.
    ///
    /// ```
    /// assert_eq!(lockproof_check::Verdict::Proved.word(), "proved");
    /// ```
    pub fn word(&self) -> &'static str {
        match self {
            Self::Proved => "proved",
            Self::Held { .. } => "held",
            Self::Refuted { .. } => "refuted",
            Self::Inconclusive { .. } => "inconclusive",
            Self::Skipped { .. } => "skipped",
        }
    }

    /// The failure that refutes the model, if it is refuted.
    pub fn failure(&self) -> Option<&RecordedFailure> {
        match self {
            Self::Refuted { failure } => Some(failure),
            _ => None,
        }
    }
}

impl From<&Exploration> for Verdict {
    fn from(exploration: &Exploration) -> Self {
        match &exploration.ending {
            _ if exploration.is_proof() => Self::Proved,
            Ending::Complete => Self::Held { missing: missing(exploration) },
            Ending::Failed(failure) => Self::Refuted { failure: Box::new(failure.as_ref().into()) },
            Ending::OutOfBudget { budget } => {
                Self::Inconclusive { reason: format!("out of budget: {budget}") }
            }
            Ending::Diverged(divergence) => Self::Inconclusive { reason: divergence.to_string() },
            Ending::Unsupported { reason } => Self::Inconclusive { reason: reason.clone() },
            // The facade may learn new endings; none of them can be better than no answer.
            ending => Self::Inconclusive { reason: format!("unknown ending: {ending:?}") },
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Proved | Self::Held { .. } => Ok(()),
            Self::Refuted { failure } => write!(f, ": {}", failure.defect.kind),
            Self::Inconclusive { reason } | Self::Skipped { reason } => write!(f, ": {reason}"),
        }
    }
}

/// What a clean run did not cover.
pub(crate) fn missing(exploration: &Exploration) -> Vec<String> {
    let mut missing = Vec::new();
    if exploration.engine == Engine::Std {
        missing.push("real threads show a defect by luck only".to_owned());
    } else if exploration.strategy == Strategy::Replay {
        missing.push("executions other than the one of the witness".to_owned());
    } else if exploration.strategy != Strategy::Exhaustive {
        missing.push("schedules that were not sampled".to_owned());
    }
    if let Some(bound) = exploration.preemptions {
        missing.push(format!("executions with more than {bound} preemptions"));
    }
    missing.extend(exploration.blind_spots.iter().map(ToString::to_string));
    missing.extend(exploration.kept_data.iter().map(|object| {
        format!(
            "executions that start alike: {object}, made at {}, keeps what earlier ones left",
            object.created
        )
    }));
    missing
}

#[cfg(test)]
mod tests;
