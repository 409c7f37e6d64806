//! The extensions on the modelled types: names are kept for traces, and a timed acquisition is
//! decided at the moment it is scheduled.

use std::sync::TryLockResult;
use std::time::Duration;

use super::execution::Execution;
use super::mutex::{Mutex, MutexGuard};
use crate::extension::{Named, TryLockFor, poll};

macro_rules! named {
    ($($type:ty { $($generic:tt)* } $($register:ident)?),* $(,)?) => {
        $(impl<$($generic)*> Named for $type {
            fn named(mut self, name: &'static str) -> Self {
                self.slot.name = Some(name);
                // A primitive that is made known where it is made has the same identity in every
                // execution, whoever uses it first.
                $(self.$register();)?
                self
            }
        })*
    };
}

named! {
    Mutex<T> { T } register,
    crate::sync::RwLock<T> { T } register,
    crate::sync::Condvar {} register,
    crate::sync::Barrier {},
    crate::sync::Once {},
    crate::sync::OnceLock<T> { T },
    crate::sync::LazyLock<T, F> { T, F },
    crate::cell::UnsafeCell<T> { T } register,
    crate::sync::atomic::AtomicBool {} register,
    crate::sync::atomic::AtomicI8 {} register,
    crate::sync::atomic::AtomicI16 {} register,
    crate::sync::atomic::AtomicI32 {} register,
    crate::sync::atomic::AtomicI64 {} register,
    crate::sync::atomic::AtomicIsize {} register,
    crate::sync::atomic::AtomicU8 {} register,
    crate::sync::atomic::AtomicU16 {} register,
    crate::sync::atomic::AtomicU32 {} register,
    crate::sync::atomic::AtomicU64 {} register,
    crate::sync::atomic::AtomicUsize {} register,
    crate::sync::atomic::AtomicPtr<T> { T } register,
}

impl<T: ?Sized> TryLockFor for Mutex<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        Self: 'a;

    #[track_caller]
    fn try_lock_for(&self, timeout: Duration) -> TryLockResult<MutexGuard<'_, T>> {
        if Execution::current().is_some() {
            // To wait and then get the lock is to be scheduled later; to wait in vain is to be
            // scheduled while the lock is held. No third thing can happen.
            return self.try_lock();
        }
        poll(timeout, || self.try_lock())
    }
}
