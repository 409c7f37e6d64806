//! A broken map: each step is locked, but not the operation made of two steps.

use std::hash::Hash;

use super::forward::forward;
use super::{LockedRecordMap, RecordMap};

/// **Broken:** builds operations from two calls of a correct map, with a gap in between.
///
/// * [`get_or_insert_with`](RecordMap::get_or_insert_with) checks, then inserts: it overwrites a
///   record that another thread inserted in the gap.
/// * [`update`](RecordMap::update) reads, then writes: it overwrites an update that another
///   thread made in the gap.
///
/// Thread-safe maps are most often misused like this: their calls are atomic, but pairs of calls
/// are not.
///
/// ```
/// use lockproof_structures::{RecordMap, UnlockedRecordMap};
///
/// let stock = UnlockedRecordMap::new();
/// assert_eq!(stock.get_or_insert_with("bolts", || 10), 10);
/// assert_eq!(stock.update(&"bolts", |count| *count -= 1), Some(()));
/// assert_eq!(stock.get(&"bolts"), Some(9));
/// ```
#[derive(Debug)]
pub struct UnlockedRecordMap<K, V>(
    /// The rule that this map breaks: one call, and so one acquisition, per operation.
    LockedRecordMap<K, V>,
);

impl<K, V> UnlockedRecordMap<K, V> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self(LockedRecordMap::new())
    }
}

impl<K: Hash + Eq + Clone, V: Clone> RecordMap<K, V> for UnlockedRecordMap<K, V> {
    fn update<R>(&self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        let mut value = self.0.get(key)?;
        let result = change(&mut value);
        // The mistake: the record may have changed since it was read.
        self.0.insert(key.clone(), value);
        Some(result)
    }

    fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V {
        if let Some(value) = self.0.get(&key) {
            return value;
        }
        let value = make();
        // The mistake: the record may have appeared since it was looked for.
        self.0.insert(key, value.clone());
        value
    }

    forward! { insert get contains compare_and_update remove len snapshot transfer }
}

impl<K, V> Default for UnlockedRecordMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}
