//! `Condvar`: std's outside a model, the engine's inside one.

use std::fmt;
use std::panic::Location;
use std::sync::{LockResult, PoisonError};
use std::time::Duration;

use super::mutex::{GuardParts, Mutex, MutexGuard};
use super::poison::guarded;
use crate::execution::slot::Slot;
use crate::primitives::condvar::{WaitLimits, condvar, notify, register, wait};
use crate::primitives::lock::LockedSection;
use crate::trace::{LockMode, WakeUp};

/// A condition variable: [`std::sync::Condvar`], controlled by the engine inside a model.
///
/// Inside a model a time-out is a choice of the schedule: it may fire at any moment after the wait
/// began, and puts the execution's clock forward. Where the engine can choose, a wait may end spuriously and a
/// notification may reach any waiter.
///
/// ```
/// use lockproof::sync::{Condvar, Mutex};
/// use std::time::Duration;
///
/// let (ready, changed) = (Mutex::new(false), Condvar::new());
/// let wait = Duration::from_millis(1);
/// let (ready, timeout) =
///     changed.wait_timeout_while(ready.lock().unwrap(), wait, |ready| !*ready).unwrap();
/// assert!(timeout.timed_out() && !*ready);
/// ```
pub struct Condvar {
    pub(super) slot: Slot,
    plain: std::sync::Condvar,
}

/// Whether a timed wait ended by its time-out: see [`std::sync::WaitTimeoutResult`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// See [`std::sync::WaitTimeoutResult::timed_out`].
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    /// See [`std::sync::Condvar::new`].
    #[track_caller]
    pub const fn new() -> Self {
        Self { slot: Slot::new(), plain: std::sync::Condvar::new() }
    }

    /// See [`std::sync::Condvar::wait`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, with the guard, as std's.
    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        match guard.into_parts() {
            (lock, GuardParts::Plain(data)) => {
                guarded(self.plain.wait(data), |data| lock.guard(data, None))
            }
            (lock, GuardParts::Modelled(section)) => self.wait_modelled(lock, &section, None).0,
        }
    }

    /// See [`std::sync::Condvar::wait_while`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, with the guard, as std's.
    #[track_caller]
    pub fn wait_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: F,
    ) -> LockResult<MutexGuard<'a, T>>
    where
        F: FnMut(&mut T) -> bool,
    {
        while condition(&mut *guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// See [`std::sync::Condvar::wait_timeout`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, with the guard, as std's.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        duration: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        match guard.into_parts() {
            (lock, GuardParts::Plain(data)) => {
                let (data, timed_out) = match self.plain.wait_timeout(data, duration) {
                    Ok((data, result)) => (Ok(data), result.timed_out()),
                    Err(error) => {
                        let (data, result) = error.into_inner();
                        (Err(PoisonError::new(data)), result.timed_out())
                    }
                };
                with_result(guarded(data, |data| lock.guard(data, None)), timed_out)
            }
            (lock, GuardParts::Modelled(section)) => {
                let (guard, by) = self.wait_modelled(lock, &section, Some(duration));
                with_result(guard, by == WakeUp::TimeOut)
            }
        }
    }

    /// See [`std::sync::Condvar::wait_timeout_while`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, with the guard, as std's.
    #[track_caller]
    pub fn wait_timeout_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        duration: Duration,
        mut condition: F,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>
    where
        F: FnMut(&mut T) -> bool,
    {
        let start = std::time::Instant::now();
        let modelled = guard.is_modelled();
        let mut timed_out = duration.is_zero();
        while condition(&mut *guard) {
            // Inside a model the wait itself says when the time is up.
            let left = match duration.checked_sub(start.elapsed()) {
                _ if modelled => duration,
                left => left.unwrap_or_default(),
            };
            if timed_out || left.is_zero() {
                return Ok((guard, WaitTimeoutResult(true)));
            }
            let result;
            (guard, result) = self.wait_timeout(guard, left)?;
            timed_out = modelled && result.timed_out();
        }
        Ok((guard, WaitTimeoutResult(false)))
    }

    /// See [`std::sync::Condvar::notify_one`].
    #[track_caller]
    pub fn notify_one(&self) {
        match condvar(&self.slot) {
            None => self.plain.notify_one(),
            Some(condvar) => {
                notify(&condvar, false, false, Location::caller());
            }
        }
    }

    /// See [`std::sync::Condvar::notify_all`].
    #[track_caller]
    pub fn notify_all(&self) {
        match condvar(&self.slot) {
            None => self.plain.notify_all(),
            Some(condvar) => {
                notify(&condvar, true, false, Location::caller());
            }
        }
    }

    /// Makes the engine's side now, if a model runs.
    pub(super) fn register(&self) {
        register(&self.slot);
    }

    #[track_caller]
    fn wait_modelled<'a, T>(
        &self,
        lock: &'a Mutex<T>,
        section: &LockedSection,
        time_out: Option<Duration>,
    ) -> (LockResult<MutexGuard<'a, T>>, WakeUp) {
        let (mutex, condvar) = section.lock().zip(condvar(&self.slot)).expect(
            "a guard of one execution is waited with in another: keep guards inside the model",
        );
        let limits = WaitLimits { time_out, spurious: true };
        let by = wait(&condvar, &mutex, limits, Location::caller());
        (lock.hold(LockedSection::begin(&mutex, LockMode::Exclusive)), by)
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

type Timed<'a, T> = LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>;

fn with_result<T>(guard: LockResult<MutexGuard<'_, T>>, timed_out: bool) -> Timed<'_, T> {
    match guard {
        Ok(guard) => Ok((guard, WaitTimeoutResult(timed_out))),
        Err(error) => Err(PoisonError::new((error.into_inner(), WaitTimeoutResult(timed_out)))),
    }
}
