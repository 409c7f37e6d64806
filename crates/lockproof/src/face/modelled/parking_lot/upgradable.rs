//! Upgradable reads of the raw read-write lock.

use std::panic::Location;
use std::time::Duration;

use ::parking_lot::lock_api::{
    RawRwLockUpgrade, RawRwLockUpgradeDowngrade, RawRwLockUpgradeFair, RawRwLockUpgradeTimed,
};

use super::super::time::Instant;
use super::raw_rwlock::{Plain, RawRwLock, expect_free};
use crate::execution::intent::Intent;
use crate::trace::LockMode::{Exclusive, Shared, Upgradable};

// SAFETY: as for `RawRwLock` itself: parking_lot's lock is held in the same mode.
unsafe impl RawRwLockUpgrade for RawRwLock {
    #[track_caller]
    fn lock_upgradable(&self) {
        self.acquire(Upgradable, Plain::lock_upgradable);
    }

    #[track_caller]
    fn try_lock_upgradable(&self) -> bool {
        self.try_acquire(Upgradable, Plain::try_lock_upgradable)
    }

    #[track_caller]
    unsafe fn unlock_upgradable(&self) {
        self.release(Upgradable, Plain::unlock_upgradable);
    }

    #[track_caller]
    unsafe fn upgrade(&self) {
        let Some(lock) = self.held() else {
            // SAFETY: the caller's promise.
            return unsafe { self.plain.upgrade() };
        };
        lock.perform(Intent::Upgrade, Location::caller());
        self.change();
        // SAFETY: the caller holds parking_lot's lock as upgradable.
        expect_free(unsafe { self.plain.try_upgrade() });
    }

    #[track_caller]
    unsafe fn try_upgrade(&self) -> bool {
        let Some(lock) = self.held() else {
            // SAFETY: the caller's promise.
            return unsafe { self.plain.try_upgrade() };
        };
        let acquired = lock.perform(Intent::TryUpgrade, Location::caller()).acquired();
        if acquired {
            self.change();
            // SAFETY: the caller holds parking_lot's lock as upgradable.
            expect_free(unsafe { self.plain.try_upgrade() });
        }
        acquired
    }
}

// SAFETY: as above; inside a model fairness changes nothing.
unsafe impl RawRwLockUpgradeFair for RawRwLock {
    #[track_caller]
    unsafe fn unlock_upgradable_fair(&self) {
        self.release(Upgradable, Plain::unlock_upgradable_fair);
    }
}

// SAFETY: as above.
unsafe impl RawRwLockUpgradeDowngrade for RawRwLock {
    #[track_caller]
    unsafe fn downgrade_upgradable(&self) {
        self.change_mode(Upgradable, Shared, Plain::downgrade_upgradable);
    }

    #[track_caller]
    unsafe fn downgrade_to_upgradable(&self) {
        self.change_mode(Exclusive, Upgradable, Plain::downgrade_to_upgradable);
    }
}

// SAFETY: as above.
unsafe impl RawRwLockUpgradeTimed for RawRwLock {
    #[track_caller]
    fn try_lock_upgradable_for(&self, timeout: Duration) -> bool {
        match self.modelled() {
            None => self.plain.try_lock_upgradable_for(timeout),
            Some(lock) => self.try_lock_upgradable() || lock.execution.time_out(timeout),
        }
    }

    #[track_caller]
    fn try_lock_upgradable_until(&self, timeout: Instant) -> bool {
        match self.modelled() {
            None => self.plain.try_lock_upgradable_until(timeout.into()),
            Some(lock) => self.try_lock_upgradable() || lock.execution.time_out_at(timeout),
        }
    }

    #[track_caller]
    unsafe fn try_upgrade_for(&self, timeout: Duration) -> bool {
        match self.held() {
            // SAFETY: the caller's promise.
            None => unsafe { self.plain.try_upgrade_for(timeout) },
            Some(lock) => {
                // SAFETY: the caller's promise.
                let acquired = unsafe { self.try_upgrade() };
                acquired || lock.execution.time_out(timeout)
            }
        }
    }

    #[track_caller]
    unsafe fn try_upgrade_until(&self, timeout: Instant) -> bool {
        match self.held() {
            // SAFETY: the caller's promise.
            None => unsafe { self.plain.try_upgrade_until(timeout.into()) },
            Some(lock) => {
                // SAFETY: the caller's promise.
                let acquired = unsafe { self.try_upgrade() };
                acquired || lock.execution.time_out_at(timeout)
            }
        }
    }
}
