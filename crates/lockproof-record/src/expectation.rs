//! Expectations of tests, and the objections of runs to them.
//!
//! Judging needs the runs alone, so a record that was read back is judged as the test itself was.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::RecordedEngine;
use crate::failure::{RecordedCondition, RecordedDefect, RecordedDefectKind};
use crate::run::EngineRun;
use crate::verdict::Verdict;

/// Expectation of a test. `Display` gives it in a few words.
///
/// ```
/// use lockproof_record::{Expectation, Expected};
///
/// let expectation = Expectation::Refuted { by: Expected::deadlock() };
/// assert_eq!(expectation.to_string(), "refuted by a deadlock");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "expectation", rename_all = "snake_case")]
pub enum Expectation {
    /// `is_proved`: no engine refutes it, and an exhaustive one proves it.
    Proved,
    /// `is_proved_by`: no engine refutes it, and this one proves it.
    ProvedBy {
        /// The engine.
        engine: RecordedEngine,
    },
    /// `passes`: no engine refutes it and none gives up.
    Passes,
    /// `is_refuted_by`: every engine that controls the schedule finds this defect.
    Refuted {
        /// The defect that must be found.
        by: Expected,
    },
}

impl Expectation {
    /// Whether the model is of a twin, broken on purpose.
    pub fn is_refutation(&self) -> bool {
        matches!(self, Self::Refuted { .. })
    }

    /// The objections to the expectation, a sentence each; empty when it is met.
    pub(crate) fn objections(&self, runs: &[EngineRun]) -> Vec<String> {
        runs.iter().filter_map(|run| self.objection_to(run, runs)).collect()
    }

    /// The objection of `run`, which is one of `runs`, to the expectation.
    pub(crate) fn objection_to(&self, run: &EngineRun, runs: &[EngineRun]) -> Option<String> {
        match self {
            Self::Proved => unproved(run, runs, EngineRun::is_exhaustive),
            Self::ProvedBy { engine } => unproved(run, runs, |run| run.engine() == *engine),
            Self::Passes => refutation(run).or_else(|| surrender(run)),
            Self::Refuted { by } => {
                run.engine().is_controlled().then(|| missing_refutation(run, by)).flatten()
            }
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Proved => f.write_str("proved"),
            Self::ProvedBy { engine } => write!(f, "proved by {engine}"),
            Self::Passes => f.write_str("passed"),
            Self::Refuted { by } => write!(f, "refuted by {by}"),
        }
    }
}

fn refutation(run: &EngineRun) -> Option<String> {
    let failure = run.verdict().failure()?;
    Some(format!("{} refutes it: {}", run.engine(), failure.defect.summary()))
}

fn surrender(run: &EngineRun) -> Option<String> {
    match run.verdict() {
        Verdict::Inconclusive { reason } => Some(format!("{} gave up: {reason}", run.engine())),
        _ => None,
    }
}

/// The refutation by this run; or, if no run refutes the model and none proves it, the reason that
/// this prover does not.
fn unproved(
    run: &EngineRun,
    runs: &[EngineRun],
    is_prover: impl Fn(&EngineRun) -> bool,
) -> Option<String> {
    if runs.iter().any(|run| run.verdict().failure().is_some()) {
        return refutation(run);
    }
    let has_proof = runs.iter().any(|run| is_prover(run) && run.verdict().is_proved());
    if has_proof || !is_prover(run) {
        return None;
    }
    Some(match run.verdict() {
        Verdict::Passed { missing } => {
            format!("{} does not prove it; not covered: {}", run.engine(), missing.join("; "))
        }
        verdict => format!("{} does not prove it: {verdict}", run.engine()),
    })
}

fn missing_refutation(run: &EngineRun, expected: &Expected) -> Option<String> {
    let engine = run.engine();
    match run.verdict() {
        Verdict::Refuted { failure } if expected.matches(&failure.defect) => None,
        Verdict::Refuted { failure } => {
            let found = failure.defect.summary();
            Some(format!("{engine} finds another defect than {expected}: {found}"))
        }
        Verdict::Proved(_) => Some(format!("{engine} proves that there is no defect")),
        Verdict::Passed { missing } => {
            let executions = run.search().map_or(0, |search| search.executions);
            let missing = missing.join("; ");
            Some(format!(
                "{engine} finds no defect in {executions} executions; not covered: {missing}"
            ))
        }
        Verdict::Inconclusive { .. } => surrender(run),
        Verdict::Skipped { .. } => None,
    }
}

