//! `RwLock`: std's, behind the engine's lock inside a model.

use std::fmt;
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::poison::{free_inside, guarded, look_at_poison, try_guarded};
use super::rwlock_guard::{RwLockReadGuard, RwLockWriteGuard};
use crate::execution::slot::Slot;
use crate::primitives::lock::{LockedSection, register_rwlock, rwlock};
use crate::trace::LockMode;

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
    pub(super) slot: Slot,
    data: std::sync::RwLock<T>,
}

impl<T> RwLock<T> {
    /// See [`std::sync::RwLock::new`].
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { slot: Slot::new(), data: std::sync::RwLock::new(value) }
    }

    /// See [`std::sync::RwLock::into_inner`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    pub fn into_inner(self) -> LockResult<T> {
        self.data.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// See [`std::sync::RwLock::read`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        match rwlock(&self.slot) {
            None => guarded(self.data.read(), |data| RwLockReadGuard::new(data, None)),
            Some(lock) => {
                let at = Location::caller();
                self.hold_to_read(LockedSection::acquire(&lock, LockMode::Shared, at))
            }
        }
    }

    /// See [`std::sync::RwLock::try_read`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        match rwlock(&self.slot) {
            None => try_guarded(self.data.try_read(), |data| RwLockReadGuard::new(data, None)),
            Some(lock) => {
                let at = Location::caller();
                let section = LockedSection::try_acquire(&lock, LockMode::Shared, at);
                Ok(self.hold_to_read(section.ok_or(TryLockError::WouldBlock)?)?)
            }
        }
    }

    /// See [`std::sync::RwLock::write`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        match rwlock(&self.slot) {
            None => guarded(self.data.write(), |data| self.write_guard(data, None)),
            Some(lock) => {
                let at = Location::caller();
                self.hold_to_write(LockedSection::acquire(&lock, LockMode::Exclusive, at))
            }
        }
    }

    /// See [`std::sync::RwLock::try_write`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        match rwlock(&self.slot) {
            None => try_guarded(self.data.try_write(), |data| self.write_guard(data, None)),
            Some(lock) => {
                let at = Location::caller();
                let section = LockedSection::try_acquire(&lock, LockMode::Exclusive, at);
                Ok(self.hold_to_write(section.ok_or(TryLockError::WouldBlock)?)?)
            }
        }
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
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.data.get_mut()
    }

    /// Makes the engine's side now, if a model runs.
    pub(super) fn register(&self) {
        register_rwlock(&self.slot);
    }

    /// A guard over the engine's lock, which is held for reading.
    #[track_caller]
    fn hold_to_read(&self, section: LockedSection) -> LockResult<RwLockReadGuard<'_, T>> {
        let data = free_inside(self.data.try_read());
        guarded(data, |data| RwLockReadGuard::new(data, Some(section)))
    }

    /// A guard over the engine's lock, which is held for writing.
    #[track_caller]
    fn hold_to_write(&self, section: LockedSection) -> LockResult<RwLockWriteGuard<'_, T>> {
        guarded(free_inside(self.data.try_write()), |data| self.write_guard(data, Some(section)))
    }

    fn write_guard<'a>(
        &'a self,
        data: std::sync::RwLockWriteGuard<'a, T>,
        section: Option<LockedSection>,
    ) -> RwLockWriteGuard<'a, T> {
        RwLockWriteGuard::new(&self.slot, data, section)
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
