//! The raw read-write lock: `parking_lot`'s, behind the engine's lock inside a model.
//!
//! A thread that holds the lock holds `parking_lot`'s raw lock in the same mode, inside and outside of
//! models; that alone is what makes access to the data exclusive. Inside a model the engine's lock
//! is taken first and released last, so `parking_lot`'s never has to wait.

use std::panic::Location;
use std::time::Duration;

use ::parking_lot::lock_api::{
    self, RawRwLock as _, RawRwLockDowngrade, RawRwLockFair, RawRwLockRecursive,
    RawRwLockRecursiveTimed, RawRwLockTimed,
};

use super::super::poison::held_outside;
use super::super::time::Instant;
use super::caller_of_release;
use crate::execution::intent::{GuardEnd, Intent};
use crate::execution::slot::{Modelled, Slot};
use crate::primitives::lock::{held, rwlock};
use crate::trace::LockMode::{self, Exclusive, Shared};

/// The lock outside of models.
pub(super) type Plain = ::parking_lot::RawRwLock;

/// See [`parking_lot::RawRwLock`](::parking_lot::RawRwLock).
pub struct RawRwLock {
    slot: Slot,
    pub(super) plain: Plain,
}

impl RawRwLock {
    #[track_caller]
    pub(super) const fn new() -> Self {
        Self { slot: Slot::new(), plain: <Plain as lock_api::RawRwLock>::INIT }
    }

    /// The lock inside a model.
    #[track_caller]
    pub(super) fn modelled(&self) -> Option<Modelled> {
        rwlock(&self.slot)
    }

    /// The same, if the current thread holds it there.
    pub(super) fn held(&self) -> Option<Modelled> {
        held(&self.slot)
    }

    /// Notes that the current thread writes.
    pub(super) fn change(&self) {
        self.slot.change();
    }

    /// Acquires the lock, outside of models by `outside`.
    #[track_caller]
    pub(super) fn acquire(&self, mode: LockMode, outside: fn(&Plain)) {
        let Some(lock) = self.modelled() else { return outside(&self.plain) };
        lock.perform(Intent::Acquire(mode), Location::caller());
        self.take(mode);
    }

    /// The same as an attempt.
    #[track_caller]
    pub(super) fn try_acquire(&self, mode: LockMode, outside: fn(&Plain) -> bool) -> bool {
        let Some(lock) = self.modelled() else { return outside(&self.plain) };
        let acquired = lock.perform(Intent::TryAcquire(mode), Location::caller()).acquired();
        if acquired {
            self.take(mode);
        }
        acquired
    }

    /// Releases the lock, `parking_lot`'s by `outside`.
    #[track_caller]
    pub(super) fn release(&self, mode: LockMode, outside: unsafe fn(&Plain)) {
        let held = self.held();
        // SAFETY: those who release hold the lock in this mode, and parking_lot's with it.
        unsafe { outside(&self.plain) };
        if let Some(lock) = held {
            lock.release(mode, GuardEnd::UNKNOWN, caller_of_release());
        }
    }

    /// Changes to a weaker mode, `parking_lot`'s lock by `outside`.
    #[track_caller]
    pub(super) fn change_mode(&self, from: LockMode, to: LockMode, outside: unsafe fn(&Plain)) {
        let held = self.held();
        // SAFETY: those who downgrade hold the lock in the mode `from`, and parking_lot's with it.
        unsafe { outside(&self.plain) };
        if let Some(lock) = held {
            lock.perform(Intent::Downgrade { from, to }, Location::caller());
        }
    }

    /// Takes `parking_lot`'s lock in the mode in which the engine's is held.
    #[track_caller]
    fn take(&self, mode: LockMode) {
        expect_free(match mode {
            Exclusive => {
                self.change();
                self.plain.try_lock_exclusive()
            }
            Shared => self.plain.try_lock_shared_recursive(),
            LockMode::Upgradable => lock_api::RawRwLockUpgrade::try_lock_upgradable(&self.plain),
        });
    }
}

/// `parking_lot`'s lock is free for what the engine has admitted, unless it is held outside.
#[track_caller]
pub(crate) fn expect_free(acquired: bool) {
    if !acquired {
        held_outside();
    }
}

// SAFETY: the lock is held exactly while parking_lot's raw lock is, in the same mode.
unsafe impl lock_api::RawRwLock for RawRwLock {
    const INIT: Self = Self::new();

    type GuardMarker = <Plain as lock_api::RawRwLock>::GuardMarker;

    #[track_caller]
    fn lock_shared(&self) {
        self.acquire(Shared, Plain::lock_shared);
    }

