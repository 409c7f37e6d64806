//! Calls that may wait for other threads or for time, and the number that a shape gives an event.

use lockproof::trace::{Event, LockEffect, LockMode, Operation, Phase};

/// Whether the operation, which does nothing to a lock, is a call that waits: surely, or only if
/// it had to. `None` for what never waits. Joins and waits on condition variables are looked at by
/// the walk itself.
pub(super) fn waits(operation: &Operation) -> Option<bool> {
    match operation {
        Operation::Sleep { .. }
        | Operation::Park
        | Operation::Receive { .. }
        | Operation::Arrive { .. } => Some(true),
        Operation::Send { .. } | Operation::TryReceive { .. } => Some(false),
        _ => None,
    }
}

/// The event as a call that waits, in words: `sleep 1ms`, `join worker`, `recv channel 1`.
pub(super) fn in_words(event: &Event, threads: &[String], object: Option<String>) -> String {
    let operation = match &event.operation {
        Operation::Wait { .. } => "wait for a notification of".to_owned(),
        Operation::Arrive { .. } => "wait for the other threads at".to_owned(),
        Operation::Receive { .. } | Operation::TryReceive { .. } => "receive from".to_owned(),
        Operation::Send { .. } => "send to".to_owned(),
        Operation::Join { child, .. } => {
            format!("join {}", threads.get(*child).map_or("a thread", String::as_str))
        }
        operation => operation.to_string(),
    };
    object.map_or_else(|| operation.clone(), |object| format!("{operation} {object}"))
}

/// A number for each kind of event that the analysis tells apart; `None` for those that it merely
/// counts. Which attempts succeed is told apart, because only those hold a lock.
#[inline]
pub(super) fn code(event: &Event) -> Option<u64> {
    let operation = &event.operation;
    if event.phase == Phase::Blocked {
        // Whether a thread waited for a lock depends on the schedule, and the acquisition that
        // follows says the same. For a channel it is what makes the call one that waits.
        return match operation {
            Operation::BeginInitialization | Operation::SeeInitialized { .. } => Some(2),
            operation => waits(operation).and(Some(1)),
        };
    }
    let mode = |mode: Option<LockMode>| mode.map_or(0, |mode| mode as u64 + 1);
    match operation.lock_effect() {
        Some(LockEffect::Refused { .. }) => return None,
        Some(effect) => {
            // Each field has bits of its own: two effects that differ have different numbers.
            let modes = mode(effect.before()) | mode(effect.after()) << 2;
            let mutex = effect.lock(None).map_or(0, |mutex| mutex as u64 + 1);
            return Some(1 << 8 | modes | u64::from(effect.waits()) << 4 | mutex << 16);
        }
        None => {}
    }
    match operation {
        Operation::SeeInitialized { complete: true } => Some(3 << 8),
        Operation::Spawn { child } => Some(5 << 8 | (*child as u64) << 16),
        Operation::Join { child, .. } => Some(6 << 8 | (*child as u64) << 16),
        operation => waits(operation).map(|surely| 4 << 8 | u64::from(surely)),
    }
}
