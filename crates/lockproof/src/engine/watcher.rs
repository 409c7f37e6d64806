//! What watches the executions of an exploration from outside the model.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Defect, Happened};
use crate::trace::Trace;

/// Looks at every execution of an exploration when it is over, and may find fault with it.
///
/// For properties that no assertion inside the model can state, because they concern the trace, or
/// because they concern executions that come to a standstill. Given to
/// [`Task::watched_by`](crate::engine::Task::watched_by).
pub trait Watcher: Send {
    /// A search begins. loom's may begin again when it turns out to need more than it prepared for:
    /// what was seen before then does not count.
    fn search_begins(&mut self) {}

    /// An execution has come to its end. A defect that is returned fails it.
    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect>;

    /// Whether a standstill is shown to the watcher, which then decides whether it is a defect.
    /// Otherwise it always is.
    ///
    /// Only the exploring engine can go on after a standstill; on the others it fails the
    /// execution whatever the watcher says.
    fn judges_standstills(&self) -> bool {
        false
    }
}

/// An execution that has ended and has not failed so far.
#[non_exhaustive]
pub struct EndedExecution<'a> {
    /// What happened; empty on real threads.
    pub trace: &'a Trace,
    /// The standstill it came to, if it did: a deadlock, a lost wake-up, or a thread left parked.
    pub standstill: Option<&'a Defect>,
    pub(crate) happened: &'a dyn Fn() -> Happened,
}

impl EndedExecution<'_> {
    /// In which order its steps happened, or could have happened: worked out when asked for.
    pub fn happened(&self) -> Happened {
        (self.happened)()
    }
}

impl fmt::Debug for EndedExecution<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("EndedExecution");
        debug.field("trace", &self.trace).field("standstill", &self.standstill);
        debug.finish_non_exhaustive()
    }
}

/// A watcher that is shared with the thread on which the engine runs: see
/// [`Untracked::as_watcher`](crate::engine::Untracked::as_watcher).
pub type SharedWatcher = Arc<Mutex<dyn Watcher>>;

/// Tells the watcher that a search begins, if there is one.
pub(crate) fn announce(watcher: Option<&SharedWatcher>) {
    if let Some(watcher) = watcher {
        watcher.lock().unwrap_or_else(PoisonError::into_inner).search_begins();
    }
}

/// Shows `execution` to the watcher, if there is one.
pub(crate) fn show(
    watcher: Option<&SharedWatcher>,
    execution: &EndedExecution<'_>,
) -> Option<Defect> {
    let mut watcher = watcher?.lock().unwrap_or_else(PoisonError::into_inner);
    watcher.execution_ended(execution)
}