    #[track_caller]
    fn try_lock_shared(&self) -> bool {
        self.try_acquire(Shared, Plain::try_lock_shared)
    }

    #[track_caller]
    unsafe fn unlock_shared(&self) {
        self.release(Shared, Plain::unlock_shared);
    }

    #[track_caller]
    fn lock_exclusive(&self) {
        self.acquire(Exclusive, Plain::lock_exclusive);
    }

    #[track_caller]
    fn try_lock_exclusive(&self) -> bool {
        self.try_acquire(Exclusive, Plain::try_lock_exclusive)
    }

    #[track_caller]
    unsafe fn unlock_exclusive(&self) {
        self.release(Exclusive, Plain::unlock_exclusive);
    }

    #[track_caller]
    fn is_locked(&self) -> bool {
        if self.modelled().is_none() {
            return self.plain.is_locked();
        }
        let acquired = self.try_lock_exclusive();
        if acquired {
            // SAFETY: the lock was just taken, and no other thread knows.
            unsafe { lock_api::RawRwLock::unlock_exclusive(self) };
        }
        !acquired
    }

    #[track_caller]
    fn is_locked_exclusive(&self) -> bool {
        if self.modelled().is_none() {
            return self.plain.is_locked_exclusive();
        }
        let acquired = self.try_lock_shared();
        if acquired {
            // SAFETY: the lock was just taken, and no other thread knows.
            unsafe { lock_api::RawRwLock::unlock_shared(self) };
        }
        !acquired
    }
}

// SAFETY: as above; inside a model fairness changes nothing.
unsafe impl RawRwLockFair for RawRwLock {
    #[track_caller]
    unsafe fn unlock_shared_fair(&self) {
        self.release(Shared, Plain::unlock_shared_fair);
    }

    #[track_caller]
    unsafe fn unlock_exclusive_fair(&self) {
        self.release(Exclusive, Plain::unlock_exclusive_fair);
    }
}

// SAFETY: as above.
unsafe impl RawRwLockDowngrade for RawRwLock {
    #[track_caller]
    unsafe fn downgrade(&self) {
        self.change_mode(Exclusive, Shared, Plain::downgrade);
    }
}

// SAFETY: as above.
unsafe impl RawRwLockTimed for RawRwLock {
    type Duration = Duration;
    type Instant = Instant;

    #[track_caller]
    fn try_lock_shared_for(&self, timeout: Duration) -> bool {
        match self.slot.execution() {
            None => self.plain.try_lock_shared_for(timeout),
            Some(execution) => self.try_lock_shared() || execution.time_out(timeout),
        }
    }

    #[track_caller]
    fn try_lock_shared_until(&self, timeout: Instant) -> bool {
        match self.slot.execution() {
            None => self.plain.try_lock_shared_until(timeout.into()),
            Some(execution) => self.try_lock_shared() || execution.time_out_at(timeout),
        }
    }

    #[track_caller]
    fn try_lock_exclusive_for(&self, timeout: Duration) -> bool {
        match self.slot.execution() {
            None => self.plain.try_lock_exclusive_for(timeout),
            Some(execution) => self.try_lock_exclusive() || execution.time_out(timeout),
        }
    }

    #[track_caller]
    fn try_lock_exclusive_until(&self, timeout: Instant) -> bool {
        match self.slot.execution() {
            None => self.plain.try_lock_exclusive_until(timeout.into()),
            Some(execution) => self.try_lock_exclusive() || execution.time_out_at(timeout),
        }
    }
}

// SAFETY: as above; inside a model every read may be recursive.
unsafe impl RawRwLockRecursive for RawRwLock {
    #[track_caller]
    fn lock_shared_recursive(&self) {
        match self.slot.execution() {
            None => self.plain.lock_shared_recursive(),
            Some(_) => self.lock_shared(),
        }
    }

    #[track_caller]
    fn try_lock_shared_recursive(&self) -> bool {
        match self.slot.execution() {
            None => self.plain.try_lock_shared_recursive(),
            Some(_) => self.try_lock_shared(),
        }
    }
}

// SAFETY: as above.
unsafe impl RawRwLockRecursiveTimed for RawRwLock {
    #[track_caller]
    fn try_lock_shared_recursive_for(&self, timeout: Duration) -> bool {
        match self.slot.execution() {
            None => self.plain.try_lock_shared_recursive_for(timeout),
            Some(_) => self.try_lock_shared_for(timeout),
        }
    }

    #[track_caller]
    fn try_lock_shared_recursive_until(&self, timeout: Instant) -> bool {
        match self.slot.execution() {
            None => self.plain.try_lock_shared_recursive_until(timeout.into()),
            Some(_) => self.try_lock_shared_until(timeout),
        }
    }
}
