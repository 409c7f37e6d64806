//! What an operation does to the locks that its thread holds, and whether it waits.

use lockproof::trace::{Event, Operation, Phase};

use super::graph::LockMode;

/// What an operation that took effect did to the locks of its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// It took the event's object. An attempt does not wait, so it cannot be part of a deadlock by
    /// what it takes, only by what it then holds.
    Takes { mode: LockMode, waits: bool },
    /// It gave the event's object up.
    Gives(LockMode),
    /// It holds the event's object in another mode from now on, after a wait or without.
    Changes { to: LockMode, waits: bool },
    /// It gave the mutex up and waits for a notification.
    Leaves { mutex: usize },
    /// It took the mutex again.
    Returns { mutex: usize },
    /// It found an initialization complete, for which it may have waited.
    Finds,
    /// It is a call that may wait for other threads or for time; not every one does.
    Calls { surely: bool },
    /// It made a thread.
    Spawns { child: usize },
    /// It waited for a thread's end.
    Joins { child: usize },
}

/// The effect of an operation that took effect.
pub(super) fn effect(operation: &Operation) -> Effect {
    use LockMode::{Exclusive, Shared, Upgradable};
    use Operation as O;
    let takes = |mode, waits| Effect::Takes { mode, waits };
    match operation {
        O::Lock | O::WriteLock | O::BeginInitialization => takes(Exclusive, true),
        O::TryLock { acquired: true } | O::TryWriteLock { acquired: true } => {
            takes(Exclusive, false)
        }
        O::ReadLock => takes(Shared, true),
        O::TryReadLock { acquired: true } => takes(Shared, false),
        O::UpgradableReadLock => takes(Upgradable, true),
        O::TryUpgradableReadLock { acquired: true } => takes(Upgradable, false),
        O::Unlock { .. } | O::WriteUnlock { .. } | O::EndInitialization { .. } => {
            Effect::Gives(Exclusive)
        }
        O::ReadUnlock => Effect::Gives(Shared),
        O::Upgrade => Effect::Changes { to: Exclusive, waits: true },
        O::TryUpgrade { acquired: true } => Effect::Changes { to: Exclusive, waits: false },
        O::Downgrade | O::DowngradeUpgradable => Effect::Changes { to: Shared, waits: false },
        O::DowngradeToUpgradable => Effect::Changes { to: Upgradable, waits: false },
        O::Wait { mutex } => Effect::Leaves { mutex: *mutex },
        O::WakeUp { mutex, .. } => Effect::Returns { mutex: *mutex },
        O::SeeInitialized { complete: true } => Effect::Finds,
        O::Sleep { .. } | O::Park | O::Receive { .. } | O::Arrive { .. } => {
            Effect::Calls { surely: true }
        }
        O::Send { .. } | O::TryReceive { .. } => Effect::Calls { surely: false },
        O::Spawn { child } => Effect::Spawns { child: *child },
        O::Join { child, .. } => Effect::Joins { child: *child },
        _ => Effect::None,
    }
}

/// The event as a call that waits, in words: `sleep 1ms`, `join worker`, `recv channel 1`.
pub(super) fn call(event: &Event, threads: &[String], object: Option<String>) -> String {
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
    let effect = effect(&event.operation);
    if event.phase == Phase::Blocked {
        // Whether a lock was waited for is the schedule's; for a channel it is what makes the call
        // one that waits.
        return matches!(effect, Effect::Calls { .. }).then_some(1).or(Some(2).filter(|_| {
            matches!(
                event.operation,
                Operation::BeginInitialization | Operation::SeeInitialized { .. }
            )
        }));
    }
    let mode = |mode: LockMode| mode as u64;
    Some(match effect {
        Effect::None => return None,
        Effect::Takes { mode: m, waits } => 16 + 2 * mode(m) + u64::from(waits),
        Effect::Gives(m) => 32 + mode(m),
        Effect::Changes { to, waits } => 48 + 2 * mode(to) + u64::from(waits),
        Effect::Leaves { mutex } => 1 << 8 | (mutex as u64) << 16,
        Effect::Returns { mutex } => 2 << 8 | (mutex as u64) << 16,
        Effect::Finds => 3 << 8,
        Effect::Calls { surely } => 4 << 8 | u64::from(surely),
        Effect::Spawns { child } => 5 << 8 | (child as u64) << 16,
        Effect::Joins { child } => 6 << 8 | (child as u64) << 16,
    })
}
