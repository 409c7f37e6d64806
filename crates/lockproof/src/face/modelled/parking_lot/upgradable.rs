//! Upgradable reads: a reader that holds the turnstile, so that no writer comes in before it.

use std::panic::Location;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use ::parking_lot::lock_api::{
    RawRwLockUpgrade, RawRwLockUpgradeDowngrade, RawRwLockUpgradeFair, RawRwLockUpgradeTimed,
};

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::lock::must_not_unwind;
use crate::execution::read_write_lock::ReadWriteLock;
use crate::execution::run::Need;
use crate::execution::threads::Waiting;
use crate::face::modelled::parking_lot::raw_rwlock::{RawRwLock, expect_free};
use crate::time::Instant;
use crate::trace::Operation;

type Place = &'static Location<'static>;

impl ReadWriteLock {
    fn record(&self, execution: &Execution, operation: Operation, location: Place) {
        execution.record(operation, Some(self.object), location);
    }

    fn require_turnstile(&self, execution: &Execution) {
        if self.turnstile.is_none() {
            execution.run.start_again_with(Need::Turnstiles);
        }
    }

    fn lock_upgradable(&self, execution: &Execution, location: Place) {
        must_not_unwind(execution, location);
        self.require_turnstile(execution);
        let (thread, waiting) = (execution.thread(), Waiting::UpgradableLock(self.index));
        let holder = self.writer.get().or(self.upgrader.get());
        execution.fail_if_own(
            holder.is_some_and(|(holder, _)| holder == thread),
            waiting,
            location,
        );
        if let Some(turnstile) = &self.turnstile {
            execution.wait(waiting, location, || turnstile.lock());
        }
        if !self.reads(thread) {
            execution.wait(waiting, location, || self.peer.read(thread));
        }
        self.become_upgradable(execution, Operation::UpgradableReadLock, location);
    }

    fn become_upgradable(&self, execution: &Execution, operation: Operation, location: Place) {
        let holder = (execution.thread(), location);
        self.upgrader.set(Some(holder));
        self.readers.borrow_mut().push(holder);
        self.record(execution, operation, location);
    }

    fn try_lock_upgradable(self: &Rc<Self>, execution: &Execution, location: Place) -> bool {
        must_not_unwind(execution, location);
        self.require_turnstile(execution);
        execution.uses(BlindSpot::TryLock);
        let thread = execution.thread();
        let holder = self.writer.get().or(self.upgrader.get());
        let mine = holder.is_some_and(|(holder, _)| holder == thread);
        let passed = !mine
            && self.turnstile.as_ref().is_some_and(|turnstile| {
                execution.engine(|| turnstile.try_lock()).unwrap_or_default()
            });
        let acquired = passed
            && (self.reads(thread)
                || execution.engine(|| self.peer.try_read(thread)).unwrap_or_default());
        if acquired {
            let operation = Operation::TryUpgradableReadLock { acquired };
            self.become_upgradable(execution, operation, location);
        } else {
            if passed {
                self.leave_turnstile(execution);
            }
            self.record(execution, Operation::TryUpgradableReadLock { acquired }, location);
        }
        acquired
    }

    fn unlock_upgradable(self: &Rc<Self>, execution: &Execution) {
        self.upgrader.set(None);
        self.unlock_read(execution);
        self.leave_turnstile(execution);
    }

    /// Gives up the read lock, but not the turnstile.
    fn stop_reading(&self, execution: &Execution) {
        let thread = execution.thread();
        let mut readers = self.readers.borrow_mut();
        if let Some(index) = readers.iter().rposition(|(reader, _)| *reader == thread) {
            readers.remove(index);
        }
        drop(readers);
        if !self.reads(thread) {
            execution.engine(|| self.peer.unlock_read(thread));
        }
    }

    fn upgrade(&self, execution: &Execution, location: Place) -> bool {
        must_not_unwind(execution, location);
        let (thread, waiting) = (execution.thread(), Waiting::WriteLock(self.index));
        self.stop_reading(execution);
        execution.fail_if_own(self.reads(thread), waiting, location);
        let entered = execution.wait(waiting, location, || self.peer.write()).is_some();
        self.upgrader.set(None);
        self.writer.set(Some((thread, location)));
        self.record(execution, Operation::Upgrade, location);
        entered
    }

    fn try_upgrade(&self, execution: &Execution, location: Place) -> bool {
        must_not_unwind(execution, location);
        execution.uses(BlindSpot::TryLock);
        let thread = execution.thread();
        self.stop_reading(execution);
        let acquired =
            !self.reads(thread) && execution.engine(|| self.peer.try_write()).unwrap_or_default();
        if acquired {
            self.upgrader.set(None);
            self.writer.set(Some((thread, location)));
        } else {
            // Only readers can have come in: this does not wait.
            if !self.reads(thread) {
                execution.engine(|| self.peer.read(thread));
            }
            self.readers.borrow_mut().push((thread, location));
        }
        self.record(execution, Operation::TryUpgrade { acquired }, location);
        acquired
    }

    fn downgrade_upgradable(self: &Rc<Self>, execution: &Execution, location: Place) {
        self.upgrader.set(None);
        self.record(execution, Operation::DowngradeUpgradable, location);
        self.leave_turnstile(execution);
    }

