//! Where calls stand in an execution, and in which order its steps happened.

use crate::engine::Moment;
use crate::engine::{Happened, StepOrder};
use crate::execution::Execution;

/// A call is about to begin: lets an engine that needs it try other threads first.
pub(crate) fn call_begins() {
    if let Some(execution) = Execution::current() {
        execution.engine(|| execution.body.call_begins());
    }
}

/// Where the calling thread stands, as far as the engine knows. Not a scheduling point.
pub(crate) fn moment() -> Option<Moment> {
    Execution::current()?.body.moment()
}

impl Execution {
    /// In which order the steps so far happened, or could have happened.
    pub(crate) fn happened(&self) -> Happened {
        match self.body.steps() {
            Some(steps) => Happened::Partially(StepOrder::new(steps)),
            None if self.has_stale_value.get() => Happened::Unclear,
            None => Happened::InOrder,
        }
    }

    /// Notes what an atomic was found to hold: the value stored last, or an older one.
    pub(crate) fn note_found(&self, found: u64, latest: u64) {
        if found != latest {
            self.has_stale_value.set(true);
        }
    }
}
