//! `Mutex`: std's, behind the engine's lock inside a model.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::rc::Rc;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};
use std::thread;

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::backend::Birth;
use crate::execution::lock::{GuardEnd, MutexLock};
use crate::execution::slot::{Epoch, Slot};

/// A mutual exclusion primitive: [`std::sync::Mutex`], controlled by the engine inside a model.
///
/// A thread that locks a mutex which it holds already is reported as a deadlock.
///
/// ```
/// let total = lockproof::sync::Mutex::new(1);
/// *total.lock().unwrap() += 1;
/// assert_eq!(total.into_inner().unwrap(), 2);
/// ```
pub struct Mutex<T: ?Sized> {
    pub(crate) slot: Slot,
    data: std::sync::Mutex<T>,
}

impl<T> Mutex<T> {
    /// See [`std::sync::Mutex::new`].
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { slot: Slot::new(), data: std::sync::Mutex::new(value) }
    }

    /// See [`std::sync::Mutex::into_inner`].
    pub fn into_inner(self) -> LockResult<T> {
        self.data.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// See [`std::sync::Mutex::lock`].
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let Some(execution) = self.slot.execution() else { return self.take(None) };
        let lock = self.peer(&execution);
        let entered = lock.lock(&execution, Location::caller());
        self.take(Some(Hold::new(&execution, &lock, entered)))
    }

    /// See [`std::sync::Mutex::try_lock`].
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let Some(execution) = self.slot.execution() else {
            return match self.data.try_lock() {
                Ok(data) => Ok(self.guard(data, None)),
                Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
                Err(TryLockError::Poisoned(error)) => {
                    Err(PoisonError::new(self.guard(error.into_inner(), None)).into())
                }
            };
        };
        let lock = self.peer(&execution);
        let entered = !thread::panicking();
        if !lock.try_lock(&execution, Location::caller()) {
            return Err(TryLockError::WouldBlock);
        }
        Ok(self.take(Some(Hold::new(&execution, &lock, entered)))?)
    }

    /// See [`std::sync::Mutex::is_poisoned`].
    pub fn is_poisoned(&self) -> bool {
        look_at_poison();
        self.data.is_poisoned()
    }

    /// See [`std::sync::Mutex::clear_poison`].
    pub fn clear_poison(&self) {
        look_at_poison();
        self.data.clear_poison();
    }

    /// See [`std::sync::Mutex::get_mut`].
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.data.get_mut()
    }

    /// Makes the engine's side now, if a model runs.
    pub(crate) fn register(&self) {
        if let Some(execution) = Execution::current() {
            MutexLock::of(&execution, &self.slot, Birth::Made);
        }
    }

    #[track_caller]
    fn peer(&self, execution: &Execution) -> Rc<MutexLock> {
        MutexLock::of(execution, &self.slot, Birth::FirstUse)
    }

    /// Takes the data, which is free once the engine's lock is held.
    #[track_caller]
    fn take(&self, hold: Option<Hold>) -> LockResult<MutexGuard<'_, T>> {
        let data = match &hold {
            None => self.data.lock(),
            Some(_) => match self.data.try_lock() {
                Ok(data) => Ok(data),
                Err(TryLockError::Poisoned(error)) => Err(error),
                Err(TryLockError::WouldBlock) => held_outside(),
            },
        };
        match data {
            Ok(data) => Ok(self.guard(data, hold)),
            Err(error) => Err(PoisonError::new(self.guard(error.into_inner(), hold))),
        }
    }

    fn guard<'a>(
        &'a self,
        data: std::sync::MutexGuard<'a, T>,
        hold: Option<Hold>,
    ) -> MutexGuard<'a, T> {
        let panicking = thread::panicking();
        MutexGuard { lock: self, panicking, changes: false, data: Some(data), hold }
    }
}

/// Whoever looks at a poison without the lock may do so while its holder unwinds: no operation that
/// an engine schedules.
pub(crate) fn look_at_poison() {
    if let Some(execution) = Execution::current().filter(|execution| execution.others_run()) {
        execution.uses(BlindSpot::Unwinding);
    }
}

