//! The counter without a lock: the processor makes load, addition and store one step.

use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicU64, Ordering};

use super::Counter;

/// A counter in one atomic.
///
/// It orders nothing but itself: a thread that reads a total may not yet see what other threads
/// wrote elsewhere before they counted. Use [`LockedCounter`](super::LockedCounter), or join the
/// threads, where that matters.
///
/// ```
/// use lockproof::thread;
/// use lockproof_structures::{AtomicCounter, Counter};
///
/// let visits = AtomicCounter::new();
/// thread::scope(|scope| {
///     for _ in 0..4 {
///         scope.spawn(|| visits.increment());
///     }
/// });
/// assert_eq!(visits.get(), 4);
/// ```
#[derive(Debug)]
pub struct AtomicCounter {
    /// Changed by read-modify-write operations alone, of which none can come between another's
    /// read and its write.
    total: AtomicU64,
}

impl AtomicCounter {
    /// A counter at zero.
    #[must_use]
    pub fn new() -> Self {
        Self { total: AtomicU64::new(0).named("counter.total") }
    }
}

impl Default for AtomicCounter {
    fn default() -> Self {
        Self::new()
    }
}

impl Counter for AtomicCounter {
    fn add(&self, amount: u64) {
        // ORDERING: Relaxed pairs with nothing: no other memory is published with the total, and
        // the additions to one atomic are in one order whatever their ordering.
        self.total.fetch_add(amount, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        // ORDERING: Relaxed pairs with nothing, as in `add`. Whoever must see the additions of a
        // thread joins it first: the join, not this load, is what orders them.
        self.total.load(Ordering::Relaxed)
    }
}
