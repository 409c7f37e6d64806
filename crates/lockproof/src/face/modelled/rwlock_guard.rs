//! The guards of an `RwLock`.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;

use crate::execution::slot::Slot;
use crate::primitives::lock::LockedSection;
use crate::trace::LockMode;

/// Holds an [`RwLock`](crate::sync::RwLock) for reading: see [`std::sync::RwLockReadGuard`].
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    /// `None` only while it is dropped.
    data: Option<std::sync::RwLockReadGuard<'a, T>>,
    section: Option<LockedSection>,
}

/// Holds an [`RwLock`](crate::sync::RwLock) for writing: see [`std::sync::RwLockWriteGuard`].
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    slot: &'a Slot,
    /// `None` only while it is dropped.
    data: Option<std::sync::RwLockWriteGuard<'a, T>>,
    section: Option<LockedSection>,
}

impl<'a, T: ?Sized> RwLockReadGuard<'a, T> {
    pub(super) fn new(
        data: std::sync::RwLockReadGuard<'a, T>,
        section: Option<LockedSection>,
    ) -> Self {
        Self { data: Some(data), section }
    }
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// See [`std::sync::RwLockWriteGuard::downgrade`].
    ///
    /// # Panics
    ///
    /// Never: a guard has its data until it is dropped.
    #[track_caller]
    pub fn downgrade(mut s: Self) -> RwLockReadGuard<'a, T> {
        let location = Location::caller();
        let data = s.data.take().expect("a guard has its data until it is dropped");
        // std's lock first, so that other readers can enter as soon as the engine lets them.
        let data = std::sync::RwLockWriteGuard::downgrade(data);
        let section = s.section.take();
        RwLockReadGuard::new(
            data,
            section.map(|section| section.downgrade(LockMode::Shared, location)),
        )
    }

    pub(super) fn new(
        slot: &'a Slot,
        data: std::sync::RwLockWriteGuard<'a, T>,
        section: Option<LockedSection>,
    ) -> Self {
        Self { slot, data: Some(data), section }
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.data.as_deref().expect("a guard has its data until it is dropped")
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.data.as_deref().expect("a guard has its data until it is dropped")
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        if let Some(section) = &mut self.section {
            section.change(self.slot);
        }
        self.data.as_deref_mut().expect("a guard has its data until it is dropped")
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        // std's lock first, so that it is free for the thread that the engine lets in next.
        drop(self.data.take());
        if let Some(section) = self.section.take() {
            section.end(None);
        }
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        drop(self.data.take());
        if let Some(section) = self.section.take() {
            section.end(Some(self.slot));
        }
    }
}

macro_rules! show_content {
    ($($guard:ident),*) => {$(
        impl<T: ?Sized + fmt::Debug> fmt::Debug for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<T: ?Sized + fmt::Display> fmt::Display for $guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    )*};
}

show_content!(RwLockReadGuard, RwLockWriteGuard);
