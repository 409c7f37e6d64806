//! The extensions on the modelled types: names are kept for traces, and a timed acquisition is
//! decided at the moment it is scheduled.

use std::panic::Location;
use std::sync::{TryLockError, TryLockResult};
use std::time::Duration;

use crate::execution::Execution;
use crate::face::extension::{Named, TryLockFor, TryRwLockFor, draw, poll};
use crate::face::modelled::mutex::{Mutex, MutexGuard};
use crate::face::modelled::rwlock::RwLock;
use crate::face::modelled::rwlock_guard::{RwLockReadGuard, RwLockWriteGuard};
use crate::primitives::thread;

macro_rules! named {
    ($($type:ty { $($generic:tt)* } $($register:ident)?),* $(,)?) => {
        $(impl<$($generic)*> Named for $type {
            fn named(mut self, name: &'static str) -> Self {
                self.slot.name = Some(name);
                // A primitive that is made known where it is made has the same identity in every
                // execution, whichever thread uses it first.
                $(self.$register();)?
                self
            }
        })*
    };
}

named! {
    Mutex<T> { T } register,
    RwLock<T> { T } register,
    super::sync::Condvar {} register,
    super::sync::Barrier {},
    super::sync::Once {},
    super::sync::OnceLock<T> { T },
    super::sync::LazyLock<T, F> { T, F },
    super::cell::UnsafeCell<T> { T } register,
    super::sync::atomic::AtomicBool {} register,
    super::sync::atomic::AtomicI8 {} register,
    super::sync::atomic::AtomicI16 {} register,
    super::sync::atomic::AtomicI32 {} register,
    super::sync::atomic::AtomicI64 {} register,
    super::sync::atomic::AtomicIsize {} register,
    super::sync::atomic::AtomicU8 {} register,
    super::sync::atomic::AtomicU16 {} register,
    super::sync::atomic::AtomicU32 {} register,
    super::sync::atomic::AtomicU64 {} register,
    super::sync::atomic::AtomicUsize {} register,
    super::sync::atomic::AtomicPtr<T> { T } register,
}

impl<T: ?Sized> TryLockFor for Mutex<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        Self: 'a;

    #[track_caller]
    fn try_lock_for(&self, timeout: Duration) -> TryLockResult<MutexGuard<'_, T>> {
        match Execution::current() {
            None => poll(timeout, || self.try_lock()),
            Some(execution) => decide(&execution, timeout, self.try_lock()),
        }
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

    #[track_caller]
    fn try_read_for(&self, timeout: Duration) -> TryLockResult<RwLockReadGuard<'_, T>> {
        match Execution::current() {
            None => poll(timeout, || self.try_read()),
            Some(execution) => decide(&execution, timeout, self.try_read()),
        }
    }

    #[track_caller]
    fn try_write_for(&self, timeout: Duration) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        match Execution::current() {
            None => poll(timeout, || self.try_write()),
            Some(execution) => decide(&execution, timeout, self.try_write()),
        }
    }
}

/// What one attempt says of a timed acquisition inside a model.
///
/// To wait and then get the lock is to be scheduled later; to wait in vain is to be scheduled while
/// the lock is held. No third thing can happen.
fn decide<G>(
    execution: &Execution,
    timeout: Duration,
    attempt: TryLockResult<G>,
) -> TryLockResult<G> {
    if matches!(attempt, Err(TryLockError::WouldBlock)) {
        execution.pass_time_until(execution.deadline(timeout));
    }
    attempt
}

/// See [`choose`](crate::extension::choose).
#[track_caller]
pub(crate) fn choose(options: usize) -> usize {
    match Execution::current() {
        None => draw(options),
        Some(execution) => thread::choose(&execution, options, Location::caller()),
    }
}
