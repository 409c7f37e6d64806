//! The map behind several locks: operations on different shards do not wait for each other.
//!
//! **Lock order:** shards are locked in ascending order of their indices.

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash};

use lockproof::collections::{HashMap, RandomState};
use lockproof::extension::Named;
use lockproof::sync::{Mutex, MutexGuard, PoisonError};

use super::quantity::{check_amount, move_amount};
use super::{CompareError, Quantity, RecordMap, TransferError};

/// The number of shards of [`ShardedRecordMap::new`]: several times the number of threads of a
/// usual machine, so that two threads seldom contend for one.
const DEFAULT_SHARDS: usize = 16;

/// The names of the first shards in traces: as many as a model needs.
const SHARD_NAMES: [&str; 3] =
    ["record_map.shards[0]", "record_map.shards[1]", "record_map.shards[2]"];

/// A map of several shards, each behind a [`Mutex`] of its own.
///
/// An operation on one record takes one lock. [`len`](RecordMap::len),
/// [`snapshot`](RecordMap::snapshot) and [`transfer`](RecordMap::transfer) hold all the locks that
/// they need at once. They take them in ascending order of the shards, whatever the order of
/// their arguments, so there is no deadlock, and a snapshot is one that the map really had.
///
/// ```
/// use lockproof_structures::{RecordMap, ShardedRecordMap};
///
/// let accounts = ShardedRecordMap::from_iter([("ada", 10_u64), ("grace", 0)]);
/// accounts.transfer(&"ada", &"grace", 4)?;
/// assert_eq!(accounts.snapshot().values().sum::<u64>(), 10);
/// # Ok::<(), lockproof_structures::TransferError>(())
/// ```
#[derive(Debug)]
pub struct ShardedRecordMap<K, V> {
    /// A record is in the shard that [`shard_of`](Self::shard_of) names, and is accessed only
    /// under that shard's lock. Several shards are locked in ascending order.
    pub(super) shards: Box<[Mutex<HashMap<K, V>>]>,
    /// Chooses the shards. It never changes, so that a key stays in its shard.
    hasher: RandomState,
}

impl<K, V> ShardedRecordMap<K, V> {
    /// An empty map of 16 shards.
    #[must_use]
    pub fn new() -> Self {
        Self::with_shards(DEFAULT_SHARDS)
    }

    /// An empty map of `count` shards. Two are enough for a model.
    ///
    /// # Panics
    ///
    /// If `count` is 0.
    #[must_use]
    pub fn with_shards(count: usize) -> Self {
        assert!(count > 0, "a map without shards holds nothing: ask for at least one");
        let shards = (0..count).map(|index| {
            let name = SHARD_NAMES.get(index).copied().unwrap_or("record_map.shards[..]");
            Mutex::new(HashMap::default()).named(name)
        });
        Self { shards: shards.collect(), hasher: RandomState::default() }
    }

    /// Ignores poisoning: a caller's closure can panic only between the map's own steps, never in
    /// the middle of one.
    #[track_caller]
    pub(super) fn lock(&self, shard: usize) -> MutexGuard<'_, HashMap<K, V>> {
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks every shard.
    #[track_caller]
    fn lock_all(&self) -> Vec<MutexGuard<'_, HashMap<K, V>>> {
        let mut guards = Vec::with_capacity(self.shards.len());
        for shard in 0..self.shards.len() {
            guards.push(self.lock(shard));
        }
        guards
    }
}

impl<K: Hash, V> ShardedRecordMap<K, V> {
    /// The index of the shard that holds `key`, or would.
    ///
    /// It is constant for the life of the map, and the same in every execution of a model. So a
    /// model finds two keys of different shards:
    ///
    /// ```
    /// use lockproof_structures::ShardedRecordMap;
    ///
    /// let map = ShardedRecordMap::<u32, u64>::with_shards(2);
    /// let other = (1..).find(|key| map.shard_of(key) != map.shard_of(&0));
    /// assert!(other.is_some());
    /// ```
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "it is below the number of shards")]
    pub fn shard_of(&self, key: &K) -> usize {
        let shards = self.shards.len() as u64;
        (self.hasher.hash_one(key) % shards) as usize
    }

    #[track_caller]
    fn lock_shard_of(&self, key: &K) -> MutexGuard<'_, HashMap<K, V>> {
        self.lock(self.shard_of(key))
    }
}

impl<K: Hash + Eq, V> RecordMap<K, V> for ShardedRecordMap<K, V> {
    fn insert(&self, key: K, value: V) -> Option<V> {
        self.lock_shard_of(&key).insert(key, value)
    }

    fn get(&self, key: &K) -> Option<V>
    where
        V: Clone,
    {
        self.lock_shard_of(key).get(key).cloned()
    }

    fn contains(&self, key: &K) -> bool {
        self.lock_shard_of(key).contains_key(key)
    }

    fn update<R>(&self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R> {
        self.lock_shard_of(key).get_mut(key).map(change)
    }

    fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V
    where
        V: Clone,
    {
        self.lock_shard_of(&key).entry(key).or_insert_with(make).clone()
    }

    fn compare_and_update(&self, key: &K, expected: &V, new: V) -> Result<(), CompareError<V>>
    where
        V: PartialEq + Clone,
    {
        match self.lock_shard_of(key).get_mut(key) {
            None => Err(CompareError::Missing),
            Some(current) if current != expected => Err(CompareError::Changed(current.clone())),
            Some(current) => {
                *current = new;
                Ok(())
            }
        }
    }

    fn remove(&self, key: &K) -> Option<V> {
        self.lock_shard_of(key).remove(key)
    }

    fn len(&self) -> usize {
        self.lock_all().iter().map(|shard| shard.len()).sum()
    }

    fn snapshot(&self) -> HashMap<K, V>
    where
        K: Clone,
        V: Clone,
    {
        let shards = self.lock_all();
        let records = shards.iter().flat_map(|shard| shard.iter());
        records.map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    fn transfer(&self, from: &K, to: &K, amount: V) -> Result<(), TransferError>
    where
        V: Quantity,
    {
        if from == to {
            return check_amount(self.lock_shard_of(from).get(from), amount);
        }
        let (source, target) = (self.shard_of(from), self.shard_of(to));
        // In each case the lower shard is locked first.
        match source.cmp(&target) {
            Ordering::Less => {
                let mut source = self.lock(source);
                let mut target = self.lock(target);
                move_amount(source.get_mut(from), target.get_mut(to), amount)
            }
            Ordering::Equal => {
                let mut shard = self.lock(source);
                let [source, target] = shard.get_disjoint_mut([from, to]);
                move_amount(source, target, amount)
            }
            Ordering::Greater => {
                let mut target = self.lock(target);
                let mut source = self.lock(source);
                move_amount(source.get_mut(from), target.get_mut(to), amount)
            }
        }
    }
}

impl<K, V> Default for ShardedRecordMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Hash + Eq, V> FromIterator<(K, V)> for ShardedRecordMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(records: I) -> Self {
        let map = Self::new();
        for (key, value) in records {
            map.insert(key, value);
        }
        map
    }
}
