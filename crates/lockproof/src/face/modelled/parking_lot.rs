//! `parking_lot`'s face: the types of `lock_api` over raw locks of the facade's own.

mod condvar;
mod once;
mod raw_mutex;
mod raw_rwlock;
mod upgradable;

use std::panic::Location;
use std::time::Duration;

pub use ::parking_lot::{OnceState, lock_api};

use super::time::Instant;
use crate::execution::Execution;
use crate::execution::backend::CallSite;

pub use self::condvar::{Condvar, WaitTimeoutResult};
pub use self::once::Once;
pub use self::raw_mutex::{RawFairMutex, RawMutex, RawThreadId};
pub use self::raw_rwlock::RawRwLock;

/// What a timed attempt does once it has failed.
impl Execution {
    /// A time-out fires: the attempt has failed.
    fn time_out(&self, timeout: Duration) -> bool {
        self.pass_time_until(self.deadline(timeout));
        false
    }

    /// The same for a time-out at a certain moment.
    fn time_out_at(&self, timeout: Instant) -> bool {
        self.pass_time_until(timeout.in_execution());
        false
    }
}

/// The place of an explicit release; `None` for the drop of a guard, which is called from a line of
/// `lock_api` and does not know its own.
#[track_caller]
fn caller_of_release() -> Option<CallSite> {
    let caller = Location::caller();
    (!caller.file().contains("lock_api")).then_some(caller)
}

/// See [`parking_lot::Mutex`](::parking_lot::Mutex).
pub type Mutex<T> = lock_api::Mutex<RawMutex, T>;
/// See [`parking_lot::MutexGuard`](::parking_lot::MutexGuard).
pub type MutexGuard<'a, T> = lock_api::MutexGuard<'a, RawMutex, T>;
/// See [`parking_lot::MappedMutexGuard`](::parking_lot::MappedMutexGuard).
pub type MappedMutexGuard<'a, T> = lock_api::MappedMutexGuard<'a, RawMutex, T>;

/// See [`parking_lot::FairMutex`](::parking_lot::FairMutex).
pub type FairMutex<T> = lock_api::Mutex<RawFairMutex, T>;
/// See [`parking_lot::FairMutexGuard`](::parking_lot::FairMutexGuard).
pub type FairMutexGuard<'a, T> = lock_api::MutexGuard<'a, RawFairMutex, T>;
/// See [`parking_lot::MappedFairMutexGuard`](::parking_lot::MappedFairMutexGuard).
pub type MappedFairMutexGuard<'a, T> = lock_api::MappedMutexGuard<'a, RawFairMutex, T>;

/// See [`parking_lot::ReentrantMutex`](::parking_lot::ReentrantMutex).
pub type ReentrantMutex<T> = lock_api::ReentrantMutex<RawMutex, RawThreadId, T>;
/// See [`parking_lot::ReentrantMutexGuard`](::parking_lot::ReentrantMutexGuard).
pub type ReentrantMutexGuard<'a, T> = lock_api::ReentrantMutexGuard<'a, RawMutex, RawThreadId, T>;
/// See [`parking_lot::MappedReentrantMutexGuard`](::parking_lot::MappedReentrantMutexGuard).
pub type MappedReentrantMutexGuard<'a, T> =
    lock_api::MappedReentrantMutexGuard<'a, RawMutex, RawThreadId, T>;

/// See [`parking_lot::RwLock`](::parking_lot::RwLock). Inside a model a thread may read recursively.
pub type RwLock<T> = lock_api::RwLock<RawRwLock, T>;
/// See [`parking_lot::RwLockReadGuard`](::parking_lot::RwLockReadGuard).
pub type RwLockReadGuard<'a, T> = lock_api::RwLockReadGuard<'a, RawRwLock, T>;
/// See [`parking_lot::RwLockWriteGuard`](::parking_lot::RwLockWriteGuard).
pub type RwLockWriteGuard<'a, T> = lock_api::RwLockWriteGuard<'a, RawRwLock, T>;
/// See [`parking_lot::RwLockUpgradableReadGuard`](::parking_lot::RwLockUpgradableReadGuard).
pub type RwLockUpgradableReadGuard<'a, T> = lock_api::RwLockUpgradableReadGuard<'a, RawRwLock, T>;
/// See [`parking_lot::MappedRwLockReadGuard`](::parking_lot::MappedRwLockReadGuard).
pub type MappedRwLockReadGuard<'a, T> = lock_api::MappedRwLockReadGuard<'a, RawRwLock, T>;
/// See [`parking_lot::MappedRwLockWriteGuard`](::parking_lot::MappedRwLockWriteGuard).
pub type MappedRwLockWriteGuard<'a, T> = lock_api::MappedRwLockWriteGuard<'a, RawRwLock, T>;

/// See [`parking_lot::const_mutex`](::parking_lot::const_mutex).
pub const fn const_mutex<T>(val: T) -> Mutex<T> {
    Mutex::from_raw(RawMutex::new(), val)
}

/// See [`parking_lot::const_fair_mutex`](::parking_lot::const_fair_mutex).
pub const fn const_fair_mutex<T>(val: T) -> FairMutex<T> {
    FairMutex::from_raw(RawFairMutex::new(), val)
}

/// See [`parking_lot::const_reentrant_mutex`](::parking_lot::const_reentrant_mutex).
pub const fn const_reentrant_mutex<T>(val: T) -> ReentrantMutex<T> {
    ReentrantMutex::from_raw(RawMutex::new(), RawThreadId, val)
}

/// See [`parking_lot::const_rwlock`](::parking_lot::const_rwlock).
pub const fn const_rwlock<T>(val: T) -> RwLock<T> {
    RwLock::from_raw(RawRwLock::new(), val)
}
