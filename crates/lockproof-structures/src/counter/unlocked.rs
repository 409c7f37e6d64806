//! The broken counter: exploration must find its lost update.

use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicU64, Ordering};

use super::Counter;

/// **Broken:** loads the total and stores the sum in two steps, so that concurrent additions
/// overwrite each other.
///
/// Two threads load 0, both store 1: one increment is lost. With one thread at a time it is
/// correct, so an ordinary test does not find the mistake.
///
/// ```
/// use lockproof_structures::{Counter, UnlockedCounter};
///
/// let visits = UnlockedCounter::new();
/// visits.increment();
/// visits.increment();
/// assert_eq!(visits.get(), 2);
/// ```
#[derive(Debug)]
pub struct UnlockedCounter {
    /// The rule that `add` breaks: no thread writes between an addition's read and its write.
    total: AtomicU64,
}

impl UnlockedCounter {
    /// A counter at zero.
    #[must_use]
    pub fn new() -> Self {
        Self { total: AtomicU64::new(0).named("counter.total") }
    }
}

impl Default for UnlockedCounter {
    fn default() -> Self {
        Self::new()
    }
}

impl Counter for UnlockedCounter {
    fn add(&self, amount: u64) {
        // ORDERING: Relaxed is memory-safe, and the bug is not the ordering: SeqCst leaves the
        // same gap between the load and the store, in which another thread's addition disappears.
        let seen = self.total.load(Ordering::Relaxed);
        self.total.store(seen.wrapping_add(amount), Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        // ORDERING: Relaxed pairs with nothing, as in `AtomicCounter::get`.
        self.total.load(Ordering::Relaxed)
    }
}
