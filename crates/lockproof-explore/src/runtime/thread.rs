//! The state of one model thread, except its coroutine.

use std::any::Any;
use std::mem;
use std::rc::Rc;

use lockproof_clock::VectorClock;

use super::spin::Spinning;
use crate::event::EventKey;
use crate::identity::ThreadId;
use crate::operation::VisibleOperation;

/// The stages of a thread's life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Life {
    /// Not in this execution, or not yet.
    #[default]
    NotStarted,
    /// On its way to its next operation.
    Running,
    /// Waiting to perform its pending operation.
    Pending,
    /// Past its exit.
    Finished,
}

/// A model thread.
#[derive(Debug, Default)]
pub(crate) struct ThreadState {
    pub(crate) life: Life,
    /// Meaningful in [`Life::Pending`] only.
    pub(crate) pending: VisibleOperation,
    /// The number of its events so far.
    pub(crate) sequence: u32,
    /// Counts the points at which others can synchronize with it: events and release fences.
    pub(crate) epoch: u32,
    /// The numbers of threads spawned and objects created so far.
    pub(crate) spawned: u32,
    pub(crate) created: u32,
    /// The notification that ended the current wait.
    pub(crate) notified: Option<EventKey>,
    /// How often the environment has intervened in this thread.
    pub(crate) time_outs: u32,
    pub(crate) spurious_wake_ups: u32,
    pub(crate) weak_failures: u32,
    pub(crate) spinning: Spinning,
    /// Releases of locks while the thread unwound: they take effect once the panic is caught.
    pub(crate) deferred: Vec<VisibleOperation>,
    /// Whether it was suspended in the middle of an unwind.
    pub(crate) unwinding: bool,
    /// Operations performed since the tear-down began.
    pub(crate) inert_operations: u32,
    /// The payload of the panic that ended it, until a join takes it.
    pub(crate) panic: Option<Box<dyn Any + Send>>,
    /// The epochs that happen before its next event, by the orderings that the program wrote.
    pub(crate) clock: VectorClock,
    /// The clocks read by relaxed loads, which the next acquire fence joins.
    pub(crate) unfenced: VectorClock,
    /// Its clock at the last release fence, which relaxed stores release.
    pub(crate) released: VectorClock,
}

impl ThreadState {
    /// Makes it a new thread, and keeps the memory.
    pub(crate) fn renew(&mut self) {
        let mut deferred = mem::take(&mut self.deferred);
        deferred.clear();
        let clocks = [&mut self.clock, &mut self.unfenced, &mut self.released].map(mem::take);
        let [clock, unfenced, released] = clocks.map(|mut clock| {
            clock.clear();
            clock
        });
        let life = Life::Running;
        *self = Self { life, deferred, clock, unfenced, released, ..Self::default() };
    }

    pub(crate) fn is_unfinished(&self) -> bool {
        matches!(self.life, Life::Running | Life::Pending)
    }
}

/// The code of a thread.
pub(crate) enum ThreadBody {
    /// The main thread: the model, which every execution runs again.
    Main(Rc<dyn Fn()>),
    Child(Box<dyn FnOnce()>),
}

impl ThreadBody {
    pub(crate) fn run(self) {
        match self {
            Self::Main(model) => model(),
            Self::Child(body) => body(),
        }
    }
}

/// A spawned thread that does not run yet.
pub(crate) struct StartingThread {
    pub(crate) thread: ThreadId,
    pub(crate) body: ThreadBody,
}
