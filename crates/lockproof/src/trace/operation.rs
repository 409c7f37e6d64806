//! The visible operations of a thread, with their results.

use std::fmt;
use std::time::Duration;

use crate::trace::value::Value;

/// What a thread did, with the result where there is one.
///
/// `Display` gives the operation and the value as a trace shows them, without the object's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// `Mutex::lock`.
    Lock,
    /// `Mutex::try_lock`, and whether the lock was acquired.
    TryLock {
        /// Whether the lock was free.
        acquired: bool,
    },
    /// The drop of a `MutexGuard`.
    Unlock {
        /// Whether the guard was dropped by a panic, which poisons the lock.
        poisons: bool,
        /// Whether the guard was borrowed mutably; `None` under `parking_lot`'s API, which does
        /// not tell.
        changes: Option<bool>,
    },
    /// `RwLock::read`.
    ReadLock,
    /// `RwLock::try_read`, and whether the lock was acquired.
    TryReadLock {
        /// Whether no writer held the lock.
        acquired: bool,
    },
    /// The drop of an `RwLockReadGuard`.
    ReadUnlock,
    /// `RwLock::write`.
    WriteLock,
    /// `RwLock::try_write`, and whether the lock was acquired.
    TryWriteLock {
        /// Whether no thread held the lock.
        acquired: bool,
    },
    /// The drop of an `RwLockWriteGuard`.
    WriteUnlock {
        /// Whether the guard was dropped by a panic, which poisons the lock.
        poisons: bool,
        /// Whether the guard was borrowed mutably; `None` under `parking_lot`'s API, which does
        /// not tell.
        changes: Option<bool>,
    },
    /// `RwLockWriteGuard::downgrade`.
    Downgrade,
    /// `RwLock::upgradable_read` of `parking_lot`.
    UpgradableReadLock,
    /// `RwLock::try_upgradable_read` of `parking_lot`.
    TryUpgradableReadLock {
        /// Whether there was neither a writer nor another upgradable reader.
        acquired: bool,
    },
    /// An upgradable reader becomes the writer.
    Upgrade,
    /// An upgradable reader tries to become the writer.
    TryUpgrade {
        /// Whether there was no other reader.
        acquired: bool,
    },
    /// The writer becomes an upgradable reader.
    DowngradeToUpgradable,
    /// An upgradable reader becomes a reader.
    DowngradeUpgradable,
    /// `Condvar::wait`: the mutex is released and the thread waits for a notification.
    Wait {
        /// The mutex: an index into [`Trace::objects`](crate::trace::Trace::objects).
        mutex: usize,
    },
    /// A waiting thread goes on, and holds the mutex again.
    WakeUp {
        /// What woke it.
        by: WakeUp,
        /// The mutex: an index into [`Trace::objects`](crate::trace::Trace::objects).
        mutex: usize,
    },
    /// `Condvar::notify_one`.
    NotifyOne,
    /// `Condvar::notify_all`.
    NotifyAll,
    /// An atomic load.
    Load {
        /// The value read.
        value: Value,
        /// Whether another value had been stored since: weak memory allows that.
        stale: bool,
    },
    /// An atomic store.
    Store {
        /// The value written.
        value: Value,
    },
    /// An atomic read-modify-write.
    ReadModifyWrite {
        /// The method, such as `fetch_add`.
        name: &'static str,
        /// The value before.
        before: Value,
        /// The value after.
        after: Value,
    },
    /// A compare-exchange that found another value.
    CompareExchangeFailed {
        /// The method, `compare_exchange` or its weak form.
        name: &'static str,
        /// The value found.
        found: Value,
    },
    /// An atomic fence.
    Fence,
    /// A shared access to an `UnsafeCell`.
    CellRead,
    /// An exclusive access to an `UnsafeCell`.
    CellWrite,
    /// The initialization of a `Once`, a `OnceLock` or a `LazyLock` begins.
    BeginInitialization,
    /// An initialization ends.
    EndInitialization {
        /// Whether it panicked.
        poisons: bool,
    },
    /// A look at a `Once`, a `OnceLock` or a `LazyLock`, or the end of a wait for it.
    SeeInitialized {
        /// Whether the initialization is complete.
        complete: bool,
    },
    /// `Barrier::wait`: the thread leads on, or goes on after the leader.
    Arrive {
        /// Whether it was the last to arrive.
        leads: bool,
    },
    /// `Sender::send` or `SyncSender::send`.
    Send {
        /// Whether the receiver can still get the message.
        sent: bool,
    },
    /// `SyncSender::try_send`.
    TrySend {
        /// Whether there was room and a receiver.
        sent: bool,
    },
    /// `Receiver::recv`.
    Receive {
        /// Whether there was a message.
        received: bool,
    },
    /// `Receiver::try_recv` or `Receiver::recv_timeout`.
    TryReceive {
        /// Whether there was a message.
        received: bool,
    },
    /// The drop of a sender.
    DropSender,
    /// The drop of a receiver.
    DropReceiver,
    /// `Instant::now`, `SystemTime::now` and what is built on them.
    ReadClock {
        /// The time since the execution began.
        now: Duration,
    },
    /// A choice of [`choose`](crate::extension::choose).
    Choose {
        /// What was chosen.
        chosen: usize,
        /// How many there were to choose from.
        options: usize,
    },
    /// `thread::spawn`, with the index of the new thread.
    Spawn {
        /// An index into [`Trace::threads`](crate::trace::Trace::threads).
        child: usize,
    },
    /// `JoinHandle::join`, with the index of the thread that ended.
    Join {
        /// An index into [`Trace::threads`](crate::trace::Trace::threads).
        child: usize,
        /// Whether that thread ended by a panic.
        panicked: bool,
    },
    /// The thread's closure returned.
    Exit,
    /// `thread::park`.
    Park,
    /// `Thread::unpark`, with the index of the thread that may go on.
    Unpark {
        /// An index into [`Trace::threads`](crate::trace::Trace::threads).
        thread: usize,
    },
    /// `thread::yield_now` or `hint::spin_loop`.
    Yield,
    /// `thread::sleep`, which puts the execution's clock forward.
    Sleep {
        /// The time asked for.
        duration: Duration,
    },
    /// A panic began.
    Panic {
        /// The message, as the panic hook would print it.
        message: String,
    },
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lock => f.write_str("lock"),
            Self::TryLock { acquired } => attempt(f, "try_lock", *acquired),
            Self::Unlock { poisons, .. } => release(f, "unlock", *poisons),
            Self::ReadLock => f.write_str("read"),
            Self::TryReadLock { acquired } => attempt(f, "try_read", *acquired),
            Self::ReadUnlock => f.write_str("unlock read"),
            Self::WriteLock => f.write_str("write"),
            Self::TryWriteLock { acquired } => attempt(f, "try_write", *acquired),
            Self::WriteUnlock { poisons, .. } => release(f, "unlock write", *poisons),
            Self::UpgradableReadLock => f.write_str("upgradable read"),
            Self::TryUpgradableReadLock { acquired } => {
                attempt(f, "try_upgradable_read", *acquired)
            }
            Self::Upgrade => f.write_str("upgrade"),
            Self::TryUpgrade { acquired } => attempt(f, "try_upgrade", *acquired),
            Self::DowngradeToUpgradable => f.write_str("downgrade to upgradable"),
            Self::DowngradeUpgradable => f.write_str("downgrade upgradable"),
            Self::Downgrade => f.write_str("downgrade"),
            Self::Wait { .. } | Self::Arrive { leads: false } => f.write_str("wait"),
            Self::WakeUp { by, .. } => write!(f, "wake up: {by}"),
            Self::NotifyOne => f.write_str("notify_one"),
            Self::NotifyAll => f.write_str("notify_all"),
            Self::Load { value, stale: false } => write!(f, "load = {value}"),
            Self::Load { value, stale: true } => write!(f, "load = {value} (stale)"),
            Self::Store { value } => write!(f, "store {value}"),
            Self::ReadModifyWrite { name, before, after } => {
                write!(f, "{name} {before} -> {after}")
            }
            Self::CompareExchangeFailed { name, found } => write!(f, "{name} failed: {found}"),
            Self::Fence => f.write_str("fence"),
            Self::CellRead => f.write_str("read cell"),
            Self::CellWrite => f.write_str("write cell"),
            Self::BeginInitialization => f.write_str("initialize"),
            Self::EndInitialization { poisons } => release(f, "initialized", *poisons),
            Self::SeeInitialized { complete: true } => f.write_str("see initialized"),
            Self::SeeInitialized { complete: false } => f.write_str("see uninitialized"),
            Self::Arrive { leads: true } => f.write_str("wait = leader"),
            Self::Send { sent } => exchange(f, "send", *sent),
            Self::TrySend { sent } => exchange(f, "try_send", *sent),
            Self::Receive { received } => exchange(f, "recv", *received),
            Self::TryReceive { received } => exchange(f, "try_recv", *received),
            Self::DropSender => f.write_str("drop sender"),
            Self::DropReceiver => f.write_str("drop receiver"),
            Self::ReadClock { now } => write!(f, "now = {now:?}"),
            Self::Choose { chosen, options } => write!(f, "choose {chosen} of {options}"),
            Self::Spawn { .. } => f.write_str("spawn"),
            Self::Join { panicked: false, .. } => f.write_str("join"),
            Self::Join { panicked: true, .. } => f.write_str("join = Err"),
            Self::Exit => f.write_str("exit"),
            Self::Park => f.write_str("park"),
            Self::Unpark { .. } => f.write_str("unpark"),
            Self::Yield => f.write_str("yield"),
            Self::Sleep { duration } => write!(f, "sleep {duration:?}"),
            Self::Panic { message } => write!(f, "panic: {message}"),
        }
    }
}

fn attempt(f: &mut fmt::Formatter<'_>, name: &str, acquired: bool) -> fmt::Result {
    write!(f, "{name} = {}", if acquired { "acquired" } else { "would block" })
}

fn exchange(f: &mut fmt::Formatter<'_>, name: &str, done: bool) -> fmt::Result {
    write!(f, "{name}{}", if done { "" } else { " = Err" })
}

fn release(f: &mut fmt::Formatter<'_>, name: &str, poisons: bool) -> fmt::Result {
    write!(f, "{name}{}", if poisons { " (poisons)" } else { "" })
}

/// Why a wait on a condition variable ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WakeUp {
    /// A notification.
    Notification,
    /// The time-out, which may fire at any moment inside a model.
    TimeOut,
    /// Nothing at all, as std allows.
    Spurious,
}

impl fmt::Display for WakeUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Notification => "notified",
            Self::TimeOut => "timed out",
            Self::Spurious => "spuriously",
        })
    }
}
