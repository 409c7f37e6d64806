//! The map behind one lock: simple, and fast enough until threads contend for it.

use std::hash::Hash;

use lockproof::collections::HashMap;
use lockproof::extension::Named;
use lockproof::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::quantity::{check_amount, move_amount};
use super::{CompareError, Quantity, RecordMap, TransferError};

/// A map behind one [`RwLock`].
///
/// It is a reader-writer lock because a snapshot copies the whole map under it: other readers need
/// not wait for that.
///
/// ```
/// use lockproof::thread;
/// use lockproof_structures::{LockedRecordMap, RecordMap};
///
/// let words = LockedRecordMap::new();
/// thread::scope(|scope| {
///     for word in ["lock", "key", "lock"] {
///         let words = &words;
///         scope.spawn(move || {
///             words.get_or_insert_with(word, || 0);
///             words.update(&word, |count| *count += 1);
///         });
///     }
/// });
/// assert_eq!(words.get(&"lock"), Some(2));
/// ```
#[derive(Debug)]
pub struct LockedRecordMap<K, V> {
    /// All records, under this one lock. An operation acquires it once.
    records: RwLock<HashMap<K, V>>,
}

impl<K, V> LockedRecordMap<K, V> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self::from_records(HashMap::default())
    }

    fn from_records(records: HashMap<K, V>) -> Self {
        Self { records: RwLock::new(records).named("record_map.records") }
    }

    /// Ignores poisoning: a caller's closure can panic only between the map's own steps, never in
    /// the middle of one.
    #[track_caller]
    fn read(&self) -> RwLockReadGuard<'_, HashMap<K, V>> {
        self.records.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`read`](Self::read), to change records.
    #[track_caller]
    fn write(&self) -> RwLockWriteGuard<'_, HashMap<K, V>> {
        self.records.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq, V> RecordMap<K, V> for LockedRecordMap<K, V> {
    fn insert(&self, key: K, value: V) -> Option<V> {
        self.write().insert(key, value)
    }

    fn get(&self, key: &K) -> Option<V>
    where
        V: Clone,
    {
        self.read().get(key).cloned()
    }

    fn contains(&self, key: &K) -> bool {
        self.read().contains_key(key)
    }

    fn update<R>(&self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        self.write().get_mut(key).map(change)
    }

    fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V
    where
        V: Clone,
    {
        self.write().entry(key).or_insert_with(make).clone()
    }

    fn compare_and_update(&self, key: &K, expected: &V, new: V) -> Result<(), CompareError<V>>
    where
        V: PartialEq + Clone,
    {
        match self.write().get_mut(key) {
            None => Err(CompareError::Missing),
            Some(current) if current != expected => Err(CompareError::Changed(current.clone())),
            Some(current) => {
                *current = new;
                Ok(())
            }
        }
    }

    fn remove(&self, key: &K) -> Option<V> {
        self.write().remove(key)
    }

    fn len(&self) -> usize {
        self.read().len()
    }

    fn snapshot(&self) -> HashMap<K, V>
    where
        K: Clone,
        V: Clone,
    {
        self.read().clone()
    }

    fn transfer(&self, from: &K, to: &K, amount: V) -> Result<(), TransferError>
    where
        V: Quantity,
    {
        if from == to {
            return check_amount(self.read().get(from), amount);
        }
        let mut records = self.write();
        let [source, target] = records.get_disjoint_mut([from, to]);
        move_amount(source, target, amount)
    }
}

impl<K, V> Default for LockedRecordMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Hash + Eq, V> FromIterator<(K, V)> for LockedRecordMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(records: I) -> Self {
        Self::from_records(records.into_iter().collect())
    }
}
