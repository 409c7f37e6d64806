//! What an event did, in fields: to which lock, which value, which thread.

use lockproof::trace::{Event, Operation, Phase, WakeUp};
use serde::{Deserialize, Serialize};

use super::action_kind::{ActionKind, kind_and_name};

/// What an event did, for programs that step through an execution.
///
/// Of a blocked event it is what the thread would like to do, without any effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordedAction {
    /// The sort of the operation.
    pub kind: ActionKind,
    /// The operation without its values, such as `fetch_add` or `try_lock`.
    pub name: String,
    /// The primitive: an index into [`RecordedTrace::objects`](super::RecordedTrace::objects).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<usize>,
    /// The value that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
    /// The value that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// What the thread took and gave back, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<LockChange>,
    /// The other threads: the one that was spawned, joined or unparked, or those that a
    /// notification woke, so far as they are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<usize>,
    /// How many threads a notification woke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub woken: Option<usize>,
    /// How it turned out, where it could turn out one way or the other: an attempt acquired the
    /// lock, a wait ended by a notification, a message was sent or received.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub succeeded: Option<bool>,
    /// Of the end of a lock held exclusively: whether what it protects was borrowed mutably, where
    /// that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<bool>,
}

impl RecordedAction {
    pub(super) fn of(event: &Event) -> Self {
        let mut action = action(&event.operation, event.object);
        if event.phase == Phase::Blocked {
            action.locks.clear();
            action.succeeded = None;
        }
        action
    }
}

/// A change to what the event's thread holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockChange {
    /// The lock: an index into [`RecordedTrace::objects`](super::RecordedTrace::objects).
    pub lock: usize,
    /// How the thread held it before; `None` if it takes the lock.
    pub before: Option<LockMode>,
    /// How the thread holds it now; `None` if it gives the lock back.
    pub after: Option<LockMode>,
}

/// How a thread holds a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    /// Alone: a mutex, a writer, an initialization that runs.
    Exclusive,
    /// Beside other readers.
    Shared,
    /// As the one reader that may become the writer.
    Upgradable,
}

fn action(operation: &Operation, object: Option<usize>) -> RecordedAction {
    let (kind, name) = kind_and_name(operation);
    let name = name.to_owned();
    let mut action = RecordedAction { kind, name, object, ..RecordedAction::default() };
    action.locks.extend(lock_change(operation, object));
    match operation {
        Operation::Load { value, .. } => action.read = Some(value.to_string()),
        Operation::CompareExchangeFailed { found, .. } => {
            action.read = Some(found.to_string());
            action.succeeded = Some(false);
        }
        Operation::Store { value } => action.written = Some(value.to_string()),
        Operation::ReadModifyWrite { before, after, .. } => {
            action.read = Some(before.to_string());
            action.written = Some(after.to_string());
        }
        Operation::Spawn { child } | Operation::Unpark { thread: child } => {
            action.threads.push(*child);
        }
        Operation::Join { child, panicked } => {
            action.threads.push(*child);
            action.succeeded = Some(!panicked);
        }
        Operation::Unlock { changes, .. } | Operation::WriteUnlock { changes, .. } => {
            action.changes = *changes;
        }
        Operation::WakeUp { by, .. } => action.succeeded = Some(*by == WakeUp::Notification),
        Operation::EndInitialization { poisons } => action.succeeded = Some(!poisons),
        Operation::TryLock { acquired: succeeded }
        | Operation::TryReadLock { acquired: succeeded }
        | Operation::TryWriteLock { acquired: succeeded }
        | Operation::TryUpgradableReadLock { acquired: succeeded }
        | Operation::TryUpgrade { acquired: succeeded }
        | Operation::SeeInitialized { complete: succeeded }
        | Operation::Send { sent: succeeded }
        | Operation::TrySend { sent: succeeded }
        | Operation::Receive { received: succeeded }
        | Operation::TryReceive { received: succeeded } => action.succeeded = Some(*succeeded),
        _ => {}
    }
    action
}

fn lock_change(operation: &Operation, object: Option<usize>) -> Option<LockChange> {
    use LockMode::{Exclusive, Shared, Upgradable};
    let (before, after) = match operation {
        Operation::Lock
        | Operation::TryLock { acquired: true }
        | Operation::WriteLock
        | Operation::TryWriteLock { acquired: true }
        | Operation::BeginInitialization
        | Operation::WakeUp { .. } => (None, Some(Exclusive)),
        Operation::ReadLock | Operation::TryReadLock { acquired: true } => (None, Some(Shared)),
        Operation::UpgradableReadLock | Operation::TryUpgradableReadLock { acquired: true } => {
            (None, Some(Upgradable))
        }
        Operation::Unlock { .. }
        | Operation::WriteUnlock { .. }
        | Operation::EndInitialization { .. }
        | Operation::Wait { .. } => (Some(Exclusive), None),
        Operation::ReadUnlock => (Some(Shared), None),
        Operation::Upgrade | Operation::TryUpgrade { acquired: true } => {
            (Some(Upgradable), Some(Exclusive))
        }
        Operation::Downgrade => (Some(Exclusive), Some(Shared)),
        Operation::DowngradeToUpgradable => (Some(Exclusive), Some(Upgradable)),
        Operation::DowngradeUpgradable => (Some(Upgradable), Some(Shared)),
        _ => return None,
    };
    let lock = match operation {
        Operation::Wait { mutex } | Operation::WakeUp { mutex, .. } => *mutex,
        _ => object?,
    };
    Some(LockChange { lock, before, after })
}
