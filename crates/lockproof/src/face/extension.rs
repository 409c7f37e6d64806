//! The traits that lockproof adds to std's surface, and what their implementations share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{TryLockError, TryLockResult};
use std::thread;
use std::time::{Duration, Instant};

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

/// The choice where no engine makes it.
pub(crate) fn draw(options: usize) -> usize {
    static DRAWN: AtomicU64 = AtomicU64::new(0);
    // ORDERING: Relaxed: only that every draw gets a number of its own matters.
    let number = DRAWN.fetch_add(1, Ordering::Relaxed);
    // One round of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) tells neighbours apart.
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^= mixed >> 27;
    usize::try_from(mixed % options as u64).expect("a remainder is less than its divisor")
}

/// The first pause between two attempts; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_micros(10);
/// The longest pause between two attempts: the most by which an acquisition can be late.
const LONGEST_PAUSE: Duration = Duration::from_millis(1);

/// Repeats `attempt` until it gives an answer or `timeout` has passed.
pub(crate) fn poll<G>(
    timeout: Duration,
    attempt: impl Fn() -> TryLockResult<G>,
) -> TryLockResult<G> {
    let start = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt() {
            Err(TryLockError::WouldBlock) => {}
            answer => return answer,
        }
        let Some(left) = timeout.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) else {
            return Err(TryLockError::WouldBlock);
        };
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
