//! The single-threaded map: the specification of the shared ones.

use std::collections::BTreeMap;
use std::hash::Hash;

use lockproof::collections::HashMap;

use super::{CompareError, Quantity, TransferError};

/// A map without locks: `&mut self` rules out sharing.
///
/// The operations are those of [`RecordMap`](super::RecordMap).
///
/// ```
/// use lockproof_structures::SequentialRecordMap;
///
/// let mut stock = SequentialRecordMap::new();
/// stock.insert("bolts", 10_u64);
/// stock.update(&"bolts", |count| *count -= 1);
/// assert_eq!(stock.get(&"bolts"), Some(9));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SequentialRecordMap<K, V> {
    records: BTreeMap<K, V>,
}

impl<K, V> SequentialRecordMap<K, V> {
    /// An empty map.
    #[must_use]
    pub fn new() -> Self {
        Self { records: BTreeMap::new() }
    }
}

impl<K: Ord, V: Clone> SequentialRecordMap<K, V> {
    /// Puts a record in place, and returns the one it replaces.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.records.insert(key, value)
    }

    /// A copy of the record.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<V> {
        self.records.get(key).cloned()
    }

    /// Whether there is a record.
    #[must_use]
    pub fn contains(&self, key: &K) -> bool {
        self.records.contains_key(key)
    }

    /// Changes a record in place, and returns what `change` returns, or `None` if there is no record.
    pub fn update<R>(&mut self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        self.records.get_mut(key).map(change)
    }

    /// A copy of the record, which is made first if there is none.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> V {
        self.records.entry(key).or_insert_with(make).clone()
    }

    /// Replaces a record if it equals `expected`.
    ///
    /// # Errors
    ///
    /// If there is no record, or another one, which [`CompareError::Changed`] holds.
    pub fn compare_and_update(
        &mut self,
        key: &K,
        expected: &V,
        new: V,
    ) -> Result<(), CompareError<V>>
    where
        V: PartialEq,
    {
        let current = self.records.get_mut(key).ok_or(CompareError::Missing)?;
        if current != expected {
            return Err(CompareError::Changed(current.clone()));
        }
        *current = new;
        Ok(())
    }

    /// Takes a record out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.records.remove(key)
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// A copy of all records.
    #[must_use]
    pub fn snapshot(&self) -> HashMap<K, V>
    where
        K: Clone + Hash,
    {
        self.records.clone().into_iter().collect()
    }

    /// Takes `amount` from one record and adds it to another.
    ///
    /// # Errors
    ///
    /// If a record is missing, or cannot give or take the amount. Both records are unchanged.
    pub fn transfer(&mut self, from: &K, to: &K, amount: V) -> Result<(), TransferError>
    where
        V: Quantity,
    {
        let source = *self.records.get(from).ok_or(TransferError::MissingSource)?;
        let target = *self.records.get(to).ok_or(TransferError::MissingTarget)?;
        let rest = source.checked_sub(amount).ok_or(TransferError::InsufficientFunds)?;
        if from == to {
            return Ok(());
        }
        let sum = target.checked_add(amount).ok_or(TransferError::Overflow)?;
        self.update(from, |value| *value = rest);
        self.update(to, |value| *value = sum);
        Ok(())
    }
}

impl<K, V> Default for SequentialRecordMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}
