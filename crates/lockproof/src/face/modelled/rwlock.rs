//! `RwLock`: std's, behind the engine's lock inside a model.

use std::fmt;
use std::panic::Location;
use std::rc::Rc;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};
use std::thread;

use crate::execution::Execution;
use crate::execution::backend::Birth;
use crate::execution::read_write_lock::ReadWriteLock;
use crate::execution::slot::Slot;
use crate::face::modelled::mutex::{held_outside, look_at_poison};
use crate::face::modelled::rwlock_guard::{Hold, RwLockReadGuard, RwLockWriteGuard};

/// A reader-writer lock: [`std::sync::RwLock`], controlled by the engine inside a model.
///
/// Inside a model a thread may read recursively; a thread that asks for a lock which it holds in
/// the other mode is reported as a deadlock.
///
/// ```
/// let settings = lockproof::sync::RwLock::new(vec![1]);
/// settings.write().unwrap().push(2);
/// assert_eq!(settings.read().unwrap().len(), 2);
/// ```
pub struct RwLock<T: ?Sized> {
    pub(crate) slot: Slot,
    data: std::sync::RwLock<T>,
}

impl<T> RwLock<T> {
    /// See [`std::sync::RwLock::new`].
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { slot: Slot::new(), data: std::sync::RwLock::new(value) }
    }

    /// See [`std::sync::RwLock::into_inner`].
    pub fn into_inner(self) -> LockResult<T> {
        self.data.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// See [`std::sync::RwLock::read`].
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let Some(execution) = self.slot.execution() else {
            return guarded(self.data.read(), |data| RwLockReadGuard::new(data, None));
        };
        let lock = self.peer(&execution);
        lock.read(&execution, Location::caller());
        self.take_read(Hold::new(&execution, &lock, true))
    }

    /// See [`std::sync::RwLock::try_read`].
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let Some(execution) = self.slot.execution() else {
            return try_guarded(self.data.try_read(), |data| RwLockReadGuard::new(data, None));
        };
        let lock = self.peer(&execution);
        if !lock.try_read(&execution, Location::caller()) {
            return Err(TryLockError::WouldBlock);
        }
        Ok(self.take_read(Hold::new(&execution, &lock, true))?)
    }

    /// See [`std::sync::RwLock::write`].
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let Some(execution) = self.slot.execution() else {
            return guarded(self.data.write(), |data| {
                RwLockWriteGuard::new(&self.slot, data, None)
            });
        };
        let lock = self.peer(&execution);
        let entered = lock.write(&execution, Location::caller());
        self.take_write(Hold::new(&execution, &lock, entered))
    }

    /// See [`std::sync::RwLock::try_write`].
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let Some(execution) = self.slot.execution() else {
            return try_guarded(self.data.try_write(), |data| {
                RwLockWriteGuard::new(&self.slot, data, None)
            });
        };
        let lock = self.peer(&execution);
        let entered = !thread::panicking();
        if !lock.try_write(&execution, Location::caller()) {
            return Err(TryLockError::WouldBlock);
        }
        Ok(self.take_write(Hold::new(&execution, &lock, entered))?)
    }

    /// See [`std::sync::RwLock::is_poisoned`].
    pub fn is_poisoned(&self) -> bool {
        look_at_poison();
        self.data.is_poisoned()
    }

    /// See [`std::sync::RwLock::clear_poison`].
    pub fn clear_poison(&self) {
        look_at_poison();
        self.data.clear_poison();
    }

    /// See [`std::sync::RwLock::get_mut`].
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.data.get_mut()
    }

    /// Makes the engine's side now, if a model runs.
    pub(crate) fn register(&self) {
        if let Some(execution) = Execution::current() {
            ReadWriteLock::of(&execution, &self.slot, Birth::Made);
        }
    }

    #[track_caller]
    fn peer(&self, execution: &Execution) -> Rc<ReadWriteLock> {
        ReadWriteLock::of(execution, &self.slot, Birth::FirstUse)
    }

    #[track_caller]
    fn take_read(&self, hold: Hold) -> LockResult<RwLockReadGuard<'_, T>> {
        let data = free_inside(self.data.try_read());
        guarded(data, |data| RwLockReadGuard::new(data, Some(hold)))
    }

    #[track_caller]
    fn take_write(&self, hold: Hold) -> LockResult<RwLockWriteGuard<'_, T>> {
        let data = free_inside(self.data.try_write());
        guarded(data, |data| RwLockWriteGuard::new(&self.slot, data, Some(hold)))
    }
}

/// The answer of std's lock when the engine's is held: it must be free.
#[track_caller]
fn free_inside<G>(data: TryLockResult<G>) -> LockResult<G> {
    match data {
        Ok(data) => Ok(data),
        Err(TryLockError::Poisoned(error)) => Err(error),
        Err(TryLockError::WouldBlock) => held_outside(),
    }
}

fn guarded<D, G>(data: LockResult<D>, guard: impl FnOnce(D) -> G) -> LockResult<G> {
    match data {
        Ok(data) => Ok(guard(data)),
        Err(error) => Err(PoisonError::new(guard(error.into_inner()))),
    }
}

fn try_guarded<D, G>(data: TryLockResult<D>, guard: impl FnOnce(D) -> G) -> TryLockResult<G> {
    match data {
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        Err(TryLockError::Poisoned(error)) => Ok(guarded(Err(error), guard)?),
        Ok(data) => Ok(guard(data)),
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.data.fmt(f)
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}
