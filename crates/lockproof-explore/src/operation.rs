//! The operations that a model thread can perform, before they take effect.
//!
//! An operation is *pending* while its thread waits to perform it. It is plain data: the engine
//! compares, stores and replays it.

use std::fmt;
use std::panic::Location;
use std::sync::atomic::Ordering;

use crate::identity::{ObjectId, ThreadId};

/// A place in the code under test.
pub type Place = &'static Location<'static>;

/// The kind of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OperationKind {
    /// Acquires a mutex.
    Lock,
    /// Acquires a mutex if it is free.
    TryLock,
    /// Releases a mutex.
    Unlock,
    /// Acquires a read-write lock for reading.
    ReadLock,
    /// Acquires a read-write lock for reading if no writer holds it.
    TryReadLock,
    /// Releases a read-write lock held for reading.
    ReadUnlock,
    /// Acquires a read-write lock for writing.
    WriteLock,
    /// Acquires a read-write lock for writing if no thread holds it.
    TryWriteLock,
    /// Releases a read-write lock held for writing.
    WriteUnlock,
    /// Turns a write lock into a read lock.
    Downgrade,
    /// Releases a mutex and begins to wait on a condition variable.
    Wait,
    /// Ends a wait on a condition variable; the mutex is acquired by a [`Self::Lock`] of its own.
    WakeUp,
    /// Wakes one waiter of a condition variable, any.
    NotifyOne,
    /// Wakes every waiter of a condition variable.
    NotifyAll,
    /// Reads an atomic.
    Load,
    /// Writes an atomic.
    Store,
    /// Reads and writes an atomic in one step.
    ReadModifyWrite,
    /// Writes an atomic if it has the expected value.
    CompareExchange,
    /// Like [`Self::CompareExchange`], and may fail spuriously.
    CompareExchangeWeak,
    /// Makes a thread.
    Spawn,
    /// Waits for a thread's end.
    Join,
    /// Ends the thread.
    Exit,
    /// Waits for the thread's own park token and takes it.
    Park,
    /// Gives a thread its park token.
    Unpark,
    /// Lets others run: a yield, a spin hint, or a sleep.
    Yield,
    /// Picks a number.
    Choose,
}

impl OperationKind {
    /// Whether it releases a lock, and nothing more.
    pub(crate) fn is_release(self) -> bool {
        matches!(self, Self::Unlock | Self::ReadUnlock | Self::WriteUnlock)
    }

    /// Whether it waits for another thread's notification or park token.
    pub(crate) fn is_wait(self) -> bool {
        matches!(self, Self::WakeUp | Self::Park)
    }

    /// Whether it commutes with others of its kind: it only reads, or shares a lock.
    pub(crate) fn only_reads(self) -> bool {
        matches!(
            self,
            Self::Load | Self::ReadLock | Self::TryReadLock | Self::ReadUnlock | Self::Unpark
        )
    }

    /// Whether it waits for a lock.
    pub(crate) fn is_blocking_acquire(self) -> bool {
        matches!(self, Self::Lock | Self::ReadLock | Self::WriteLock)
    }
}

impl fmt::Display for OperationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lock => "lock",
            Self::TryLock => "try_lock",
            Self::Unlock => "unlock",
            Self::ReadLock => "read",
            Self::TryReadLock => "try_read",
            Self::ReadUnlock => "unlock read",
            Self::WriteLock => "write",
            Self::TryWriteLock => "try_write",
            Self::WriteUnlock => "unlock write",
            Self::Downgrade => "downgrade",
            Self::Wait => "wait",
            Self::WakeUp => "wake up",
            Self::NotifyOne => "notify_one",
            Self::NotifyAll => "notify_all",
            Self::Load => "load",
            Self::Store => "store",
            Self::ReadModifyWrite => "read-modify-write",
            Self::CompareExchange => "compare_exchange",
            Self::CompareExchangeWeak => "compare_exchange_weak",
            Self::Spawn => "spawn",
            Self::Join => "join",
            Self::Exit => "exit",
            Self::Park => "park",
            Self::Unpark => "unpark",
            Self::Yield => "yield",
            Self::Choose => "choose",
        })
    }
}

/// An operation with its operands: on a primitive, so that other threads can see it, unlike an
/// access to a [`Cell`](crate::Cell).
#[derive(Clone, Copy, Debug)]
pub struct VisibleOperation {
    /// What it performs.
    pub kind: OperationKind,
    /// What the environment may do to it.
    pub(crate) allowance: Allowance,
    /// The ordering written in the code, and the one for a compare-exchange that fails.
    pub(crate) orderings: (Ordering, Ordering),
    /// The other thread: the child of a spawn or join, the receiver of a park token.
    pub(crate) peer: ThreadId,
    /// The object; [`ObjectId::NONE`] if there is none.
    pub(crate) object: ObjectId,
    /// The mutex of a wait, the second atomic that a spinning thread watches.
    pub(crate) second: ObjectId,
    /// The value to store, the value expected, or the number of choices.
    pub(crate) operand: u64,
    /// The value that replaces the expected one.
    pub(crate) replacement: u64,
    /// The place in the code under test.
    pub location: Place,
}

impl VisibleOperation {
    #[inline]
    pub(crate) const fn new(kind: OperationKind, object: ObjectId, location: Place) -> Self {
        Self {
            kind,
            allowance: Allowance::NONE,
            orderings: (Ordering::SeqCst, Ordering::SeqCst),
            peer: ThreadId::MAIN,
            object,
            second: ObjectId::NONE,
            operand: 0,
            replacement: 0,
            location,
        }
    }

    /// The object, if there is one.
    pub fn object(&self) -> Option<ObjectId> {
        self.object.is_some().then_some(self.object)
    }

    /// The mutex that a [`OperationKind::Wait`] releases.
    pub fn released_mutex(&self) -> Option<ObjectId> {
        (self.kind == OperationKind::Wait).then_some(self.second)
    }

    /// The thread that is spawned, joined or unparked.
    pub fn peer(&self) -> Option<ThreadId> {
        use OperationKind::{Join, Spawn, Unpark};
        matches!(self.kind, Spawn | Join | Unpark).then_some(self.peer)
    }

    /// Whether it is the same operation on the same object, as it must be when a prefix is run
    /// again. The location is not compared: it follows from the program.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.object == other.object
            && self.second == other.second
            && self.peer == other.peer
            && self.operand == other.operand
    }
}

/// A placeholder for an operation that is not known yet.
impl Default for VisibleOperation {
    fn default() -> Self {
        Self::new(OperationKind::Exit, ObjectId::NONE, Location::caller())
    }
}

/// What the environment may do to an operation: a set of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowance(u8);

impl Allowance {
    pub(crate) const NONE: Self = Self(0);
    /// The wait may time out now.
    pub(crate) const TIME_OUT: Self = Self(1);
    /// The wait may end, or the weak compare-exchange fail, spuriously.
    pub(crate) const SPURIOUS: Self = Self(2);
    /// The wait may time out, but only when no other thread can run: its thread has used up the
    /// bound on time-outs.
    pub(crate) const LATE_TIME_OUT: Self = Self(4);
    /// The wait never ends spuriously.
    pub(crate) const CERTAIN: Self = Self(8);
    /// The yield is one of a spinning thread that watches many objects: it takes effect only when no
    /// other thread can run.
    pub(crate) const LATE: Self = Self(16);

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn allows(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}
