//! Observers: callers that follow an exploration.

use std::ops::ControlFlow;

use crate::event::VisibleEvent;
use crate::failure::Bug;

/// Watches an exploration from outside the model. Every method has an empty default.
pub trait Observer {
    /// An execution is about to begin.
    fn execution_begins(&mut self) {}

    /// An execution has failed. Its threads are still suspended: they are torn down after this.
    ///
    /// [`ControlFlow::Continue`] accepts a standstill if [`Options::standstills_fail`](crate::Options::standstills_fail) is off: then
    /// the execution has not failed. In every other case the answer is ignored.
    fn execution_failed(&mut self, bug: &Bug) -> ControlFlow<()> {
        let _ = bug;
        ControlFlow::Break(())
    }

    /// An execution has ended, and its threads have been torn down. Breaking stops the
    /// explorer.
    fn execution_ended(&mut self, execution: &FinishedExecution<'_>) -> ControlFlow<()> {
        let _ = execution;
        ControlFlow::Continue(())
    }

    /// Called at intervals with the estimated number of executions in all, where the strategy can
    /// tell: see [`Options::progress_every`](crate::Options::progress_every).
    fn progress(&mut self, estimate: Option<f64>) {
        let _ = estimate;
    }
}

impl Observer for () {}

/// An execution that has ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct FinishedExecution<'a> {
    /// The events, oldest first.
    pub events: &'a [VisibleEvent],
    /// The bug, if it failed.
    pub failure: Option<&'a Bug>,
    /// Whether the strategy abandoned it.
    pub abandoned: bool,
}
