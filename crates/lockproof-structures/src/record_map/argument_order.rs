//! A broken sharded map: its transfers lock in the order of their arguments, and can deadlock.

use std::hash::Hash;

use super::forward::forward;
use super::quantity::move_amount;
use super::{Quantity, RecordMap, ShardedRecordMap, TransferError};

/// **Broken:** [`transfer`](RecordMap::transfer) locks the source's shard first and the target's
/// second, so that two opposite transfers can deadlock.
///
/// ```
/// use lockproof_structures::{ArgumentOrderRecordMap, RecordMap};
///
/// let accounts = ArgumentOrderRecordMap::with_shards(2);
/// accounts.insert("ada", 10_u64);
/// accounts.insert("grace", 0);
/// assert_eq!(accounts.transfer(&"ada", &"grace", 4), Ok(()));
/// assert_eq!(accounts.transfer(&"grace", &"ada", 1), Ok(()));
/// ```
#[derive(Debug)]
pub struct ArgumentOrderRecordMap<K, V>(
    /// The rule that `transfer` breaks: shards are locked in ascending order.
    ShardedRecordMap<K, V>,
);

impl<K, V> ArgumentOrderRecordMap<K, V> {
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

impl<K: Hash, V> ArgumentOrderRecordMap<K, V> {
    /// See [`ShardedRecordMap::shard_of`].
    #[must_use]
    pub fn shard_of(&self, key: &K) -> usize {
        self.0.shard_of(key)
    }
}

impl<K: Hash + Eq, V> RecordMap<K, V> for ArgumentOrderRecordMap<K, V> {
    fn transfer(&self, from: &K, to: &K, amount: V) -> Result<(), TransferError>
    where
        V: Quantity,
    {
        let (source, target) = (self.shard_of(from), self.shard_of(to));
        if source == target {
            return self.0.transfer(from, to, amount);
        }
        // The mistake: the opposite transfer takes the same locks the other way round.
        let mut source = self.0.lock(source);
        let mut target = self.0.lock(target);
        move_amount(source.get_mut(from), target.get_mut(to), amount)
    }

    forward! {
        insert get contains update get_or_insert_with compare_and_update remove len snapshot
    }
}
