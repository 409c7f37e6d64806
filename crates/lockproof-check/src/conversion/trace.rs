//! A trace as a record.

use lockproof::trace::{
    Event, LockMode, Object, Operation, Phase, SourceLocation, Trace, Value, WakeUp,
};
use lockproof_record::{
    ActionKind, LockChange, RecordedAction, RecordedEvent, RecordedLocation, RecordedMode,
    RecordedObject, RecordedTrace,
};

use super::named;

/// The record of a trace.
pub(super) fn trace(trace: &Trace) -> RecordedTrace {
    let objects = trace.objects.iter().map(object).collect();
    let events = trace.events.iter().map(|event| recorded(trace, event));
    RecordedTrace::of_events(trace.threads.iter().cloned(), objects, events)
}

/// The record of a place.
pub(crate) fn location(location: &SourceLocation) -> RecordedLocation {
    let SourceLocation { file, line, column } = location;
    RecordedLocation { file: file.clone().into_owned(), line: *line, column: *column }
}

/// The record's name for a mode.
pub(crate) fn mode(mode: LockMode) -> RecordedMode {
    match mode {
        LockMode::Exclusive => RecordedMode::Exclusive,
        LockMode::Shared => RecordedMode::Shared,
        LockMode::Upgradable => RecordedMode::Upgradable,
    }
}

fn object(object: &Object) -> RecordedObject {
    RecordedObject {
        name: object.to_string(),
        kind: object.kind.to_string(),
        created: location(&object.created),
    }
}

fn recorded(trace: &Trace, event: &Event) -> RecordedEvent {
    let blocked = event.phase == Phase::Blocked;
    let mut action = action(&event.operation, event.object);
    if blocked {
        action.locks.clear();
        action.succeeded = None;
    }
    RecordedEvent {
        thread: event.thread,
        operation: operation_text(&event.operation, blocked, &trace.threads),
        object: trace.object_of(event).map(ToString::to_string),
        blocked,
        stale: matches!(event.operation, Operation::Load { stale: true, .. }),
        location: location(&event.location),
        action,
        after: Vec::new(),
    }
}

/// The operation with its value and the name of the other thread that it is about.
fn operation_text(operation: &Operation, blocked: bool, threads: &[String]) -> String {
    let name = |index: &usize| threads.get(*index).map_or("?", String::as_str);
    match operation {
        Operation::Wait { .. } if blocked => "a notification of".to_owned(),
        Operation::Park if blocked => "unpark".to_owned(),
        Operation::Join { child, panicked: true } => format!("join {} = Err", name(child)),
        Operation::Spawn { child: thread }
        | Operation::Join { child: thread, .. }
        | Operation::Unpark { thread } => format!("{operation} {}", name(thread)),
        _ => operation.to_string(),
    }
}

fn action(operation: &Operation, object: Option<usize>) -> RecordedAction {
    let (kind, name) = kind_and_name(operation);
    let name = name.to_owned();
    let locks = lock_change(operation, object).into_iter().collect();
    let mut action = RecordedAction { kind, name, object, locks, ..RecordedAction::default() };
    let (read, written) = values(operation);
    action.has_addresses = matches!(read.or(written), Some(Value::Address(_)));
    action.read = read.map(|value| value.to_string());
    action.written = written.map(|value| value.to_string());
    action.succeeded = succeeded(operation);
    match operation {
        Operation::Choose { chosen, .. } => action.read = Some(chosen.to_string()),
        Operation::ReadClock { now: time } | Operation::Sleep { duration: time } => {
            action.read = Some(format!("{time:?}"));
        }
        Operation::Spawn { child: thread }
        | Operation::Unpark { thread }
        | Operation::Join { child: thread, .. } => action.threads.push(*thread),
        Operation::Unlock { changes, .. } | Operation::WriteUnlock { changes, .. } => {
            action.changes = *changes;
        }
        Operation::WakeUp { by, .. } => action.woken_by = Some(named(by)),
        _ => {}
    }
    action
}

/// Whether the operation turned out well, if it could turn out one way or the other.
fn succeeded(operation: &Operation) -> Option<bool> {
    Some(match *operation {
        Operation::CompareExchangeFailed { .. } => false,
        Operation::Join { panicked: failed, .. }
        | Operation::EndInitialization { poisons: failed } => !failed,
        Operation::WakeUp { by, .. } => by == WakeUp::Notification,
        Operation::TryLock { acquired: succeeded }
        | Operation::TryReadLock { acquired: succeeded }
        | Operation::TryWriteLock { acquired: succeeded }
        | Operation::TryUpgradableReadLock { acquired: succeeded }
        | Operation::TryUpgrade { acquired: succeeded }
        | Operation::SeeInitialized { complete: succeeded }
        | Operation::Send { sent: succeeded }
        | Operation::TrySend { sent: succeeded }
        | Operation::Receive { received: succeeded }
        | Operation::TryReceive { received: succeeded } => succeeded,
        _ => return None,
    })
}

