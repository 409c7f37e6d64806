//! A dictionary of records that the workers of a pipeline share.
//!
//! Two types implement one contract, [`RecordMap`]: [`LockedRecordMap`] has one lock for all
//! records, [`ShardedRecordMap`] has several locks and an order in which to take them.

mod argument_order;
mod errors;
mod forward;
mod locked;
mod quantity;
mod sequential;
mod sharded;
mod torn_snapshot;
mod unlocked;

pub use argument_order::ArgumentOrderRecordMap;
pub use errors::{CompareError, TransferError};
pub use locked::LockedRecordMap;
pub use quantity::Quantity;
pub use sequential::SequentialRecordMap;
pub use sharded::ShardedRecordMap;
pub use torn_snapshot::TornSnapshotRecordMap;
pub use unlocked::UnlockedRecordMap;

use lockproof::collections::HashMap;

/// A map that threads share.
///
/// The contract is linearizability: every operation takes effect at one moment between its call
/// and its return. So an insertion never overwrites a record that it took to be absent, no update
/// is lost, and a snapshot or a length is one that the map really had.
///
/// Closures run under the map's locks. Keep them short, and do not use the map inside: that
/// deadlocks. If a closure panics, its record stays as the closure left it, and the map stays
/// usable.
///
/// ```
/// use lockproof_structures::{RecordMap, ShardedRecordMap};
///
/// let stock = ShardedRecordMap::new();
/// stock.insert("bolts", 10_u64);
/// stock.get_or_insert_with("nuts", || 3);
/// stock.update(&"nuts", |count| *count += 1);
/// stock.transfer(&"bolts", &"nuts", 2)?;
/// assert_eq!((stock.get(&"bolts"), stock.get(&"nuts")), (Some(8), Some(6)));
/// # Ok::<(), lockproof_structures::TransferError>(())
/// ```
pub trait RecordMap<K, V> {
    /// Puts a record in place, and returns the one it replaces.
    fn insert(&self, key: K, value: V) -> Option<V>;

    /// A copy of the record.
    fn get(&self, key: &K) -> Option<V>
    where
        V: Clone;

    /// Whether there is a record.
    fn contains(&self, key: &K) -> bool;

    /// Changes a record in place, and returns what `change` returns, or `None` if there is no
    /// record.
    fn update<R>(&self, key: &K, change: impl FnOnce(&mut V) -> R) -> Option<R>;

    /// A copy of the record, which is made first if there is none.
    fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V
    where
        V: Clone;

    /// Replaces a record if it equals `expected`.
    ///
    /// # Errors
    ///
    /// If there is no record, or another one, which [`CompareError::Changed`] holds. The map is
    /// unchanged.
    fn compare_and_update(&self, key: &K, expected: &V, new: V) -> Result<(), CompareError<V>>
    where
        V: PartialEq + Clone;

    /// Takes a record out.
    fn remove(&self, key: &K) -> Option<V>;

    /// How many records there are.
    #[must_use]
    fn len(&self) -> usize;

    /// Whether there is no record.
    #[must_use]
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A copy of all records as they were at one moment.
    #[must_use]
    fn snapshot(&self) -> HashMap<K, V>
    where
        K: Clone,
        V: Clone;

    /// Takes `amount` from one record and adds it to another: no thread sees another total. A
    /// transfer from a record to itself changes nothing, but fails like any other.
    ///
    /// # Errors
    ///
    /// If a record is missing, or cannot give or take the amount. Both records are unchanged.
    fn transfer(&self, from: &K, to: &K, amount: V) -> Result<(), TransferError>
    where
        V: Quantity;
}
