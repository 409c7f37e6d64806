//! Numbers of models by their ends.

use std::fmt;

use lockproof_record::Report;
use serde::Serialize;

/// Numbers of models by their ends; each is counted once. `Display` gives one line.
///
/// ```
/// let tally = lockproof_report::Results::default().tally();
/// assert_eq!(tally.to_string(), "0 proved, 0 passed, 0 refuted as expected, 0 unexpected");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tally {
    /// Models that at least one engine proves and none refutes.
    pub proved: usize,
    /// Models that no engine refutes and none proves.
    pub passed: usize,
    /// Twins that are refuted as their tests demand.
    pub refuted: usize,
    /// Twins that no engine in control of the schedule ran, so that nothing had to refute them.
    pub left_to_luck: usize,
    /// Models that did not do what their tests expect.
    pub unexpected: usize,
}

impl Tally {
    pub(crate) fn of(models: &[Report]) -> Self {
        let mut tally = Self::default();
        for model in models {
            *tally.slot(End::of(model)) += 1;
        }
        tally
    }

    /// The number of models that came to this end.
    pub(crate) fn count(mut self, end: End) -> usize {
        *self.slot(end)
    }

    fn slot(&mut self, end: End) -> &mut usize {
        match end {
            End::Unexpected => &mut self.unexpected,
            End::Proved => &mut self.proved,
            End::Passed => &mut self.passed,
            End::Refuted => &mut self.refuted,
            End::LeftToLuck => &mut self.left_to_luck,
        }
    }
}

/// The ends that a model can come to; those that need a look come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum End {
    Unexpected,
    Proved,
    Passed,
    Refuted,
    LeftToLuck,
}

impl End {
    pub(crate) const ALL: [Self; 5] =
        [Self::Unexpected, Self::Proved, Self::Passed, Self::Refuted, Self::LeftToLuck];

    pub(crate) fn of(model: &Report) -> Self {
        let refuted = model.runs.iter().any(|run| run.verdict().failure().is_some());
        if !model.is_as_expected() {
            Self::Unexpected
        } else if model.is_of_a_twin() && !is_judged(model) {
            Self::LeftToLuck
        } else if refuted {
            Self::Refuted
        } else if model.runs.iter().any(|run| run.verdict().is_proved()) {
            Self::Proved
        } else {
            Self::Passed
        }
    }

    /// In a few words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Unexpected => "not as expected",
            Self::Proved => "proved",
            Self::Passed => "passed",
            Self::Refuted => "refuted as expected",
            Self::LeftToLuck => "left to luck",
        }
    }
}

/// Whether an engine that controls the schedule ran the model.
fn is_judged(model: &Report) -> bool {
    model.runs.iter().any(|run| run.engine().is_controlled() && run.search().is_some())
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { proved, passed, refuted, left_to_luck, unexpected } = self;
        write!(f, "{proved} proved, {passed} passed, {refuted} refuted as expected, ")?;
        if *left_to_luck > 0 {
            write!(f, "{left_to_luck} left to luck, ")?;
        }
        write!(f, "{unexpected} unexpected")
    }
}
