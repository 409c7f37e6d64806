//! Events: operations that took effect.
//!
//! How an operation turned out decides what it depends on: a refused `try_lock` only looked at the
//! lock, a notification without a waiter only looked at the queue. [`Access`] says so.

use std::fmt;

use crate::identity::{ObjectId, ThreadId};
use crate::operation::{OperationKind, VisibleOperation};

/// Which of several outcomes an operation took, where the environment may choose.
///
/// For a choice it is the number chosen, for `notify_one` the index of the woken thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alternative(pub(crate) u16);

impl Alternative {
    /// The only outcome, or the ordinary one: notified, given the token, compared.
    pub(crate) const ORDINARY: Self = Self(0);
    /// A wait ended by its time-out.
    pub(crate) const TIMED_OUT: Self = Self(1);
    /// A wait ended, or a weak compare-exchange failed, for no reason.
    pub(crate) const SPURIOUS: Self = Self(2);
    /// A notification found nobody waiting.
    pub(crate) const NOBODY: Self = Self(u16::MAX);

    pub(crate) fn waking(thread: ThreadId) -> Self {
        Self(thread.0)
    }
}

/// How an event touched an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Access {
    /// Not at all.
    None,
    /// Looked at an atomic's value.
    Read,
    /// Wrote an atomic.
    Write,
    /// Wrote the value that was there already.
    Rewrite,
    /// Took a lock for itself.
    Acquire,
    /// Gave up a lock that it held for itself.
    Release,
    /// Took a lock along with others.
    AcquireShared,
    /// Gave up a lock that it held along with others.
    ReleaseShared,
    /// Let others in.
    Downgrade,
    /// Wanted a lock for itself and found it held.
    Refused,
    /// Wanted a lock along with others and found a writer.
    RefusedShared,
    /// Began to wait.
    Wait,
    /// Stopped waiting, unnotified.
    Leave,
    /// Notified nobody.
    NotifyNobody,
    /// Notified a waiter.
    NotifyWaiter,
    /// Took a token, or gave up waiting for it.
    TakeToken,
    /// Gave a token.
    GiveToken,
    /// Waited for an atomic to change, or a lock to be used.
    Watch,
}

/// Names one event of an execution: the thread and its count of events, from 1.
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
    /// Who did it.
    pub thread: ThreadId,
    /// The outcome, where the environment had a choice.
    pub alternative: Alternative,
    /// How it touched its object.
    pub access: Access,
    /// How it touched its second object: the mutex of a wait.
    pub(crate) second_access: Access,
    /// The thread's count of events, this one included.
    pub(crate) sequence: u32,
    /// The event of another thread without which it could not have happened, if that is one.
    pub(crate) cause: EventKey,
    /// Whether it was let happen only because nothing else could: it comes after everything.
    pub(crate) late: bool,
    /// What it did.
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

    /// Stands for an event that is not known yet.
    pub(crate) const PLACEHOLDER: Self =
        Self::new(ThreadId::MAIN, 0, VisibleOperation::PLACEHOLDER);

    pub(crate) fn key(&self) -> EventKey {
        EventKey { thread: self.thread, sequence: self.sequence }
    }

    /// How the event touched `object`.
    pub(crate) fn access_to(&self, object: ObjectId) -> Access {
        if object == self.operation.object { self.access } else { self.second_access }
    }

    /// The thread that a `notify_one` woke, if it woke one.
    pub fn woken(&self) -> Option<ThreadId> {
        let woke = self.operation.kind == OperationKind::NotifyOne
            && self.alternative != Alternative::NOBODY;
        woke.then_some(ThreadId(self.alternative.0))
    }

    /// Whether a wait ended by its time-out.
    pub fn timed_out(&self) -> bool {
        self.may_end_by_itself() && self.alternative == Alternative::TIMED_OUT
    }

    /// Whether a wait ended, or a compare-exchange failed, for no reason.
    pub fn was_spurious(&self) -> bool {
        self.may_end_by_itself() && self.alternative == Alternative::SPURIOUS
    }

    fn may_end_by_itself(&self) -> bool {
        use OperationKind::{CompareExchangeWeak, Park, WakeUp};
        matches!(self.operation.kind, WakeUp | Park | CompareExchangeWeak)
    }

    /// Whether a try succeeded, a compare-exchange exchanged, a notification woke somebody.
    pub fn succeeded(&self) -> bool {
        !matches!(
            self.access,
            Access::Refused | Access::RefusedShared | Access::NotifyNobody | Access::Read
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