/// A lock that is free in the model, but not in the process.
#[track_caller]
pub(crate) fn held_outside() -> ! {
    panic!(
        "a lock of the model is held by a thread that is not part of it: spawn the threads of a \
         model with `lockproof::thread`, and keep its locks to itself"
    )
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.data.fmt(f)
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// The engine's lock, held for a guard: by number, so that a guard can be shared as std's can.
pub(crate) struct Hold {
    epoch: Epoch,
    index: usize,
    /// Whether the engine knows: see [`MutexLock::lock`].
    entered: bool,
}

impl Hold {
    pub(crate) fn new(execution: &Execution, lock: &MutexLock, entered: bool) -> Self {
        Self { epoch: execution.epoch(), index: lock.index, entered }
    }

    /// The execution that the lock belongs to, unless that is over.
    pub(crate) fn execution(&self) -> Option<Rc<Execution>> {
        Execution::current().filter(|execution| execution.epoch() == self.epoch)
    }

    /// Releases the engine's lock for good.
    fn unlock(&self, end: GuardEnd) {
        if let Some(execution) = self.execution() {
            execution.mutexes.get(self.index).unlock(&execution, self.entered, end);
        }
    }

    /// The lock in its own execution.
    pub(crate) fn lock(&self, execution: &Execution) -> Rc<MutexLock> {
        execution.mutexes.get(self.index)
    }
}

/// Holds a [`Mutex`] until it is dropped: see [`std::sync::MutexGuard`].
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized> {
    pub(crate) lock: &'a Mutex<T>,
    /// Whether the thread was unwinding when it took the lock: then the drop does not poison.
    panicking: bool,
    /// Whether it was borrowed mutably.
    changes: bool,
    /// `None` only while a condition variable has the lock.
    data: Option<std::sync::MutexGuard<'a, T>>,
    hold: Option<Hold>,
}

// SAFETY: whoever shares a guard can only read what it protects, which may be shared; the lock
// itself is reached by those who own the guard.
unsafe impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T> {}

/// What a guard consists of, while a condition variable waits in its stead.
pub(crate) enum Parts<'a, T: ?Sized> {
    Plain(std::sync::MutexGuard<'a, T>),
    Modelled(Hold),
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// Takes the guard apart: inside a model std's lock is released, outside it is handed on.
    pub(crate) fn into_parts(mut self) -> (&'a Mutex<T>, Parts<'a, T>) {
        let data = self.data.take().expect("a guard has its data until it is taken apart");
        let parts = match self.hold.take() {
            None => Parts::Plain(data),
            Some(hold) => Parts::Modelled(hold),
        };
        (self.lock, parts)
    }

    /// Whether the guard belongs to a running model.
    pub(crate) fn is_modelled(&self) -> bool {
        self.hold.is_some()
    }

    /// A guard over what a condition variable gave back.
    pub(crate) fn from_plain(
        lock: &'a Mutex<T>,
        data: LockResult<std::sync::MutexGuard<'a, T>>,
    ) -> LockResult<Self> {
        match data {
            Ok(data) => Ok(lock.guard(data, None)),
            Err(error) => Err(PoisonError::new(lock.guard(error.into_inner(), None))),
        }
    }

    /// A guard over the engine's lock, which is held.
    #[track_caller]
    pub(crate) fn from_hold(lock: &'a Mutex<T>, hold: Hold) -> LockResult<Self> {
        lock.take(Some(hold))
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.data.as_deref().expect("a guard has its data until it is taken apart")
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        if self.hold.is_some() {
            self.lock.slot.change();
            self.changes = true;
        }
        self.data.as_deref_mut().expect("a guard has its data until it is taken apart")
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // std's lock first, so that it is free for whoever the engine lets in next.
        drop(self.data.take());
        if let Some(hold) = self.hold.take() {
            let poisons = !self.panicking && thread::panicking();
            if poisons {
                self.lock.slot.change();
            }
            hold.unlock(GuardEnd { poisons, changes: Some(self.changes) });
        }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
