//! Machine-readable action of an event: its locks, values and threads.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Action of an event, for programs that step through an execution.
///
/// Of a blocked event it is the action that the thread waits for, without any effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordedAction {
    /// The sort of the operation.
    pub kind: ActionKind,
    /// The operation without its values, such as `fetch_add` or `try_lock`: part of the format, and
    /// so never reworded without a new version.
    pub name: String,
    /// The primitive: an index into [`RecordedTrace::objects`](crate::RecordedTrace::objects).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<usize>,
    /// The value that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
    /// The value that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// The locks that the thread released and acquired, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<LockChange>,
    /// The other threads: the one that was spawned, joined or unparked, or those that a
    /// notification woke, so far as they are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<usize>,
    /// The number of threads that a notification woke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub woken: Option<usize>,
    /// The outcome, where there are two: an attempt acquired the
    /// lock, a wait ended by a notification, a message was sent or received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<bool>,
    /// Of the end of a wait on a condition variable: what ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub woken_by: Option<RecordedWakeUp>,
    /// Whether the values are addresses, which differ from process to process.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_addresses: bool,
    /// Of the end of a lock held exclusively: whether what it protects was borrowed mutably, where
    /// that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<bool>,
}

/// A change to what the event's thread holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockChange {
    /// The lock: an index into [`RecordedTrace::objects`](crate::RecordedTrace::objects).
    pub lock: usize,
    /// The mode before; `None` if the thread acquires the lock.
    pub before: Option<RecordedMode>,
    /// The mode afterwards; `None` if the thread releases the lock.
    pub after: Option<RecordedMode>,
}

/// Mode in which a thread holds a lock. `Display` gives a word for a sentence such as "held for
/// reading".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedMode {
    /// With no other thread: a mutex, a writer, an initialization that runs.
    Exclusive,
    /// Together with other readers.
    Shared,
    /// As the one reader that may become the writer.
    Upgradable,
}

impl RecordedMode {
    /// Whether a lock that is held in this way must be waited for by a thread that wants it in the
    /// other.
    pub fn excludes(self, other: Self) -> bool {
        self != Self::Shared && other != Self::Shared || [self, other].contains(&Self::Exclusive)
    }
}

impl fmt::Display for RecordedMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exclusive => "exclusively",
            Self::Shared => "for reading",
            Self::Upgradable => "for reading, upgradable",
        })
    }
}

/// Reason for the end of a wait on a condition variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RecordedWakeUp {
    /// A notification.
    #[serde(rename = "notified")]
    Notification,
    /// The time-out.
    #[serde(rename = "timed out")]
    TimeOut,
    /// Nothing at all, as std allows.
    #[serde(rename = "spuriously")]
    Spurious,
}

/// The sorts of operations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// None of those below.
    #[default]
    Other,
    /// A lock is acquired.
    Lock,
    /// A lock is tried.
    TryLock,
    /// A lock is released.
    Unlock,
    /// A lock is upgraded or downgraded.
    ChangeMode,
    /// A wait on a condition variable begins.
    Wait,
    /// A wait on a condition variable ends.
    WakeUp,
    /// Waiting threads are notified.
    Notify,
    /// An atomic is read; also a compare-exchange that failed.
    Load,
    /// An atomic is written.
    Store,
    /// An atomic is read and written in one step.
    Update,
    /// A fence.
    Fence,
    /// An `UnsafeCell` is read.
    CellRead,
    /// An `UnsafeCell` is written.
    CellWrite,
    /// An initialization begins.
    BeginInitialization,
    /// An initialization ends.
    EndInitialization,
    /// A look at something that is initialized once.
    SeeInitialized,
    /// A barrier is passed.
    Arrive,
    /// A message is sent.
    Send,
    /// A message is received.
    Receive,
    /// A thread is started.
    Spawn,
    /// A thread was waited for.
    Join,
    /// A thread ends.
    Exit,
    /// A thread took the token that it parks for.
    Park,
    /// A thread is given that token.
    Unpark,
    /// A thread lets others go first.
    Yield,
    /// A thread sleeps.
    Sleep,
    /// A panic begins.
    Panic,
}
