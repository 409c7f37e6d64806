//! The condition variable: `parking_lot`'s outside a model, the facade's own inside one.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::super::time::Instant;
use super::MutexGuard;
use super::raw_mutex::RawMutex;
use crate::execution::Execution;
use crate::execution::slot::{Modelled, Slot};
use crate::primitives::condvar::{WaitLimits, condvar, notify, wait};
use crate::trace::WakeUp;

/// See [`parking_lot::Condvar`](::parking_lot::Condvar). Never wakes up spuriously.
///
/// ```
/// use lockproof::parking_lot::{Condvar, Mutex};
/// use std::time::Duration;
///
/// let (ready, changed) = (Mutex::new(false), Condvar::new());
/// assert!(changed.wait_for(&mut ready.lock(), Duration::from_millis(1)).timed_out());
/// ```
pub struct Condvar {
    slot: Slot,
    plain: ::parking_lot::Condvar,
}

/// See [`parking_lot::WaitTimeoutResult`](::parking_lot::WaitTimeoutResult).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether the wait ended by its time-out.
    pub fn timed_out(self) -> bool {
        self.0
    }
}

/// How long a wait may last.
#[derive(Clone, Copy)]
enum Limit {
    None,
    For(Duration),
    Until(Instant),
}

impl Condvar {
    /// See [`parking_lot::Condvar::new`](::parking_lot::Condvar::new).
    #[track_caller]
    pub const fn new() -> Self {
        Self { slot: Slot::new(), plain: ::parking_lot::Condvar::new() }
    }

    /// Wakes one waiting thread; says whether there was one.
    #[track_caller]
    pub fn notify_one(&self) -> bool {
        match condvar(&self.slot) {
            None => self.plain.notify_one(),
            Some(condvar) => notify(&condvar, false, true, Location::caller()) > 0,
        }
    }

    /// Wakes all waiting threads; says how many there were.
    #[track_caller]
    pub fn notify_all(&self) -> usize {
        match condvar(&self.slot) {
            None => self.plain.notify_all(),
            Some(condvar) => notify(&condvar, true, true, Location::caller()),
        }
    }

    /// Waits for a notification, with the lock released meanwhile.
    #[track_caller]
    pub fn wait<T: ?Sized>(&self, mutex_guard: &mut MutexGuard<'_, T>) {
        self.wait_up_to(mutex_guard, Limit::None);
    }

    /// The same, until `timeout` at the latest.
    #[track_caller]
    pub fn wait_until<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        timeout: Instant,
    ) -> WaitTimeoutResult {
        self.wait_up_to(mutex_guard, Limit::Until(timeout))
    }

    /// The same, for `timeout` at most.
    #[track_caller]
    pub fn wait_for<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        timeout: Duration,
    ) -> WaitTimeoutResult {
        self.wait_up_to(mutex_guard, Limit::For(timeout))
    }

    /// Waits as long as `condition` holds.
    #[track_caller]
    pub fn wait_while<T, F>(&self, mutex_guard: &mut MutexGuard<'_, T>, condition: F)
    where
        T: ?Sized,
        F: FnMut(&mut T) -> bool,
    {
        self.wait_while_up_to(mutex_guard, condition, Limit::None);
    }

    /// The same, until `timeout` at the latest.
    #[track_caller]
    pub fn wait_while_until<T, F>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        condition: F,
        timeout: Instant,
    ) -> WaitTimeoutResult
    where
        T: ?Sized,
        F: FnMut(&mut T) -> bool,
    {
        self.wait_while_up_to(mutex_guard, condition, Limit::Until(timeout))
    }

    /// The same, for `timeout` at most.
    #[track_caller]
    pub fn wait_while_for<T, F>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        condition: F,
        timeout: Duration,
    ) -> WaitTimeoutResult
    where
        T: ?Sized,
        F: FnMut(&mut T) -> bool,
    {
        let limit = match Execution::current() {
            // Inside a model the wait itself says when the time is up.
            Some(_) => Limit::For(timeout),
            None => Instant::now().checked_add(timeout).map_or(Limit::None, Limit::Until),
        };
        self.wait_while_up_to(mutex_guard, condition, limit)
    }

    #[track_caller]
    fn wait_while_up_to<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        mut condition: impl FnMut(&mut T) -> bool,
        limit: Limit,
    ) -> WaitTimeoutResult {
        let mut result = WaitTimeoutResult(false);
        while !result.timed_out() && condition(&mut **mutex_guard) {
            result = self.wait_up_to(mutex_guard, limit);
        }
        result
    }

    #[track_caller]
    fn wait_up_to<T: ?Sized>(
        &self,
        mutex_guard: &mut MutexGuard<'_, T>,
        limit: Limit,
    ) -> WaitTimeoutResult {
        // SAFETY: the lock is released and acquired again, in pairs.
        let raw = unsafe { MutexGuard::mutex(mutex_guard).raw() };
        WaitTimeoutResult(match raw.held() {
            None => self.wait_outside(raw, limit),
            Some(mutex) => self.wait_inside(raw, &mutex, limit),
        })
    }

    fn wait_outside(&self, raw: &RawMutex, limit: Limit) -> bool {
        // SAFETY: the caller has a guard, so the lock is held.
        let mut guard = unsafe { raw.plain_guard() };
        match limit {
            Limit::None => {
                self.plain.wait(&mut guard);
                false
            }
            Limit::For(timeout) => self.plain.wait_for(&mut guard, timeout).timed_out(),
            Limit::Until(timeout) => self.plain.wait_until(&mut guard, timeout.into()).timed_out(),
        }
    }

    #[track_caller]
    fn wait_inside(&self, raw: &RawMutex, mutex: &Modelled, limit: Limit) -> bool {
        let at = Location::caller();
        let condvar = condvar(&self.slot).expect("a mutex is held inside a model");
        let time_out = match limit {
            Limit::None => None,
            Limit::For(timeout) => Some(timeout),
            Limit::Until(timeout) => {
                let now = mutex.execution.deadline(Duration::ZERO);
                Some(timeout.in_execution().saturating_sub(now))
            }
        };
        let limits = WaitLimits { time_out, spurious: false };
        raw.released(|| wait(&condvar, mutex, limits, at)) == WakeUp::TimeOut
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}
