//! The event of an intent and its reply, as the trace shows it.

#![expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]

use super::backend::{Fetch, Width};
use super::intent::{Intent, Reply};
use super::objects::{AtomicObject, ModelObject, Side};
use crate::trace::{LockMode, Operation, Value};

/// The event of what was done, which must be one: see [`Intent::is_event`].
#[inline(always)]
pub(super) fn event(intent: &Intent, object: Option<&ModelObject>, reply: &Reply) -> Operation {
    match *intent {
        Intent::Acquire(_)
        | Intent::TryAcquire(_)
        | Intent::Release(..)
        | Intent::Downgrade { .. }
        | Intent::Upgrade
        | Intent::TryUpgrade => event_at_lock(intent, object, reply),
        Intent::Load(_)
        | Intent::Store(..)
        | Intent::Swap(..)
        | Intent::Fetch(..)
        | Intent::CompareExchange(_) => {
            event_at_atomic(intent, object.expect("an atomic has an object").atomic(), reply)
        }
        Intent::Fence(_) => Operation::Fence,
        Intent::BeginWait { mutex, .. } => Operation::Wait { mutex },
        Intent::Reacquire { by, .. } => {
            Operation::WakeUp { by, mutex: object.map_or(usize::MAX, |mutex| mutex.index) }
        }
        Intent::Notify { all: false, .. } => Operation::NotifyOne,
        Intent::Notify { all: true, .. } => Operation::NotifyAll,
        Intent::BeginAccess { writes: false } => Operation::CellRead,
        Intent::BeginAccess { writes: true } => Operation::CellWrite,
        Intent::Conclude { operation, .. } => operation.event(),
        Intent::Spawn { child } => Operation::Spawn { child },
        Intent::Exit => Operation::Exit,
        Intent::Join { child, .. } => {
            Operation::Join { child, panicked: matches!(reply, Reply::Finished { panicked: true }) }
        }
        Intent::Park { .. } => Operation::Park,
        Intent::Unpark { thread } => Operation::Unpark { thread },
        Intent::Yield => Operation::Yield,
        Intent::Sleep { duration } => Operation::Sleep { duration },
        Intent::Choose { options } => Operation::Choose { chosen: reply.chosen(), options },
        Intent::ReadClock => Operation::ReadClock { now: reply.time() },
        _ => unreachable!("{intent:?} is no event"),
    }
}

#[inline(always)]
fn event_at_lock(intent: &Intent, object: Option<&ModelObject>, reply: &Reply) -> Operation {
    use LockMode::{Exclusive, Shared, Upgradable};
    let is_mutex = object.is_some_and(|object| matches!(object.side, Side::Mutex(_)));
    match *intent {
        Intent::Acquire(Exclusive) if is_mutex => Operation::Lock,
        Intent::Acquire(Exclusive) => Operation::WriteLock,
        Intent::Acquire(Shared) => Operation::ReadLock,
        Intent::Acquire(Upgradable) => Operation::UpgradableReadLock,
        Intent::TryAcquire(mode) => {
            let acquired = reply.acquired();
            match mode {
                Exclusive if is_mutex => Operation::TryLock { acquired },
                Exclusive => Operation::TryWriteLock { acquired },
                Shared => Operation::TryReadLock { acquired },
                Upgradable => Operation::TryUpgradableReadLock { acquired },
            }
        }
        Intent::Release(Exclusive, end) if is_mutex => {
            Operation::Unlock { poisons: end.poisons, changes: end.changes }
        }
        Intent::Release(Exclusive, end) => {
            Operation::WriteUnlock { poisons: end.poisons, changes: end.changes }
        }
        Intent::Release(Shared | Upgradable, _) => Operation::ReadUnlock,
        Intent::Downgrade { from: Exclusive, to: Upgradable } => Operation::DowngradeToUpgradable,
        Intent::Downgrade { from: Upgradable, .. } => Operation::DowngradeUpgradable,
        Intent::Downgrade { .. } => Operation::Downgrade,
        Intent::TryUpgrade => Operation::TryUpgrade { acquired: reply.acquired() },
        _ => Operation::Upgrade,
    }
}

#[inline(always)]
pub(super) fn event_at_atomic(intent: &Intent, atomic: &AtomicObject, reply: &Reply) -> Operation {
    let show = |bits| atomic.width.show(bits);
    // No other thread has run since the operation took effect: what it stored is the latest value.
    let modified = |name| {
        let after = show(atomic.latest.get());
        Operation::ReadModifyWrite { name, before: show(reply.bits()), after }
    };
    match *intent {
        Intent::Load(_) => {
            let bits = reply.bits();
            Operation::Load { value: show(bits), stale: bits != atomic.latest.get() }
        }
        Intent::Swap(..) => modified("swap"),
        Intent::Fetch(fetch, ..) => modified(fetch.name()),
        Intent::CompareExchange(exchange) => {
            let weak = exchange.weak;
            let name = if weak { "compare_exchange_weak" } else { "compare_exchange" };
            match reply.exchanged() {
                Ok(before) => {
                    let (before, after) = (show(before), show(exchange.new));
                    Operation::ReadModifyWrite { name, before, after }
                }
                Err(found) => Operation::CompareExchangeFailed { name, found: show(found) },
            }
        }
        Intent::Store(bits, _) => Operation::Store { value: show(bits) },
        _ => unreachable!("{intent:?} is not for an atomic"),
    }
}

impl Fetch {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "fetch_add",
            Self::Sub => "fetch_sub",
            Self::And => "fetch_and",
            Self::Nand => "fetch_nand",
            Self::Or => "fetch_or",
            Self::Xor => "fetch_xor",
            Self::Max => "fetch_max",
            Self::Min => "fetch_min",
        }
    }
}

impl Width {
    fn show(self, bits: u64) -> Value {
        match self {
            Self::Bool => Value::Bool(bits != 0),
            Self::Pointer => Value::Address(bits),
            _ if self.is_signed() => Value::Signed(self.signed(bits)),
            _ => Value::Unsigned(bits),
        }
    }
}
