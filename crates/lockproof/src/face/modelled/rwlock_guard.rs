//! The guards of an `RwLock`.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::Location;
use std::rc::Rc;
use std::thread;

use crate::execution::Execution;
use crate::execution::lock::GuardEnd;
use crate::execution::read_write_lock::ReadWriteLock;
use crate::execution::slot::{Epoch, Slot};

/// The engine's lock, held for a guard: by number, so that a guard can be shared as std's can.
pub(crate) struct Hold {
    epoch: Epoch,
    index: usize,
    /// Whether the engine knows: see [`ReadWriteLock::write`].
    entered: bool,
}

impl Hold {
    pub(crate) fn new(execution: &Execution, lock: &ReadWriteLock, entered: bool) -> Self {
        Self { epoch: execution.epoch(), index: lock.index, entered }
    }

    /// The execution and its lock, unless the execution is over.
    fn lock(&self) -> Option<(Rc<Execution>, Rc<ReadWriteLock>)> {
        let execution = Execution::current().filter(|other| other.epoch() == self.epoch)?;
        let lock = execution.rwlocks.get(self.index);
        Some((execution, lock))
    }
}

/// Holds an [`RwLock`](crate::sync::RwLock) for reading: see [`std::sync::RwLockReadGuard`].
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    /// `None` only while it is dropped.
    data: Option<std::sync::RwLockReadGuard<'a, T>>,
    hold: Option<Hold>,
}

/// Holds an [`RwLock`](crate::sync::RwLock) for writing: see [`std::sync::RwLockWriteGuard`].
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    slot: &'a Slot,
    /// `None` only while it is dropped.
    data: Option<std::sync::RwLockWriteGuard<'a, T>>,
    /// Whether the thread was unwinding when it took the lock: then the drop does not poison.
    panicking: bool,
    /// Whether it was borrowed mutably.
    changes: bool,
    hold: Option<Hold>,
}

impl<'a, T: ?Sized> RwLockReadGuard<'a, T> {
    pub(crate) fn new(data: std::sync::RwLockReadGuard<'a, T>, hold: Option<Hold>) -> Self {
        Self { data: Some(data), hold }
    }
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// See [`std::sync::RwLockWriteGuard::downgrade`].
    #[track_caller]
    pub fn downgrade(mut s: Self) -> RwLockReadGuard<'a, T> {
        let location = Location::caller();
        let data = s.data.take().expect("a guard has its data until it is dropped");
        // std's lock first, so that other readers can enter as soon as the engine lets them.
        let data = std::sync::RwLockWriteGuard::downgrade(data);
        let hold = s.hold.take();
        if let Some((hold, (execution, lock))) =
            hold.as_ref().zip(hold.as_ref().and_then(Hold::lock))
        {
            lock.downgrade(&execution, hold.entered, location);
        }
        RwLockReadGuard::new(data, hold)
    }

    pub(crate) fn new(
        slot: &'a Slot,
        data: std::sync::RwLockWriteGuard<'a, T>,
        hold: Option<Hold>,
    ) -> Self {
        Self { slot, data: Some(data), panicking: thread::panicking(), changes: false, hold }
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
        if self.hold.is_some() {
            self.slot.change();
            self.changes = true;
        }
        self.data.as_deref_mut().expect("a guard has its data until it is dropped")
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        // std's lock first, so that it is free for whoever the engine lets in next.
        drop(self.data.take());
        if let Some((execution, lock)) = self.hold.as_ref().and_then(Hold::lock) {
            lock.unlock_read(&execution);
        }
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        drop(self.data.take());
        let Some(hold) = &self.hold else { return };
        if let Some((execution, lock)) = hold.lock() {
            let poisons = !self.panicking && thread::panicking();
            if poisons {
                self.slot.change();
            }
            let end = GuardEnd { poisons, changes: Some(self.changes) };
            lock.unlock_write(&execution, hold.entered, end);
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
