//! The raw mutex: `parking_lot`'s, behind the engine's lock inside a model.
//!
//! The thread that holds the lock holds `parking_lot`'s raw lock, inside and outside of models; that
//! alone is what makes access to the data exclusive.

use std::mem::ManuallyDrop;
use std::num::NonZeroUsize;
use std::panic::Location;
use std::time::Duration;

use ::parking_lot::lock_api::{self, GetThreadId, RawMutex as _, RawMutexFair, RawMutexTimed};

use super::super::poison::held_outside;
use super::super::time::Instant;
use super::caller_of_release;
use crate::execution::Execution;
use crate::execution::intent::{GuardEnd, Intent};
use crate::execution::slot::{Modelled, Slot};
use crate::primitives::lock::{held, mutex};
use crate::trace::LockMode::Exclusive;

/// See [`parking_lot::RawMutex`](::parking_lot::RawMutex).
pub struct RawMutex {
    slot: Slot,
    /// A whole mutex, for `parking_lot`'s condition variable to wait with.
    plain: ::parking_lot::Mutex<()>,
}

impl RawMutex {
    #[track_caller]
    pub(super) const fn new() -> Self {
        Self { slot: Slot::new(), plain: ::parking_lot::const_mutex(()) }
    }

    /// Takes `parking_lot`'s lock, which is free once the engine's is held.
    #[track_caller]
    fn take(&self) {
        self.slot.change();
        if !self.plain().try_lock() {
            held_outside();
        }
    }

    /// The lock inside a model, if the current thread holds it there.
    pub(super) fn held(&self) -> Option<Modelled> {
        held(&self.slot)
    }

    /// Runs `wait` while the lock is released: the current thread holds it inside a model.
    #[track_caller]
    pub(super) fn released<R>(&self, wait: impl FnOnce() -> R) -> R {
        // SAFETY: the current thread holds the lock, and parking_lot's with it.
        unsafe { self.plain().unlock() };
        let result = wait();
        self.take();
        result
    }

    /// A guard of `parking_lot`'s lock that does not release it.
    ///
    /// # Safety
    ///
    /// The current thread holds the lock.
    pub(super) unsafe fn plain_guard(&self) -> ManuallyDrop<::parking_lot::MutexGuard<'_, ()>> {
        // SAFETY: the caller's promise.
        ManuallyDrop::new(unsafe { self.plain.make_guard_unchecked() })
    }

    fn plain(&self) -> &::parking_lot::RawMutex {
        // SAFETY: the lock is released only by those who hold it.
        unsafe { self.plain.raw() }
    }
}

// SAFETY: the lock is held exactly while parking_lot's raw lock is, which excludes others.
unsafe impl lock_api::RawMutex for RawMutex {
    const INIT: Self = Self::new();

    type GuardMarker = <::parking_lot::RawMutex as lock_api::RawMutex>::GuardMarker;

    #[track_caller]
    fn lock(&self) {
        match mutex(&self.slot) {
            None => self.plain().lock(),
            Some(mutex) => {
                mutex.perform(Intent::Acquire(Exclusive), Location::caller());
                self.take();
            }
        }
    }

    #[track_caller]
    fn try_lock(&self) -> bool {
        let Some(mutex) = mutex(&self.slot) else { return self.plain().try_lock() };
        let intent = Intent::TryAcquire(Exclusive);
        let acquired = mutex.perform(intent, Location::caller()).acquired();
        if acquired {
            self.take();
        }
        acquired
    }

    #[track_caller]
    unsafe fn unlock(&self) {
        let held = self.held();
        // SAFETY: the caller holds the lock, and parking_lot's with it.
        unsafe { self.plain().unlock() };
        if let Some(mutex) = held {
            mutex.release(Exclusive, GuardEnd::UNKNOWN, caller_of_release());
        }
    }

    #[track_caller]
    fn is_locked(&self) -> bool {
        if self.slot.execution().is_none() {
            return self.plain().is_locked();
        }
        let acquired = self.try_lock();
        if acquired {
            // SAFETY: the lock was just taken, and no other thread knows.
            unsafe { self.unlock() };
        }
        !acquired
    }
}

// SAFETY: as above; inside a model fairness changes nothing.
unsafe impl RawMutexFair for RawMutex {
    #[track_caller]
    unsafe fn unlock_fair(&self) {
        if self.held().is_some() {
            // SAFETY: the caller's promise.
            unsafe { self.unlock() }
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.plain().unlock_fair() }
        }
    }
}

// SAFETY: as above.
unsafe impl RawMutexTimed for RawMutex {
    type Duration = Duration;
    type Instant = Instant;

    #[track_caller]
    fn try_lock_for(&self, timeout: Duration) -> bool {
        match self.slot.execution() {
            None => self.plain().try_lock_for(timeout),
            Some(execution) => self.try_lock() || execution.time_out(timeout),
        }
    }

    #[track_caller]
    fn try_lock_until(&self, timeout: Instant) -> bool {
        match self.slot.execution() {
            None => self.plain().try_lock_until(timeout.into()),
            Some(execution) => self.try_lock() || execution.time_out_at(timeout),
        }
    }
}

/// See [`parking_lot::RawFairMutex`](::parking_lot::RawFairMutex).
pub struct RawFairMutex(RawMutex);

impl RawFairMutex {
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Self(RawMutex::new())
    }
}

// SAFETY: it is the raw mutex, with a fair unlock.
unsafe impl lock_api::RawMutex for RawFairMutex {
    const INIT: Self = Self::new();

    type GuardMarker = <RawMutex as lock_api::RawMutex>::GuardMarker;

    #[track_caller]
    fn lock(&self) {
        self.0.lock();
    }

    #[track_caller]
    fn try_lock(&self) -> bool {
        self.0.try_lock()
    }

    #[track_caller]
    unsafe fn unlock(&self) {
        // SAFETY: the caller's promise.
        unsafe { self.0.unlock_fair() }
    }

    #[track_caller]
    fn is_locked(&self) -> bool {
        self.0.is_locked()
    }
}

// SAFETY: as above.
unsafe impl RawMutexFair for RawFairMutex {
    #[track_caller]
    unsafe fn unlock_fair(&self) {
        // SAFETY: the caller's promise.
        unsafe { self.0.unlock_fair() }
    }
}

// SAFETY: as above.
unsafe impl RawMutexTimed for RawFairMutex {
    type Duration = Duration;
    type Instant = Instant;

    #[track_caller]
    fn try_lock_for(&self, timeout: Duration) -> bool {
        self.0.try_lock_for(timeout)
    }

    #[track_caller]
    fn try_lock_until(&self, timeout: Instant) -> bool {
        self.0.try_lock_until(timeout)
    }
}

/// See [`parking_lot::RawThreadId`](::parking_lot::RawThreadId).
pub struct RawThreadId;

// SAFETY: outside of models the number is parking_lot's. Inside one it is that of the model's
// thread, unique among the threads that can reach the same lock, with a bit that no address has.
unsafe impl GetThreadId for RawThreadId {
    const INIT: Self = Self;

    fn nonzero_thread_id(&self) -> NonZeroUsize {
        match Execution::current() {
            None => <::parking_lot::RawThreadId as GetThreadId>::INIT.nonzero_thread_id(),
            Some(execution) => {
                NonZeroUsize::MIN.saturating_add(execution.thread()) | (1 << (usize::BITS - 1))
            }
        }
    }
}
