//! The counter without a lock: the processor makes load, addition and store one step.

use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicU64, Ordering};

use super::Counter;

/// A counter in one atomic.
///
/// It orders no other memory: a thread that reads a total may not yet see what other threads
/// wrote elsewhere before they counted. Where that matters, use
/// [`LockedCounter`](super::LockedCounter), or join the threads.
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
    /// Changed only by read-modify-write operations: none can come between the read and the write
    /// of another.
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
        // ORDERING: Relaxed pairs with nothing, as in `add`. A caller that must see the additions
        // of a thread joins it first: the join orders them, not this load.
        self.total.load(Ordering::Relaxed)
    }
}
