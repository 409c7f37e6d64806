//! The sorts of operations that a program tells apart in a record.

use lockproof::trace::Operation;
use serde::{Deserialize, Serialize};

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

/// The sort of an operation, and its name without values.
pub(super) fn kind_and_name(operation: &Operation) -> (ActionKind, &'static str) {
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
