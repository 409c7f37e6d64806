//! `UnsafeCell` with access by closure: an engine that can checks each access for data races.

use std::panic::Location;

use crate::execution::slot::Slot;
use crate::primitives::cell::{TrackedAccess, register};

/// A cell whose content is reached through [`with`](Self::with) and
/// [`with_mut`](Self::with_mut), so that an engine can see each access.
///
/// Mirrors [`std::cell::UnsafeCell`], but hands out the raw pointer only for the length of a
/// closure: a pointer that escapes could not be checked for data races.
///
/// ```
/// let cell = lockproof::cell::UnsafeCell::new(1);
/// // SAFETY: no other thread can reach `cell`.
/// cell.with_mut(|value| unsafe { *value += 1 });
/// assert_eq!(cell.into_inner(), 2);
/// ```
#[derive(Debug)]
pub struct UnsafeCell<T: ?Sized> {
    pub(super) slot: Slot,
    data: std::cell::UnsafeCell<T>,
}

impl<T> UnsafeCell<T> {
    /// Wraps a value.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { slot: Slot::new(), data: std::cell::UnsafeCell::new(value) }
    }

    /// Takes the value out.
    pub fn into_inner(self) -> T {
        self.data.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Reads through a shared pointer, valid while `read` runs.
    #[track_caller]
    pub fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
        let _access = TrackedAccess::begin(&self.slot, false, Location::caller());
        read(self.data.get())
    }

    /// Writes through an exclusive pointer, valid while `write` runs.
    #[track_caller]
    pub fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
        let _access = TrackedAccess::begin(&self.slot, true, Location::caller());
        write(self.data.get())
    }

    /// The content, by the proof of an exclusive borrow.
    pub fn get_mut(&mut self) -> &mut T {
        self.data.get_mut()
    }

    /// Makes the engine's side now, if a model runs.
    pub(super) fn register(&self) {
        register(&self.slot);
    }
}

impl<T: Default> Default for UnsafeCell<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for UnsafeCell<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}
