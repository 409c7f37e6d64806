//! The counter behind one lock: the load, the addition and the store are one critical section.

use lockproof::extension::Named;
use lockproof::sync::{Mutex, MutexGuard, PoisonError};

use super::Counter;

/// A counter behind a [`Mutex`].
///
/// ```
/// use lockproof::thread;
/// use lockproof_structures::{Counter, LockedCounter};
///
/// let visits = LockedCounter::new();
/// thread::scope(|scope| {
///     for _ in 0..4 {
///         scope.spawn(|| visits.increment());
///     }
/// });
/// assert_eq!(visits.get(), 4);
/// ```
#[derive(Debug)]
pub struct LockedCounter {
    /// Read and written only under the lock. An addition holds it from its read to its write.
    total: Mutex<u64>,
}

impl LockedCounter {
    /// A counter at zero.
    #[must_use]
    pub fn new() -> Self {
        Self { total: Mutex::new(0).named("counter.total") }
    }

    /// Ignores poisoning: the total is one number, so it is never half changed.
    #[track_caller]
    fn lock(&self) -> MutexGuard<'_, u64> {
        self.total.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for LockedCounter {
    fn default() -> Self {
        Self::new()
    }
}

impl Counter for LockedCounter {
    fn add(&self, amount: u64) {
        let mut total = self.lock();
        *total = total.wrapping_add(amount);
    }

    fn get(&self) -> u64 {
        *self.lock()
    }
}
