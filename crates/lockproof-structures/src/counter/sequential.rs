//! The single-threaded counter: the specification of the shared ones.

/// A counter without a lock: `&mut self` rules out sharing.
///
/// ```
/// use lockproof_structures::SequentialCounter;
///
/// let mut words = SequentialCounter::new();
/// words.add(2);
/// words.increment();
/// assert_eq!(words.get(), 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SequentialCounter {
    total: u64,
}

impl SequentialCounter {
    /// A counter at zero.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `amount`, wrapping around at `u64::MAX`.
    pub fn add(&mut self, amount: u64) {
        self.total = self.total.wrapping_add(amount);
    }

    /// Adds one.
    pub fn increment(&mut self) {
        self.add(1);
    }

    /// The sum of all additions so far, modulo 2^64.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.total
    }
}
