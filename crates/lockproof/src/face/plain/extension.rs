//! The extensions on std's own types: names cost nothing, a timed acquisition polls.

use std::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockResult};
use std::time::Duration;

use crate::face::extension::{Named, TryLockFor, TryRwLockFor, poll};

macro_rules! unnamed {
    ($($type:ty { $($generic:tt)* }),* $(,)?) => {
        $(impl<$($generic)*> Named for $type {
            #[inline]
            fn named(self, _: &'static str) -> Self {
                self
            }
        })*
    };
}

unnamed! {
    Mutex<T> { T },
    RwLock<T> { T },
    std::sync::Condvar {},
    std::sync::Barrier {},
    std::sync::Once {},
    std::sync::OnceLock<T> { T },
    std::sync::LazyLock<T, F> { T, F },
    super::cell::UnsafeCell<T> { T },
    std::sync::atomic::AtomicBool {},
    std::sync::atomic::AtomicI8 {},
    std::sync::atomic::AtomicI16 {},
    std::sync::atomic::AtomicI32 {},
    std::sync::atomic::AtomicI64 {},
    std::sync::atomic::AtomicIsize {},
    std::sync::atomic::AtomicU8 {},
    std::sync::atomic::AtomicU16 {},
    std::sync::atomic::AtomicU32 {},
    std::sync::atomic::AtomicU64 {},
    std::sync::atomic::AtomicUsize {},
    std::sync::atomic::AtomicPtr<T> { T },
}

impl<T: ?Sized> TryLockFor for Mutex<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        Self: 'a;

    fn try_lock_for(&self, timeout: Duration) -> TryLockResult<MutexGuard<'_, T>> {
        poll(timeout, || self.try_lock())
    }
}

impl<T: ?Sized> TryRwLockFor for RwLock<T> {
    type ReadGuard<'a>
        = RwLockReadGuard<'a, T>
    where
        Self: 'a;
    type WriteGuard<'a>
        = RwLockWriteGuard<'a, T>
    where
        Self: 'a;

    fn try_read_for(&self, timeout: Duration) -> TryLockResult<RwLockReadGuard<'_, T>> {
        poll(timeout, || self.try_read())
    }

    fn try_write_for(&self, timeout: Duration) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        poll(timeout, || self.try_write())
    }
}