/// The defect that must refute a twin. `Display` gives it in words.
///
/// ```
/// use lockproof_record::Expected;
///
/// assert_eq!(Expected::deadlock().to_string(), "a deadlock");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "defect", rename_all = "snake_case")]
pub enum Expected {
    /// A panic whose message contains a text.
    Panic {
        /// The text.
        text: String,
    },
    /// Threads that wait for each other in a cycle.
    Deadlock,
    /// A thread that waits for a notification that cannot come any more.
    LostWakeUp,
    /// A thread that is parked for ever.
    Parked,
    /// Two threads at one `UnsafeCell` at once.
    DataRace,
    /// An execution without an end.
    Livelock,
    /// A lock that is taken against the order that the model states.
    LockOrderInversion,
    /// Calls whose results no order of them explains.
    Violation {
        /// The condition that is not met, such as `linearizable`.
        condition: RecordedCondition,
    },
}

impl Expected {
    /// A panic whose message contains `text`.
    pub fn panic(text: impl Into<String>) -> Self {
        Self::Panic { text: text.into() }
    }

    /// Threads that wait for each other in a cycle.
    pub fn deadlock() -> Self {
        Self::Deadlock
    }

    /// A thread that waits for a notification that cannot come any more.
    pub fn lost_wake_up() -> Self {
        Self::LostWakeUp
    }

    /// A thread that is parked and that no thread unparks.
    pub fn parked() -> Self {
        Self::Parked
    }

    /// Two threads at one `UnsafeCell` at once, one of them to write.
    pub fn data_race() -> Self {
        Self::DataRace
    }

    /// An execution that passes the limit of scheduling points.
    pub fn livelock() -> Self {
        Self::Livelock
    }

    /// A lock that is taken against the order that the model states.
    pub fn lock_order_inversion() -> Self {
        Self::LockOrderInversion
    }

    /// Calls whose results no order of them explains, under this condition.
    ///
    /// ```
    /// use lockproof_record::{Expected, RecordedCondition};
    ///
    /// let expected = Expected::violation(RecordedCondition::Linearizability);
    /// assert_eq!(expected.to_string(), "calls that are not linearizable");
    /// ```
    pub fn violation(condition: RecordedCondition) -> Self {
        Self::Violation { condition }
    }

    /// Whether this is the defect that was found.
    ///
    /// Real threads cannot tell why an execution hangs, so a hang matches every defect that makes
    /// one.
    pub fn matches(&self, found: &RecordedDefect) -> bool {
        if found.kind == RecordedDefectKind::Hang {
            let hangs = [Self::Deadlock, Self::LostWakeUp, Self::Parked, Self::Livelock];
            return hangs.contains(self);
        }
        let text_fits = match self {
            Self::Panic { text } => found.message.contains(text.as_str()),
            _ => true,
        };
        found.kind == self.kind() && text_fits
    }

    fn kind(&self) -> RecordedDefectKind {
        match self {
            Self::Panic { .. } => RecordedDefectKind::Panic,
            Self::Deadlock => RecordedDefectKind::Deadlock,
            Self::LostWakeUp => RecordedDefectKind::LostWakeUp,
            Self::Parked => RecordedDefectKind::Parked,
            Self::DataRace => RecordedDefectKind::DataRace,
            Self::Livelock => RecordedDefectKind::Livelock,
            Self::LockOrderInversion => RecordedDefectKind::LockOrderInversion,
            Self::Violation { condition } => condition.violation(),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic { text } => write!(f, "a panic that says \"{text}\""),
            Self::Parked => f.write_str("a thread that is parked for ever"),
            Self::Violation { condition } => write!(f, "calls that are not {condition}"),
            _ => write!(f, "a {}", self.kind()),
        }
    }
}

#[cfg(test)]
mod tests;
