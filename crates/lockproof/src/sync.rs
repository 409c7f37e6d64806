//! The items of [`std::sync`] that a model can control.
//!
//! `Arc` and `Weak` are std's on every engine: reference counts are not scheduling points.

pub use crate::face::current::sync::{
    Arc, Barrier, BarrierWaitResult, Condvar, LazyLock, LockResult, Mutex, MutexGuard, Once,
    OnceLock, OnceState, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
    TryLockResult, WaitTimeoutResult, Weak,
};

/// The items of [`std::sync::atomic`], each operation a scheduling point inside a model.
pub mod atomic {
    pub use crate::face::current::sync::atomic::{
        AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8,
        AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, compiler_fence, fence,
    };
}

/// The items of [`std::sync::mpsc`]: channels, each operation a scheduling point inside a model.
///
/// A channel belongs to where it is made. Inside a model, one that was made outside is not
/// controlled by the engine: it can carry results out, but a thread that would have to wait for it
/// panics.
pub mod mpsc {
    pub use crate::face::current::sync::mpsc::{
        IntoIter, Iter, Receiver, RecvError, RecvTimeoutError, SendError, Sender, SyncSender,
        TryIter, TryRecvError, TrySendError, channel, sync_channel,
    };
}
