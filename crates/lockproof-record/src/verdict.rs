//! From the facts of a run to its verdict: the one rule that decides whether anything is *proved*.
//!
//! Invariant: [`Proof`] is made here and nowhere else, so every [`Verdict::Proved`] has gone
//! through [`Verdict::of`].

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::{RecordedEngine, RecordedStrategy};
use crate::failure::RecordedFailure;
use crate::search::{ScenarioSource, Search};

/// Verdict of one engine on a model. `Display` gives the word of the report, with the kind of
/// the defect or the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// Every interleaving was explored, and none fails. Never said of a bounded, sampled or
    /// truncated search, nor where nothing ran.
    Proved(Proof),
    /// The search ended within its bounds and found nothing.
    Passed {
        /// The executions and schedules that it did not cover, a sentence each.
        missing: Vec<String>,
    },
    /// An execution fails.
    Refuted {
        /// The first execution that was found to fail.
        failure: Box<RecordedFailure>,
    },
    /// The engine gave up, or nothing ran.
    Inconclusive {
        /// The budget that was used up, or why the engine cannot run the model.
        reason: String,
    },
    /// The engine was left out.
    Skipped {
        /// The reason, in the words of the test.
        reason: String,
    },
}

/// The right to say *proved*: only [`Verdict::of`] gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    #[serde(skip)]
    earned: (),
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "ending", rename_all = "snake_case")]
pub enum RunEnding {
    /// All that was to run has run, and nothing failed.
    Complete,
    /// An execution failed.
    Failed {
        /// The execution.
        failure: Box<RecordedFailure>,
    },
    /// It stopped before its end, or could not begin.
    GaveUp {
        /// The reason.
        reason: String,
    },
    /// It was not to run.
    Skipped {
        /// The reason.
        reason: String,
    },
}

impl Verdict {
    /// The verdict on a run that ended in this way. The facts of the search decide whether a run
    /// without a failure is a proof.
    ///
    /// ```
    /// use lockproof_record::{RecordedEngine, RunEnding, Verdict};
    ///
    /// let verdict = Verdict::of(RecordedEngine::Explore, RunEnding::Complete, None);
    /// assert_eq!(verdict.word(), "inconclusive", "nothing ran");
    /// ```
    pub fn of(engine: RecordedEngine, ending: RunEnding, search: Option<&Search>) -> Self {
        match ending {
            RunEnding::Failed { failure } => Self::Refuted { failure },
            RunEnding::GaveUp { reason } => Self::Inconclusive { reason },
            RunEnding::Skipped { reason } => Self::Skipped { reason },
            RunEnding::Complete => match search.ok_or(NO_EXECUTION).and_then(something_ran) {
                Err(reason) => Self::Inconclusive { reason: reason.to_owned() },
                Ok(search) => match missing(engine, search) {
                    missing if missing.is_empty() => Self::Proved(Proof { earned: () }),
                    missing => Self::Passed { missing },
                },
            },
        }
    }

    /// The verdict in one word: `proved`, `passed`, `refuted`, `inconclusive` or `skipped`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Proved(_) => "proved",
            Self::Passed { .. } => "passed",
            Self::Refuted { .. } => "refuted",
            Self::Inconclusive { .. } => "inconclusive",
            Self::Skipped { .. } => "skipped",
        }
    }

    /// Whether every interleaving was explored, and none fails.
    pub fn is_proved(&self) -> bool {
        matches!(self, Self::Proved(_))
    }

    /// The failure that refutes the model, if it is refuted.
    pub fn failure(&self) -> Option<&RecordedFailure> {
        match self {
            Self::Refuted { failure } => Some(failure),
            _ => None,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        match self {
            Self::Proved(_) | Self::Passed { .. } => Ok(()),
            Self::Refuted { failure } => write!(f, ": {}", failure.defect.kind),
            Self::Inconclusive { reason } | Self::Skipped { reason } => write!(f, ": {reason}"),
        }
    }
}

const NO_EXECUTION: &str = "no execution ran, which shows nothing";

/// The search, unless nothing ran in it that could have failed.
fn something_ran(search: &Search) -> Result<&Search, &'static str> {
    if search.executions == 0 {
        return Err(NO_EXECUTION);
    }
    match &search.scenarios {
        Some(counts) if counts.run == 0 => Err("no scenario ran, which shows nothing"),
        Some(counts) if counts.before + counts.calls + counts.after == 0 => {
            Err("no scenario makes a call, which shows nothing: give one of its threads a call")
        }
        _ => Ok(search),
    }
}

/// A sentence for each thing that a complete search without a failure did not cover. It is a proof
/// if there is none.
pub(crate) fn missing(engine: RecordedEngine, search: &Search) -> Vec<String> {
    let mut missing = Vec::new();
    missing.extend(search.scenarios.iter().flat_map(|counts| {
        let (run, complete, left_out) = (counts.run, counts.complete, counts.left_out);
        let each = if run == complete { ", each explored completely" } else { "" };
        let generated = counts.source == ScenarioSource::Generated;
        let others = generated.then(|| format!("scenarios other than these {run}{each}"));
        let waiting = format!("{left_out} scenarios that may end with calls that wait");
        [others, (left_out > 0).then_some(waiting)].into_iter().flatten()
    }));
    missing.extend(
        match search.strategy {
            _ if engine == RecordedEngine::Std => Some("real threads show a defect by luck only"),
            RecordedStrategy::Exhaustive => None,
            RecordedStrategy::Replay => Some("executions other than the one of the witness"),
            _ => Some("schedules that were not sampled"),
        }
        .map(str::to_owned),
    );
    let bound = search.preemptions;
    missing.extend(bound.map(|bound| format!("executions with more than {bound} preemptions")));
    missing.extend(search.blind_spots.iter().cloned());
    missing.extend(
        search.kept_data.iter().map(|kept| {
            format!("executions that start alike: {kept}, keeps what earlier ones left")
        }),
    );
    if let Some(counts) = &search.scenarios {
        if counts.source == ScenarioSource::Witness {
            missing.push("scenarios other than this one".to_owned());
        }
        // Facts that contradict each other must not make a proof.
        if missing.is_empty() && counts.complete < counts.run {
            let open = counts.run - counts.complete;
            missing.push(format!("{open} scenarios that were not explored completely"));
        }
    }
    missing
}

#[cfg(test)]
mod tests;
