//! The state of one model thread, its coroutine aside.

use std::any::Any;
use std::borrow::Cow;

use lockproof_clock::VectorClock;

use super::spin::Spinning;
use crate::event::EventKey;
use crate::operation::VisibleOperation;

/// How far a thread has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// Not in this execution, or not yet.
    Unborn,
    /// On its way to its next operation.
    Running,
    /// Waits to perform its pending operation.
    Pending,
    /// Past its exit.
    Finished,
}

/// A model thread.
#[derive(Debug)]
pub(crate) struct ThreadState {
    pub(crate) life: Life,
    pub(crate) name: Option<Cow<'static, str>>,
    /// The name that the thread it is about to spawn was given.
    pub(crate) name_for_child: Option<Cow<'static, str>>,
    /// Meaningful while [`Life::Pending`].
    pub(crate) pending: VisibleOperation,
    /// Events so far.
    pub(crate) sequence: u32,
    /// Counts the points up to which others can know what the thread did: events, release fences.
    pub(crate) epoch: u32,
    /// Threads spawned and objects created so far.
    pub(crate) spawned: u32,
    pub(crate) created: u32,
    /// The notification that ended the current wait.
    pub(crate) notified: Option<EventKey>,
    /// What the environment has done to this thread of its own accord.
    pub(crate) time_outs: u32,
    pub(crate) spurious_wake_ups: u32,
    pub(crate) weak_failures: u32,
    pub(crate) spinning: Spinning,
    /// Locks given up while the thread unwound: they are released once it has been caught.
    pub(crate) deferred: Vec<VisibleOperation>,
    /// Whether it was suspended in the middle of an unwind.
    pub(crate) unwinding: bool,
    /// Operations performed since the tear-down began.
    pub(crate) inert_operations: u32,
    /// The payload of the panic that ended it, until a join takes it.
    pub(crate) panic: Option<Box<dyn Any + Send>>,
    pub(crate) panicked: bool,
    /// What happened before its next event, by the orderings that the program wrote.
    pub(crate) clock: VectorClock,
    /// What relaxed loads have seen and an acquire fence would make known.
    pub(crate) seen: VectorClock,
    /// What was known at the last release fence.
    pub(crate) fenced: VectorClock,
}

impl ThreadState {
    pub(crate) fn unborn() -> Self {
        Self {
            life: Life::Unborn,
            name: None,
            name_for_child: None,
            pending: VisibleOperation::PLACEHOLDER,
            sequence: 0,
            epoch: 0,
            spawned: 0,
            created: 0,
            notified: None,
            time_outs: 0,
            spurious_wake_ups: 0,
            weak_failures: 0,
            spinning: Spinning::default(),
            deferred: Vec::new(),
            unwinding: false,
            inert_operations: 0,
            panic: None,
            panicked: false,
            clock: VectorClock::default(),
            seen: VectorClock::default(),
            fenced: VectorClock::default(),
        }
    }

    /// Makes it a new thread, with the memory of the old.
    pub(crate) fn renew(&mut self, name: Option<Cow<'static, str>>) {
        // All fields by name, so that none is forgotten.
        let Self {
            life,
            name: own_name,
            name_for_child,
            // Means nothing until the thread has come to an operation.
            pending: _,
            sequence,
            epoch,
            spawned,
            created,
            notified,
            time_outs,
            spurious_wake_ups,
            weak_failures,
            spinning,
            deferred,
            unwinding,
            inert_operations,
            panic,
            panicked,
            clock,
            seen,
            fenced,
        } = self;
        (*life, *own_name, *name_for_child) = (Life::Running, name, None);
        (*sequence, *epoch, *spawned, *created) = (0, 0, 0, 0);
        (*time_outs, *spurious_wake_ups, *weak_failures) = (0, 0, 0);
        (*notified, *unwinding, *inert_operations) = (None, false, 0);
        (*panic, *panicked) = (None, false);
        spinning.renew();
        deferred.clear();
        [clock, seen, fenced].into_iter().for_each(VectorClock::clear);
    }

    pub(crate) fn is_unfinished(&self) -> bool {
        matches!(self.life, Life::Running | Life::Pending)
    }
}
