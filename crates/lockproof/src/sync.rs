//! The items of [`std::sync`] that a model can control.
//!
//! `Arc` and `Weak` are std's on every engine: reference counts are not scheduling points.

pub use crate::face::sync::{
    Arc, Barrier, BarrierWaitResult, Condvar, LazyLock, LockResult, Mutex, MutexGuard, Once,
    OnceLock, OnceState, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError,
    TryLockResult, WaitTimeoutResult, Weak,
};

/// The items of [`std::sync::atomic`], each operation a scheduling point inside a model.
pub mod atomic {
    pub use crate::face::sync::atomic::{
        AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicPtr, AtomicU8,
        AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, compiler_fence, fence,
    };
}
