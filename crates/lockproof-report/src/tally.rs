//! How many models came to which end.

use std::fmt;

use lockproof_check::{Report, Verdict};
use serde::Serialize;

/// How many models came to which end; each is counted once. `Display` gives one line.
///
/// ```
/// let tally = lockproof_report::Results::default().tally();
/// assert_eq!(tally.to_string(), "0 proved, 0 held, 0 refuted as expected, 0 unexpected");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tally {
    /// Models that at least one engine proves and none refutes.
    pub proved: usize,
    /// Models that no engine refutes and none proves.
    pub held: usize,
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
            *tally.slot(model) += 1;
        }
        tally
    }

    fn slot(&mut self, model: &Report) -> &mut usize {
        let refuted = model.runs.iter().any(|run| run.verdict.failure().is_some());
        if !model.is_as_expected() {
            &mut self.unexpected
        } else if model.is_of_a_twin() && !is_judged(model) {
            &mut self.left_to_luck
        } else if refuted {
            &mut self.refuted
        } else if model.runs.iter().any(|run| run.verdict == Verdict::Proved) {
            &mut self.proved
        } else {
            &mut self.held
        }
    }
}

/// Whether an engine that controls the schedule ran the model.
fn is_judged(model: &Report) -> bool {
    model.runs.iter().any(|run| run.controlled && run.search.is_some())
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { proved, held, refuted, left_to_luck, unexpected } = self;
        write!(f, "{proved} proved, {held} held, {refuted} refuted as expected, ")?;
        if *left_to_luck > 0 {
            write!(f, "{left_to_luck} left to luck, ")?;
        }
        write!(f, "{unexpected} unexpected")
    }
}
