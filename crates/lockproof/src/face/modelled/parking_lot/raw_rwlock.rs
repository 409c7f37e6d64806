//! The raw read-write lock: `parking_lot`'s, behind the engine's lock inside a model.
//!
//! Whoever holds the lock holds `parking_lot`'s raw lock in the same mode, inside and outside of
//! models; that alone is what makes access to the data exclusive. Inside a model the engine's lock
//! is taken first and released last, so `parking_lot`'s never has to wait.

use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use ::parking_lot::lock_api::{
    self, RawRwLock as _, RawRwLockDowngrade, RawRwLockFair, RawRwLockRecursive,
    RawRwLockRecursiveTimed, RawRwLockTimed,
};

use crate::execution::Execution;
use crate::execution::backend::Birth;
use crate::execution::lock::GuardEnd;
use crate::execution::read_write_lock::ReadWriteLock;
use crate::execution::slot::Slot;
use crate::face::modelled::mutex::held_outside;
use crate::time::Instant;

type Plain = ::parking_lot::RawRwLock;

/// See [`parking_lot::RawRwLock`](::parking_lot::RawRwLock).
pub struct RawRwLock {
    slot: Slot,
    pub(crate) plain: Plain,
    /// Whether the engine knows that the lock is held for writing: see [`ReadWriteLock::write`].
    /// Written by the writer.
    entered: AtomicBool,
}

/// An execution and its side of a lock.
pub(crate) type Modelled = (Rc<Execution>, Rc<ReadWriteLock>);

impl RawRwLock {
    #[track_caller]
    pub(crate) const fn new() -> Self {
        let plain = <Plain as lock_api::RawRwLock>::INIT;
        Self { slot: Slot::new(), plain, entered: AtomicBool::new(false) }
    }

    /// The execution that runs here, and its side of the lock.
    #[track_caller]
    pub(crate) fn modelled(&self) -> Option<Modelled> {
        let execution = self.slot.execution()?;
        let lock = ReadWriteLock::of(&execution, &self.slot, Birth::FirstUse);
        Some((execution, lock))
    }

    /// The same, if the current thread holds the lock there.
    pub(crate) fn held(&self) -> Option<Modelled> {
        let execution = Execution::current()?;
        let lock = self.slot.existing(&execution, &execution.rwlocks)?;
        lock.is_held_by(execution.thread()).then_some((execution, lock))
    }

    /// Notes that the current thread writes, and whether the engine knows.
    pub(crate) fn set_writing(&self, entered: bool) {
        // ORDERING: Relaxed: the flag belongs to whoever holds the lock for writing.
        self.entered.store(entered, Ordering::Relaxed);
        self.slot.change();
    }

    pub(crate) fn entered(&self) -> bool {
        // ORDERING: Relaxed: as above.
        self.entered.load(Ordering::Relaxed)
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
        let Some((execution, lock)) = self.modelled() else { return self.plain.lock_shared() };
        lock.read(&execution, Location::caller());
        expect_free(self.plain.try_lock_shared_recursive());
    }

    #[track_caller]
    fn try_lock_shared(&self) -> bool {
        let Some((execution, lock)) = self.modelled() else { return self.plain.try_lock_shared() };
        let acquired = lock.try_read(&execution, Location::caller());
        if acquired {
            expect_free(self.plain.try_lock_shared_recursive());
        }
        acquired
    }

    unsafe fn unlock_shared(&self) {
        let held = self.held();
        // SAFETY: the caller holds the lock, and parking_lot's with it.
        unsafe { self.plain.unlock_shared() };
        if let Some((execution, lock)) = held {
            lock.unlock_read(&execution);
        }
    }

    #[track_caller]
    fn lock_exclusive(&self) {
        let Some((execution, lock)) = self.modelled() else { return self.plain.lock_exclusive() };
        self.set_writing(lock.write(&execution, Location::caller()));
        expect_free(self.plain.try_lock_exclusive());
    }

    #[track_caller]
    fn try_lock_exclusive(&self) -> bool {
        let Some((execution, lock)) = self.modelled() else {
            return self.plain.try_lock_exclusive();
        };
        let entered = !thread::panicking();
        let acquired = lock.try_write(&execution, Location::caller());
        if acquired {
            self.set_writing(entered);
            expect_free(self.plain.try_lock_exclusive());
        }
        acquired
    }

    unsafe fn unlock_exclusive(&self) {
        let (held, entered) = (self.held(), self.entered());
        // SAFETY: the caller holds the lock, and parking_lot's with it.
        unsafe { self.plain.unlock_exclusive() };
        if let Some((execution, lock)) = held {
            lock.unlock_write(&execution, entered, GuardEnd::UNKNOWN);
        }
    }

    #[track_caller]
    fn is_locked(&self) -> bool {
        if self.modelled().is_none() {
            return self.plain.is_locked();
        }
        let acquired = self.try_lock_exclusive();
        if acquired {
            // SAFETY: the lock was just taken, and nobody else knows.
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
            // SAFETY: the lock was just taken, and nobody else knows.
            unsafe { lock_api::RawRwLock::unlock_shared(self) };
        }
        !acquired
    }
}

// SAFETY: as above; inside a model fairness changes nothing.
unsafe impl RawRwLockFair for RawRwLock {
    unsafe fn unlock_shared_fair(&self) {
        if self.held().is_some() {
            // SAFETY: the caller's promise.
            unsafe { lock_api::RawRwLock::unlock_shared(self) }
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.plain.unlock_shared_fair() }
        }
    }

    unsafe fn unlock_exclusive_fair(&self) {
        if self.held().is_some() {
            // SAFETY: the caller's promise.
            unsafe { lock_api::RawRwLock::unlock_exclusive(self) }
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.plain.unlock_exclusive_fair() }
        }
    }
}

// SAFETY: as above.
unsafe impl RawRwLockDowngrade for RawRwLock {
    #[track_caller]
    unsafe fn downgrade(&self) {
        let (held, entered) = (self.held(), self.entered());
        // SAFETY: the caller holds the lock for writing, and parking_lot's with it.
        unsafe { self.plain.downgrade() };
        if let Some((execution, lock)) = held {
            lock.downgrade(&execution, entered, Location::caller());
        }
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
