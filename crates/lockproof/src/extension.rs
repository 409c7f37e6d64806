//! What lockproof adds to std's surface: names for reports, acquisition with a time-out, and
//! choices.
//!
//! What concerns a type is a trait, so that it reads the same on std's types (with no feature) and
//! on the modelled ones, and so that nothing here is mistaken for std's API.

use std::sync::TryLockResult;
use std::time::Duration;

use crate::face::current::sync::atomic;
use crate::face::current::{cell, known_as, sync, timed};

/// Gives a primitive the name that traces show for it.
///
/// Costs nothing with no engine feature: the name is not stored.
///
/// ```
/// use lockproof::extension::Named;
/// use lockproof::sync::Mutex;
///
/// let total = Mutex::new(0).named("counter.total");
/// assert_eq!(*total.lock().unwrap(), 0);
/// ```
pub trait Named: Sized {
    /// Returns the primitive, known as `name` in traces.
    #[must_use]
    fn named(self, name: &'static str) -> Self;
}

/// Acquires a lock, or gives up after a while: the way out of a deadlock.
///
/// In the manner of `parking_lot::Mutex::try_lock_for`, with std's poisoning. Outside a model the
/// wait is a poll with pauses that grow to a millisecond. Inside a model time does not pass: the
/// attempt succeeds or times out at the moment it is scheduled, so every moment is explored.
///
/// ```
/// use std::time::Duration;
/// use lockproof::extension::TryLockFor;
/// use lockproof::sync::Mutex;
///
/// let lock = Mutex::new(1);
/// let held = lock.lock().unwrap();
/// assert!(lock.try_lock_for(Duration::from_millis(1)).is_err());
/// drop(held);
/// assert_eq!(*lock.try_lock_for(Duration::from_millis(1)).unwrap(), 1);
/// ```
pub trait TryLockFor {
    /// The guard that a successful acquisition returns.
    type Guard<'a>
    where
        Self: 'a;

    /// Tries to acquire the lock for at most `timeout`.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if the lock was still held when the time was up, `Poisoned` (with the guard)
    /// if a thread panicked while it held the lock.
    fn try_lock_for(&self, timeout: Duration) -> TryLockResult<Self::Guard<'_>>;
}

/// [`TryLockFor`] for a reader-writer lock.
///
/// ```
/// use std::time::Duration;
/// use lockproof::extension::TryRwLockFor;
/// use lockproof::sync::RwLock;
///
/// let lock = RwLock::new(1);
/// let held = lock.read().unwrap();
/// assert!(lock.try_write_for(Duration::from_millis(1)).is_err());
/// assert_eq!(*lock.try_read_for(Duration::from_millis(1)).unwrap(), *held);
/// ```
pub trait TryRwLockFor {
    /// The guard of a successful acquisition for reading.
    type ReadGuard<'a>
    where
        Self: 'a;
    /// The guard of a successful acquisition for writing.
    type WriteGuard<'a>
    where
        Self: 'a;

    /// Tries to acquire the lock for reading for at most `timeout`.
    ///
    /// # Errors
    ///
    /// As for [`TryLockFor::try_lock_for`].
    fn try_read_for(&self, timeout: Duration) -> TryLockResult<Self::ReadGuard<'_>>;

    /// Tries to acquire the lock for writing for at most `timeout`.
    ///
    /// # Errors
    ///
    /// As for [`TryLockFor::try_lock_for`].
    fn try_write_for(&self, timeout: Duration) -> TryLockResult<Self::WriteGuard<'_>>;
}

/// Chooses one of `0..options`: what a model leaves open, such as the input of an operation or
/// whether a call to the outside fails.
///
/// Inside a model an engine that can choose explores every option; loom cannot, takes the first,
/// and its verdict says so ([`BlindSpot::Choice`](crate::engine::BlindSpot::Choice)). Outside of
/// models, and on real threads, the options come up in a pseudo-random order that is the same in
/// every process.
///
/// ```
/// use lockproof::extension::choose;
/// assert!(choose(3) < 3);
/// ```
///
/// # Panics
///
/// If there is no option.
#[track_caller]
pub fn choose(options: usize) -> usize {
    assert!(options > 0, "a choice needs an option");
    crate::face::current::choose(options)
}

macro_rules! named {
    ($($type:ty { $($generic:tt)* } $($register:ident)?),* $(,)?) => {
        $(impl<$($generic)*> Named for $type {
            #[inline]
            fn named(self, name: &'static str) -> Self {
                known_as!(self, name $(, $register)?)
            }
        })*
    };
}

named! {
    sync::Mutex<T> { T } register,
    sync::RwLock<T> { T } register,
    sync::Condvar {} register,
    sync::Barrier {},
    sync::Once {},
    sync::OnceLock<T> { T },
    sync::LazyLock<T, F> { T, F },
    cell::UnsafeCell<T> { T } register,
    atomic::AtomicBool {} register,
    atomic::AtomicI8 {} register,
    atomic::AtomicI16 {} register,
    atomic::AtomicI32 {} register,
    atomic::AtomicI64 {} register,
    atomic::AtomicIsize {} register,
    atomic::AtomicU8 {} register,
    atomic::AtomicU16 {} register,
    atomic::AtomicU32 {} register,
    atomic::AtomicU64 {} register,
    atomic::AtomicUsize {} register,
    atomic::AtomicPtr<T> { T } register,
}

impl<T: ?Sized> TryLockFor for sync::Mutex<T> {
    type Guard<'a>
        = sync::MutexGuard<'a, T>
    where
        Self: 'a;

    #[track_caller]
    fn try_lock_for(&self, timeout: Duration) -> TryLockResult<Self::Guard<'_>> {
        timed!(timeout, self.try_lock())
    }
}

impl<T: ?Sized> TryRwLockFor for sync::RwLock<T> {
    type ReadGuard<'a>
        = sync::RwLockReadGuard<'a, T>
    where
        Self: 'a;
    type WriteGuard<'a>
        = sync::RwLockWriteGuard<'a, T>
    where
        Self: 'a;

    #[track_caller]
    fn try_read_for(&self, timeout: Duration) -> TryLockResult<Self::ReadGuard<'_>> {
        timed!(timeout, self.try_read())
    }

    #[track_caller]
    fn try_write_for(&self, timeout: Duration) -> TryLockResult<Self::WriteGuard<'_>> {
        timed!(timeout, self.try_write())
    }
}
