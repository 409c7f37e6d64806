//! Strategies: what picks the schedules of an exploration.
//!
//! | file | picks |
//! |---|---|
//! | `exhaustive` | one execution of each equivalence class |
//! | `bounded` | every class that a bounded number of preemptions reaches |
//! | `sampling` | random executions |
//! | `replay`, `guided` | one execution, by recorded turns or by wishes |
//! | `measured` | what another strategy picks, and counts its cost |
//! | `estimate` | nothing: it estimates the size of a search |

mod bounded;
mod estimate;
mod exhaustive;
mod guided;
mod measured;
mod replay;
mod sampling;

use crate::event::{Alternative, VisibleEvent};
use crate::failure::Mismatch;
use crate::identity::ThreadId;
use crate::operation::{OperationKind, VisibleOperation};
use crate::runtime::Runtime;

pub use bounded::Bounded;
pub use exhaustive::Exhaustive;
pub use guided::Guided;
pub use measured::{Cost, Measured};
pub use replay::Replay;
pub use sampling::{CycleEdge, Directed, NamedPlace, Pct, Pos, Random, Surw};

/// Picks the schedules of an exploration, step by step.
///
/// A strategy sees the threads, whether each is enabled, and the operation that each is about to
/// perform. A thread that would block is not enabled.
///
/// A strategy is called when a thread has reached its next operation, on that thread's stack, which
/// has 256 KiB beyond what the model may use. Inside a strategy [`is_running`](crate::is_running) is
/// false nevertheless. A panic ends the exploration, and [`explore`](crate::explore()) passes it on
/// once the model's threads have been unwound.
pub trait SearchStrategy {
    /// Called before each execution. False ends the exploration.
    fn begin(&mut self) -> bool;

    /// Picks the next step, or [`Pick::Nothing`] if no thread is enabled.
    fn pick(&mut self, view: &View<'_>) -> Pick;

    /// Called with the event of each step that has taken effect: a picked one, or one that the engine
    /// itself let happen because no thread was enabled.
    fn executed(&mut self, event: &VisibleEvent, view: &View<'_>) {
        let _ = (event, view);
    }

    /// Called after each execution, while blocked threads are still pending.
    fn end(&mut self, view: &View<'_>) {
        let _ = view;
    }

    /// Whether, once [`SearchStrategy::begin`] has returned false, every execution was covered up to
    /// equivalence.
    fn is_exhaustive(&self) -> bool {
        false
    }

    /// The estimated number of executions in all, if the strategy can tell.
    fn estimate(&self) -> Option<f64> {
        None
    }
}

/// The pick of a strategy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// This thread, and this outcome of its operation.
    Run(ThreadId, Alternative),
    /// No thread is enabled.
    Nothing,
    /// The execution can show nothing new: abandon it.
    Abandon,
    /// The execution does not follow its schedule.
    Diverged(Box<Mismatch>),
}

/// The state of an execution, as strategies see it.
pub struct View<'a>(pub(crate) &'a Runtime);

impl View<'_> {
    /// The threads of this execution that have not ended, in the order of their creation.
    pub fn unfinished(&self) -> impl Iterator<Item = ThreadId> + '_ {
        self.0.thread_order.iter().copied().filter(|thread| self.0.thread(*thread).is_unfinished())
    }

    /// The enabled threads, in the order of their creation.
    pub fn enabled(&self) -> impl Iterator<Item = ThreadId> + '_ {
        self.0.thread_order.iter().copied().filter(|thread| self.0.is_enabled(*thread))
    }

    /// Whether `thread` has a pending operation that can take effect now.
    #[inline]
    pub fn is_enabled(&self, thread: ThreadId) -> bool {
        self.0.is_enabled(thread)
    }

    /// The pending operation of `thread`.
    #[inline]
    pub fn pending(&self, thread: ThreadId) -> Option<&VisibleOperation> {
        self.0.pending(thread)
    }

    /// The thread that took the last step.
    #[inline]
    pub fn current(&self) -> ThreadId {
        self.0.current
    }

    /// The possible outcomes of the pending operation of an enabled `thread`: at least one.
    pub fn alternatives(&self, thread: ThreadId, into: &mut Vec<Alternative>) {
        self.0.alternatives(thread, into);
    }

    /// The events so far.
    pub fn events(&self) -> &[VisibleEvent] {
        &self.0.trace
    }

    /// The number of threads of this exploration: more than the index of any.
    pub fn thread_count(&self) -> usize {
        self.0.thread_count()
    }

    /// The unfinished thread with this path.
    pub fn thread(&self, path: &str) -> Option<ThreadId> {
        self.unfinished().find(|thread| self.path(*thread) == path)
    }

    /// The path of a thread, which does not depend on what was explored before.
    pub fn path(&self, thread: ThreadId) -> String {
        self.0.path(thread)
    }
}

/// The pick of a strategy whose schedule asks `thread` for something that it does not offer.
fn mismatch(step: usize, expected: String, view: &View<'_>, thread: ThreadId) -> Pick {
    let found = match view.pending(thread) {
        None => format!("no operation of thread {}", thread.index()),
        Some(operation) => format!(
            "thread {}: {}{} at {}",
            thread.index(),
            if view.is_enabled(thread) { "" } else { "blocked " },
            operation.kind,
            operation.location
        ),
    };
    Pick::Diverged(Box::new(Mismatch { step, expected, found }))
}

/// Whether a step of another thread than `thread` is a preemption.
fn could_continue(view: &View<'_>, thread: ThreadId, alternatives: &mut Vec<Alternative>) -> bool {
    let Some(operation) = view.pending(thread).filter(|_| view.is_enabled(thread)) else {
        return false;
    };
    match operation.kind {
        OperationKind::Yield => false,
        OperationKind::WakeUp | OperationKind::Park => {
            view.alternatives(thread, alternatives);
            alternatives[0] == Alternative::ORDINARY
        }
        _ => true,
    }
}
