//! What picks the next step.

use crate::event::{Alternative, VisibleEvent};
use crate::failure::Mismatch;
use crate::identity::ThreadId;
use crate::operation::VisibleOperation;
use crate::runtime::Runtime;

/// Picks schedules: which execution comes next, and in it, which thread.
///
/// A strategy sees the threads, whether each can go on, and the operation each is about to
/// perform. It never sees a thread that would block: such a thread is not enabled.
///
/// It is asked where a thread has come to its next operation, on that thread's stack, which has
/// 256 KiB beyond what the model may use; inside a strategy [`is_running`](crate::is_running) is
/// false all the same. A panic ends the exploration, and [`explore`](crate::explore()) passes it on
/// once the model's threads have been unwound.
pub trait SearchStrategy {
    /// Called before each execution; false ends the exploration.
    fn begin(&mut self) -> bool;

    /// Picks the next step. [`Pick::Nothing`] says that no thread is enabled.
    fn pick(&mut self, view: &View<'_>) -> Pick;

    /// Called when the step that was picked has taken effect, with its event, and when the engine
    /// itself has let a thread go on because nothing else could.
    fn executed(&mut self, event: &VisibleEvent, view: &View<'_>) {
        let _ = (event, view);
    }

    /// Called after each execution, with the threads that can go no further.
    fn end(&mut self, view: &View<'_>) {
        let _ = view;
    }

    /// Whether, once [`SearchStrategy::begin`] has returned false, every execution was covered up to
    /// equivalence.
    fn is_exhaustive(&self) -> bool {
        false
    }

    /// Whether some schedule was left out because it needs too many preemptions.
    fn has_met_preemption_bound(&self) -> bool {
        false
    }

    /// The estimated number of executions in all.
    fn estimate(&self) -> Option<f64> {
        None
    }
}

/// Knuth's estimator ("Estimating the Efficiency of Backtrack Programs", 1975) turned round: the
/// share of a tree that is done, if each branch of a step leads to equally much. The steps of the
/// path at hand come with the number of branches that are done, and of those to come after this one.
pub(crate) fn estimate(executions: f64, steps: impl Iterator<Item = (u32, u32)>) -> Option<f64> {
    let (mut done, mut share) = (0.0, 1.0);
    for (explored, left) in steps {
        let explored = f64::from(explored);
        let all = explored + 1.0 + f64::from(left);
        done += share * explored / all;
        share /= all;
    }
    (done > 0.0).then(|| executions / done)
}

/// What a strategy picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// This thread, and this outcome of its operation.
    Run(ThreadId, Alternative),
    /// No thread is enabled.
    Nothing,
    /// Nothing new can come of this execution.
    Abandon,
    /// The execution does not follow the schedule.
    Diverged(Box<Mismatch>),
}

/// The state of an execution, as strategies see it.
pub struct View<'a>(pub(crate) &'a Runtime);

impl View<'_> {
    /// The threads of this execution that have not ended, in the order of their creation.
    pub fn unfinished(&self) -> impl Iterator<Item = ThreadId> + '_ {
        self.0.alive.iter().copied().filter(|thread| self.0.thread(*thread).is_unfinished())
    }

    /// The threads that can go on, in the order of their creation.
    pub fn enabled(&self) -> impl Iterator<Item = ThreadId> + '_ {
        self.0.alive.iter().copied().filter(|thread| self.0.is_enabled(*thread))
    }

    /// Whether `thread` can go on.
    #[inline]
    pub fn is_enabled(&self, thread: ThreadId) -> bool {
        self.0.is_enabled(thread)
    }

    /// The operation that `thread` is about to perform.
    #[inline]
    pub fn pending(&self, thread: ThreadId) -> Option<&VisibleOperation> {
        self.0.pending(thread)
    }

    /// The thread that took the last step.
    #[inline]
    pub fn current(&self) -> ThreadId {
        self.0.current
    }

    /// The ways in which the operation of `thread`, which is enabled, can turn out; at least one.
    pub fn alternatives(&self, thread: ThreadId, into: &mut Vec<Alternative>) {
        self.0.alternatives(thread, into);
    }

    /// The events so far.
    pub fn events(&self) -> &[VisibleEvent] {
        &self.0.trace
    }

    /// More than the index of any thread of this exploration.
    pub fn thread_count(&self) -> usize {
        self.0.thread_count()
    }

    /// The unfinished thread with this path.
    pub fn thread(&self, path: &str) -> Option<ThreadId> {
        self.unfinished().find(|thread| self.path(*thread) == path)
    }

    /// The name of a thread that does not depend on what was explored before.
    pub fn path(&self, thread: ThreadId) -> String {
        self.0.path(thread)
    }
}

/// What a strategy says when a thread does not offer what the schedule asks for.
pub(crate) fn divergence(step: usize, expected: String, view: &View<'_>, thread: ThreadId) -> Pick {
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
