//! A number that many threads add to: the smallest shared state there is.
//!
//! Every counter wraps around at `u64::MAX`, as [`AtomicU64::fetch_add`] does: an addition never
//! fails and never panics, so no lock can be poisoned by it.
//!
//! [`AtomicU64::fetch_add`]: lockproof::sync::atomic::AtomicU64::fetch_add

mod atomic;
mod locked;
mod sequential;
mod unlocked;

pub use atomic::AtomicCounter;
pub use locked::LockedCounter;
pub use sequential::SequentialCounter;
pub use unlocked::UnlockedCounter;

/// A counter that threads share.
///
/// The contract: no thread's addition is ever lost. [`UnlockedCounter`] breaks it.
///
/// ```
/// use lockproof_structures::{Counter, LockedCounter};
///
/// fn count_words(text: &str, words: &impl Counter) {
///     words.add(text.split_whitespace().count() as u64);
/// }
///
/// let words = LockedCounter::new();
/// count_words("locks are held, not worn", &words);
/// words.increment();
/// assert_eq!(words.get(), 6);
/// ```
pub trait Counter {
    /// Adds `amount`, wrapping around at `u64::MAX`.
    fn add(&self, amount: u64);

    /// Adds one.
    fn increment(&self) {
        self.add(1);
    }

    /// The sum of all additions so far, modulo 2^64.
    #[must_use]
    fn get(&self) -> u64;
}
