//! `Mutex`: std's, behind the engine's lock inside a model.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::sync::{LockResult, TryLockError, TryLockResult};

use super::poison::{free_inside, guarded, look_at_poison, try_guarded};
use crate::execution::slot::Slot;
use crate::primitives::lock::{LockedSection, mutex, register_mutex};
use crate::trace::LockMode;

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
    pub(super) slot: Slot,
    data: std::sync::Mutex<T>,
}

impl<T> Mutex<T> {
    /// See [`std::sync::Mutex::new`].
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { slot: Slot::new(), data: std::sync::Mutex::new(value) }
    }

    /// See [`std::sync::Mutex::into_inner`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    pub fn into_inner(self) -> LockResult<T> {
        self.data.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// See [`std::sync::Mutex::lock`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        match mutex(&self.slot) {
            None => guarded(self.data.lock(), |data| self.guard(data, None)),
            Some(mutex) => {
                self.hold(LockedSection::acquire(&mutex, LockMode::Exclusive, Location::caller()))
            }
        }
    }

    /// See [`std::sync::Mutex::try_lock`].
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        match mutex(&self.slot) {
            None => try_guarded(self.data.try_lock(), |data| self.guard(data, None)),
            Some(mutex) => {
                let at = Location::caller();
                let section = LockedSection::try_acquire(&mutex, LockMode::Exclusive, at);
                Ok(self.hold(section.ok_or(TryLockError::WouldBlock)?)?)
            }
        }
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
    ///
    /// # Errors
    ///
    /// `Poisoned`, and for an attempt `WouldBlock`, as std's.
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.data.get_mut()
    }

    /// Makes the engine's side now, if a model runs.
    pub(super) fn register(&self) {
        register_mutex(&self.slot);
    }

    /// A guard over the engine's lock, which is held.
    #[inline]
    #[track_caller]
    pub(super) fn hold(&self, section: LockedSection) -> LockResult<MutexGuard<'_, T>> {
        guarded(free_inside(self.data.try_lock()), |data| self.guard(data, Some(section)))
    }

    pub(super) fn guard<'a>(
        &'a self,
        data: std::sync::MutexGuard<'a, T>,
        section: Option<LockedSection>,
    ) -> MutexGuard<'a, T> {
        MutexGuard { lock: self, data: Some(data), section }
    }
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

/// Holds a [`Mutex`] until it is dropped: see [`std::sync::MutexGuard`].
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized> {
    lock: &'a Mutex<T>,
    /// `None` only while a condition variable has the lock.
    data: Option<std::sync::MutexGuard<'a, T>>,
    /// The time in which it holds the engine's lock, inside a model.
    section: Option<LockedSection>,
}

// SAFETY: a shared guard gives only shared access to `data`, which may be shared because `T` is
// `Sync`; `lock` is reached by the owner of the guard alone, and the fields of `section` are plain
// numbers and flags.
unsafe impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T> {}

/// The parts of a guard, while a condition variable waits in its stead.
pub(super) enum GuardParts<'a, T: ?Sized> {
    Plain(std::sync::MutexGuard<'a, T>),
    Modelled(LockedSection),
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// Takes the guard apart: inside a model std's lock is released, outside it is handed on.
    pub(super) fn into_parts(mut self) -> (&'a Mutex<T>, GuardParts<'a, T>) {
        let data = self.data.take().expect("a guard has its data until it is taken apart");
        let parts = match self.section.take() {
            None => GuardParts::Plain(data),
            Some(section) => GuardParts::Modelled(section),
        };
        (self.lock, parts)
    }

    /// Whether the guard belongs to a running model.
    pub(super) fn is_modelled(&self) -> bool {
        self.section.is_some()
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
        if let Some(section) = &mut self.section {
            section.change(&self.lock.slot);
        }
        self.data.as_deref_mut().expect("a guard has its data until it is taken apart")
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        // std's lock first, so that it is free for the thread that the engine lets in next.
        drop(self.data.take());
        if let Some(section) = self.section.take() {
            section.end(Some(&self.lock.slot));
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