    fn downgrade_to_upgradable(&self, execution: &Execution, entered: bool, location: Place) {
        must_not_unwind(execution, location);
        self.require_turnstile(execution);
        self.writer.set(None);
        self.become_upgradable(execution, Operation::DowngradeToUpgradable, location);
        if entered {
            execution.engine(|| self.peer.unlock_write());
        }
        execution.engine(|| self.peer.read(execution.thread()));
    }
}

// SAFETY: as for `RawRwLock` itself: parking_lot's lock is held in the same mode.
unsafe impl RawRwLockUpgrade for RawRwLock {
    #[track_caller]
    fn lock_upgradable(&self) {
        let Some((execution, lock)) = self.modelled() else { return self.plain.lock_upgradable() };
        lock.lock_upgradable(&execution, Location::caller());
        expect_free(self.plain.try_lock_upgradable());
    }

    #[track_caller]
    fn try_lock_upgradable(&self) -> bool {
        let Some((execution, lock)) = self.modelled() else {
            return self.plain.try_lock_upgradable();
        };
        let acquired = lock.try_lock_upgradable(&execution, Location::caller());
        if acquired {
            expect_free(self.plain.try_lock_upgradable());
        }
        acquired
    }

    unsafe fn unlock_upgradable(&self) {
        let held = self.held();
        // SAFETY: the caller holds the lock, and parking_lot's with it.
        unsafe { self.plain.unlock_upgradable() };
        if let Some((execution, lock)) = held {
            lock.unlock_upgradable(&execution);
        }
    }

    #[track_caller]
    unsafe fn upgrade(&self) {
        let Some((execution, lock)) = self.held() else {
            // SAFETY: the caller's promise.
            return unsafe { self.plain.upgrade() };
        };
        self.set_writing(lock.upgrade(&execution, Location::caller()));
        // SAFETY: the caller holds parking_lot's lock as upgradable.
        expect_free(unsafe { self.plain.try_upgrade() });
    }

    #[track_caller]
    unsafe fn try_upgrade(&self) -> bool {
        let Some((execution, lock)) = self.held() else {
            // SAFETY: the caller's promise.
            return unsafe { self.plain.try_upgrade() };
        };
        let entered = !thread::panicking();
        let acquired = lock.try_upgrade(&execution, Location::caller());
        if acquired {
            self.set_writing(entered);
            // SAFETY: the caller holds parking_lot's lock as upgradable.
            expect_free(unsafe { self.plain.try_upgrade() });
        }
        acquired
    }
}

// SAFETY: as above; inside a model fairness changes nothing.
unsafe impl RawRwLockUpgradeFair for RawRwLock {
    unsafe fn unlock_upgradable_fair(&self) {
        if self.held().is_some() {
            // SAFETY: the caller's promise.
            unsafe { self.unlock_upgradable() }
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.plain.unlock_upgradable_fair() }
        }
    }
}

// SAFETY: as above.
unsafe impl RawRwLockUpgradeDowngrade for RawRwLock {
    #[track_caller]
    unsafe fn downgrade_upgradable(&self) {
        let held = self.held();
        // SAFETY: the caller holds parking_lot's lock as upgradable.
        unsafe { self.plain.downgrade_upgradable() };
        if let Some((execution, lock)) = held {
            lock.downgrade_upgradable(&execution, Location::caller());
        }
    }

    #[track_caller]
    unsafe fn downgrade_to_upgradable(&self) {
        let (held, entered) = (self.held(), self.entered());
        // SAFETY: the caller holds parking_lot's lock for writing.
        unsafe { self.plain.downgrade_to_upgradable() };
        if let Some((execution, lock)) = held {
            lock.downgrade_to_upgradable(&execution, entered, Location::caller());
        }
    }
}

// SAFETY: as above.
unsafe impl RawRwLockUpgradeTimed for RawRwLock {
    #[track_caller]
    fn try_lock_upgradable_for(&self, timeout: Duration) -> bool {
        match self.modelled() {
            None => self.plain.try_lock_upgradable_for(timeout),
            Some((execution, _)) => self.try_lock_upgradable() || execution.time_out(timeout),
        }
    }

    #[track_caller]
    fn try_lock_upgradable_until(&self, timeout: Instant) -> bool {
        match self.modelled() {
            None => self.plain.try_lock_upgradable_until(timeout.into()),
            Some((execution, _)) => self.try_lock_upgradable() || execution.time_out_at(timeout),
        }
    }

    #[track_caller]
    unsafe fn try_upgrade_for(&self, timeout: Duration) -> bool {
        match self.held() {
            // SAFETY: the caller's promise.
            None => unsafe { self.plain.try_upgrade_for(timeout) },
            Some((execution, _)) => {
                // SAFETY: the caller's promise.
                let acquired = unsafe { self.try_upgrade() };
                acquired || execution.time_out(timeout)
            }
        }
    }

    #[track_caller]
    unsafe fn try_upgrade_until(&self, timeout: Instant) -> bool {
        match self.held() {
            // SAFETY: the caller's promise.
            None => unsafe { self.plain.try_upgrade_until(timeout.into()) },
            Some((execution, _)) => {
                // SAFETY: the caller's promise.
                let acquired = unsafe { self.try_upgrade() };
                acquired || execution.time_out_at(timeout)
            }
        }
    }
}