/// The values that the operation read from an atomic, and wrote to it.
fn values(operation: &Operation) -> (Option<Value>, Option<Value>) {
    match *operation {
        Operation::Load { value, .. } | Operation::CompareExchangeFailed { found: value, .. } => {
            (Some(value), None)
        }
        Operation::Store { value } => (None, Some(value)),
        Operation::ReadModifyWrite { before, after, .. } => (Some(before), Some(after)),
        _ => (None, None),
    }
}

/// The change of the owner of a lock by an operation, if there is one.
fn lock_change(operation: &Operation, object: Option<usize>) -> Option<LockChange> {
    let effect = operation.lock_effect()?;
    let (before, after) = (effect.before().map(mode), effect.after().map(mode));
    let changes = before.is_some() || after.is_some();
    Some(LockChange { lock: effect.lock(object)?, before, after }).filter(|_| changes)
}

/// The sort of an operation, and its name without values.
fn kind_and_name(operation: &Operation) -> (ActionKind, &'static str) {
    use ActionKind as Kind;
    match operation {
        Operation::Lock => (Kind::Lock, "lock"),
        Operation::ReadLock => (Kind::Lock, "read"),
        Operation::WriteLock => (Kind::Lock, "write"),
        Operation::UpgradableReadLock => (Kind::Lock, "upgradable_read"),
        Operation::TryLock { .. } => (Kind::TryLock, "try_lock"),
        Operation::TryReadLock { .. } => (Kind::TryLock, "try_read"),
        Operation::TryWriteLock { .. } => (Kind::TryLock, "try_write"),
        Operation::TryUpgradableReadLock { .. } => (Kind::TryLock, "try_upgradable_read"),
        Operation::Unlock { .. } => (Kind::Unlock, "unlock"),
        Operation::ReadUnlock => (Kind::Unlock, "unlock read"),
        Operation::WriteUnlock { .. } => (Kind::Unlock, "unlock write"),
        Operation::Upgrade => (Kind::ChangeMode, "upgrade"),
        Operation::TryUpgrade { .. } => (Kind::ChangeMode, "try_upgrade"),
        Operation::Downgrade => (Kind::ChangeMode, "downgrade"),
        Operation::DowngradeToUpgradable => (Kind::ChangeMode, "downgrade to upgradable"),
        Operation::DowngradeUpgradable => (Kind::ChangeMode, "downgrade upgradable"),
        Operation::Wait { .. } => (Kind::Wait, "wait"),
        Operation::WakeUp { .. } => (Kind::WakeUp, "wake up"),
        operation => other_kind_and_name(operation),
    }
}

/// The same for operations that do nothing to a lock.
fn other_kind_and_name(operation: &Operation) -> (ActionKind, &'static str) {
    use ActionKind as Kind;
    match operation {
        Operation::NotifyOne => (Kind::Notify, "notify_one"),
        Operation::NotifyAll => (Kind::Notify, "notify_all"),
        Operation::Load { .. } => (Kind::Load, "load"),
        Operation::CompareExchangeFailed { name, .. } => (Kind::Load, name),
        Operation::Store { .. } => (Kind::Store, "store"),
        Operation::ReadModifyWrite { name, .. } => (Kind::Update, name),
        Operation::Fence => (Kind::Fence, "fence"),
        Operation::CellRead => (Kind::CellRead, "read cell"),
        Operation::CellWrite => (Kind::CellWrite, "write cell"),
        Operation::BeginInitialization => (Kind::BeginInitialization, "initialize"),
        Operation::EndInitialization { .. } => (Kind::EndInitialization, "initialized"),
        Operation::SeeInitialized { .. } => (Kind::SeeInitialized, "see initialized"),
        Operation::Arrive { .. } => (Kind::Arrive, "wait"),
        Operation::Send { .. } => (Kind::Send, "send"),
        Operation::TrySend { .. } => (Kind::Send, "try_send"),
        Operation::Receive { .. } => (Kind::Receive, "recv"),
        Operation::TryReceive { .. } => (Kind::Receive, "try_recv"),
        Operation::DropSender => (Kind::Other, "drop sender"),
        Operation::DropReceiver => (Kind::Other, "drop receiver"),
        Operation::ReadClock { .. } => (Kind::Other, "now"),
        Operation::Choose { .. } => (Kind::Other, "choose"),
        Operation::Spawn { .. } => (Kind::Spawn, "spawn"),
        Operation::Join { .. } => (Kind::Join, "join"),
        Operation::Exit => (Kind::Exit, "exit"),
        Operation::Park => (Kind::Park, "park"),
        Operation::Unpark { .. } => (Kind::Unpark, "unpark"),
        Operation::Yield => (Kind::Yield, "yield"),
        Operation::Sleep { .. } => (Kind::Sleep, "sleep"),
        Operation::Panic { .. } => (Kind::Panic, "panic"),
        _ => (Kind::Other, "something else"),
    }
}
