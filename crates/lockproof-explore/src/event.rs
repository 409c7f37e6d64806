//! Events: operations that took effect.
//!
//! How an operation turned out decides what it depends on: a refused `try_lock` only read the state
//! of the lock, a notification without a waiter only read the queue. [`Access`] records that.

use std::fmt;

use crate::identity::{ObjectId, ThreadId};
use crate::operation::{Allowance, OperationKind, VisibleOperation};

/// One of several outcomes of an operation, where the environment may choose.
///
/// For a choice it is the number chosen, for `notify_one` the index of the woken thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alternative(pub(crate) u16);

impl Alternative {
    /// The only outcome, or the ordinary one: notified, token taken, values compared.
    pub(crate) const ORDINARY: Self = Self(0);
    /// A wait ended by its time-out.
    pub(crate) const TIMED_OUT: Self = Self(1);
    /// A wait ended, or a weak compare-exchange failed, spuriously.
    pub(crate) const SPURIOUS: Self = Self(2);
    /// A notification found no waiter.
    pub(crate) const NO_WAITER: Self = Self(u16::MAX);

    /// The ways in which a wait can end without another thread: its time-out, a spurious wake-up.
    #[inline]
    pub(crate) fn own_endings(allowance: Allowance) -> impl Iterator<Item = Self> {
        [(Allowance::TIME_OUT, Self::TIMED_OUT), (Allowance::SPURIOUS, Self::SPURIOUS)]
            .into_iter()
            .filter(move |(flag, _)| allowance.allows(*flag))
            .map(|(_, ending)| ending)
    }
}

/// The effect of an event on an object, which decides what the event depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Access {
    /// None.
    None,
    /// Read an atomic.
    Read,
    /// Wrote an atomic.
    Write,
    /// Wrote the value that the atomic had already.
    Rewrite,
    /// Acquired a lock exclusively.
    Acquire,
    /// Released a lock that was held exclusively.
    Release,
    /// Acquired a lock for reading.
    AcquireShared,
    /// Released a lock that was held for reading.
    ReleaseShared,
    /// Turned an exclusive hold into one for reading.
    Downgrade,
    /// Tried to acquire a lock exclusively and found it held.
    Refused,
    /// Tried to acquire a lock for reading and found a writer.
    RefusedShared,
    /// Began to wait on a condition variable.
    Wait,
    /// Stopped waiting without a notification.
    Leave,
    /// Notified, and found no waiter.
    NotifyNone,
    /// Notified one or more waiters.
    NotifyWaiter,
    /// Took a park token, or stopped waiting for it.
    TakeToken,
    /// Gave a thread its park token.
    GiveToken,
    /// Waited in a spin loop for an atomic to change, or for a lock to be used.
    Watch,
}

/// The identity of an event: the thread, and the number among its events, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventKey {
    pub(crate) thread: ThreadId,
    pub(crate) sequence: u32,
}

impl EventKey {
    pub(crate) const NONE: Self = Self { thread: ThreadId::MAIN, sequence: 0 };
}

/// An operation that took effect.
#[derive(Clone, Copy, Debug)]
pub struct VisibleEvent {
    /// The thread that performed it.
    pub thread: ThreadId,
    /// The outcome, where the environment had a choice.
    pub alternative: Alternative,
    /// The effect on its object.
    pub access: Access,
    /// The effect on its second object: the mutex of a wait.
    pub(crate) second_access: Access,
    /// Its number among the events of the thread, from 1.
    pub(crate) sequence: u32,
    /// The event of another thread that enabled it, if there is one: a notification, an exit.
    pub(crate) cause: EventKey,
    /// Whether it happened only because nothing else could: it depends on every other event.
    pub(crate) late: bool,
    /// What was performed.
    pub operation: VisibleOperation,
    /// The value read or, for a write, the value before.
    pub before: u64,
    /// The value after; for a choice, the number chosen.
    pub after: u64,
}

impl VisibleEvent {
    #[inline]
    pub(crate) const fn new(thread: ThreadId, sequence: u32, operation: VisibleOperation) -> Self {
        Self {
            thread,
            alternative: Alternative::ORDINARY,
            access: Access::None,
            second_access: Access::None,
            sequence,
            cause: EventKey::NONE,
            late: false,
            operation,
            before: 0,
            after: 0,
        }
    }

    pub(crate) fn key(&self) -> EventKey {
        EventKey { thread: self.thread, sequence: self.sequence }
    }

    /// The effect of the event on `object`.
    pub(crate) fn access_to(&self, object: ObjectId) -> Access {
        if object == self.operation.object { self.access } else { self.second_access }
    }

    /// The thread that a `notify_one` woke, if it woke one.
    pub fn woken(&self) -> Option<ThreadId> {
        let woke = self.operation.kind == OperationKind::NotifyOne
            && self.alternative != Alternative::NO_WAITER;
        woke.then_some(ThreadId(self.alternative.0))
    }

    /// Whether a wait ended by its time-out.
    pub fn timed_out(&self) -> bool {
        self.may_end_by_itself() && self.alternative == Alternative::TIMED_OUT
    }

    /// Whether a wait ended, or a compare-exchange failed, spuriously.
    pub fn was_spurious(&self) -> bool {
        self.may_end_by_itself() && self.alternative == Alternative::SPURIOUS
    }

    fn may_end_by_itself(&self) -> bool {
        use OperationKind::{CompareExchangeWeak, Park, WakeUp};
        matches!(self.operation.kind, WakeUp | Park | CompareExchangeWeak)
    }

    /// Whether a try succeeded, a compare-exchange exchanged, a notification woke a thread.
    pub fn succeeded(&self) -> bool {
        !matches!(
            self.access,
            Access::Refused | Access::RefusedShared | Access::NotifyNone | Access::Read
        )
    }
}

impl fmt::Display for VisibleEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "thread {}: {}", self.thread.index(), self.operation.kind)?;
        if let Some(object) = self.operation.object() {
            write!(f, " of object {}", object.index())?;
        }
        write!(f, " at {}:{}", self.operation.location.file(), self.operation.location.line())
    }
}
