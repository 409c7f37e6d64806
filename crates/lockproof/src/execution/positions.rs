//! The positions of threads in an execution, and the order in which its steps happened.

use super::Execution;
use super::intent::Intent;
use crate::engine::{Happened, Moment, StepOrder};

impl Execution {
    /// A call is about to begin: lets an engine that needs it try other threads first.
    pub(crate) fn call_begins(&self) {
        self.perform(Intent::BeginCall, None, self.place());
    }

    /// The position of the current thread, as far as the engine knows. Not a scheduling point.
    pub(crate) fn moment(&self) -> Option<Moment> {
        self.backend.moment()
    }

    /// The order in which the steps so far happened, or could have happened.
    pub(super) fn happened(&self) -> Happened {
        match self.backend.steps() {
            Some(steps) => Happened::Partially(StepOrder::new(steps)),
            None if self.weak_memory.has_stale_value.get() => Happened::Unclear,
            None => Happened::InOrder,
        }
    }
}
