//! A broken sharded map: its snapshots lock one shard at a time, and show totals that never were.

use std::hash::Hash;

use lockproof::collections::HashMap;

use super::forward::forward;
use super::{RecordMap, ShardedRecordMap};

/// **Broken:** [`snapshot`](RecordMap::snapshot) releases each shard before it locks the next, so
/// that a transfer in the gap is seen on one side only, or on both.
///
/// ```
/// use lockproof_structures::{RecordMap, TornSnapshotRecordMap};
///
/// let accounts = TornSnapshotRecordMap::with_shards(2);
/// accounts.insert("ada", 10_u64);
/// assert_eq!(accounts.snapshot().get("ada"), Some(&10));
/// ```
#[derive(Debug)]
pub struct TornSnapshotRecordMap<K, V>(
    /// The rule that `snapshot` breaks: an operation holds all the shards it needs at once.
    ShardedRecordMap<K, V>,
);

impl<K, V> TornSnapshotRecordMap<K, V> {
    /// An empty map of `count` shards.
    ///
    /// # Panics
    ///
    /// If `count` is 0.
    #[must_use]
    pub fn with_shards(count: usize) -> Self {
        Self(ShardedRecordMap::with_shards(count))
    }
}

impl<K: Hash, V> TornSnapshotRecordMap<K, V> {
    /// See [`ShardedRecordMap::shard_of`].
    #[must_use]
    pub fn shard_of(&self, key: &K) -> usize {
        self.0.shard_of(key)
    }
}

impl<K: Hash + Eq, V> RecordMap<K, V> for TornSnapshotRecordMap<K, V> {
    fn snapshot(&self) -> HashMap<K, V>
    where
        K: Clone,
        V: Clone,
    {
        let mut records = HashMap::default();
        for index in 0..self.0.shards.len() {
            // The mistake: the guard lives for one turn of the loop.
            let shard = self.0.lock(index);
            records.extend(shard.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        records
    }

    forward! {
        insert get contains update get_or_insert_with compare_and_update remove len transfer
    }
}
