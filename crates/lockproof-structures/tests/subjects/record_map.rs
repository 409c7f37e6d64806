//! The maps against `SequentialRecordMap`.

use lockproof::thread;
use lockproof_structures::{
    ArgumentOrderRecordMap, CompareError, LockedRecordMap, RecordMap, SequentialRecordMap,
    ShardedRecordMap, TornSnapshotRecordMap, TransferError, UnlockedRecordMap,
};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Operation {
    Insert(u8, u8),
    Update(u8, u8),
    GetOrInsert(u8, u8),
    CompareAndUpdate(u8, u8, u8),
    Remove(u8),
    Transfer(u8, u8, u8),
}

fn operation() -> impl Strategy<Value = Operation> {
    let key = || 0..6_u8;
    // Small values make comparisons succeed at times, 250 makes sums overflow.
    let value = || prop_oneof![0..4_u8, Just(250)];
    prop_oneof![
        (key(), value()).prop_map(|(key, value)| Operation::Insert(key, value)),
        (key(), value()).prop_map(|(key, value)| Operation::Update(key, value)),
        (key(), value()).prop_map(|(key, value)| Operation::GetOrInsert(key, value)),
        (key(), value(), value())
            .prop_map(|(key, expected, new)| Operation::CompareAndUpdate(key, expected, new)),
        key().prop_map(Operation::Remove),
        (key(), key(), value())
            .prop_map(|(from, to, amount)| Operation::Transfer(from, to, amount)),
    ]
}

/// Applies an operation to both maps, and compares what they return and what they hold then.
fn compare(
    map: &impl RecordMap<u8, u8>,
    sequential: &mut SequentialRecordMap<u8, u8>,
    operation: &Operation,
) {
    match *operation {
        Operation::Insert(key, value) => {
            assert_eq!(map.insert(key, value), sequential.insert(key, value));
        }
        Operation::Update(key, value) => {
            let change = |record: &mut u8| std::mem::replace(record, value);
            assert_eq!(map.update(&key, change), sequential.update(&key, change));
        }
        Operation::GetOrInsert(key, value) => assert_eq!(
            map.get_or_insert_with(key, || value),
            sequential.get_or_insert_with(key, || value)
        ),
        Operation::CompareAndUpdate(key, expected, new) => assert_eq!(
            map.compare_and_update(&key, &expected, new),
            sequential.compare_and_update(&key, &expected, new)
        ),
        Operation::Remove(key) => assert_eq!(map.remove(&key), sequential.remove(&key)),
        Operation::Transfer(from, to, amount) => {
            assert_eq!(map.transfer(&from, &to, amount), sequential.transfer(&from, &to, amount));
        }
    }
    for key in 0..6 {
        assert_eq!(map.get(&key), sequential.get(&key));
        assert_eq!(map.contains(&key), sequential.contains(&key));
    }
    assert_eq!(map.len(), sequential.len());
    assert_eq!(map.is_empty(), sequential.is_empty());
    assert_eq!(map.snapshot(), sequential.snapshot());
}

fn does_what_the_sequential_one_does(map: &impl RecordMap<u8, u8>, operations: &[Operation]) {
    let mut sequential = SequentialRecordMap::new();
    for operation in operations {
        compare(map, &mut sequential, operation);
    }
}

proptest! {
    #[test]
    fn every_map_does_what_the_sequential_one_does(
        operations in prop::collection::vec(operation(), 0..40),
    ) {
        does_what_the_sequential_one_does(&LockedRecordMap::new(), &operations);
        for shards in 1..4 {
            let sharded = ShardedRecordMap::with_shards(shards);
            does_what_the_sequential_one_does(&sharded, &operations);
        }
        does_what_the_sequential_one_does(&ShardedRecordMap::new(), &operations);
        does_what_the_sequential_one_does(&UnlockedRecordMap::new(), &operations);
        does_what_the_sequential_one_does(&ArgumentOrderRecordMap::with_shards(2), &operations);
        does_what_the_sequential_one_does(&TornSnapshotRecordMap::with_shards(2), &operations);
    }
}

#[test]
fn a_failed_transfer_says_why_and_changes_nothing() {
    let map = ShardedRecordMap::from_iter([("rich", 250_u8), ("poor", 10)]);
    assert_eq!(map.transfer(&"nobody", &"poor", 1), Err(TransferError::MissingSource));
    assert_eq!(map.transfer(&"poor", &"nobody", 1), Err(TransferError::MissingTarget));
    assert_eq!(map.transfer(&"poor", &"rich", 11), Err(TransferError::InsufficientFunds));
    assert_eq!(map.transfer(&"poor", &"rich", 10), Err(TransferError::Overflow));
    assert_eq!((map.get(&"rich"), map.get(&"poor")), (Some(250), Some(10)));
}

#[test]
fn a_failed_comparison_shows_the_current_record() {
    let map = LockedRecordMap::from_iter([("a", 1_u8)]);
    assert_eq!(map.compare_and_update(&"a", &2, 3), Err(CompareError::Changed(1)));
    assert_eq!(map.compare_and_update(&"b", &2, 3), Err(CompareError::Missing));
    assert_eq!(map.compare_and_update(&"a", &1, 3), Ok(()));
}

#[test]
#[should_panic(expected = "ask for at least one")]
fn a_map_without_shards_is_refused() {
    let _ = ShardedRecordMap::<u8, u8>::with_shards(0);
}

#[test]
fn a_key_stays_in_its_shard_and_shards_are_all_used() {
    let map = ShardedRecordMap::<u32, u32>::with_shards(4);
    let mut used = [false; 4];
    for key in 0..256 {
        assert_eq!(map.shard_of(&key), map.shard_of(&key), "a key stays in its shard");
        used[map.shard_of(&key)] = true;
    }
    assert_eq!(used, [true; 4]);
}

fn survives_a_panic(map: &(impl RecordMap<u8, u8> + Sync)) {
    map.insert(0, 1);
    let outcome = thread::scope(|scope| {
        scope.spawn(|| map.update(&0, |_| panic!("in the middle of an update"))).join()
    });
    assert!(outcome.is_err(), "the panic is the thread's own");
    assert_eq!(map.snapshot().into_iter().collect::<Vec<_>>(), [(0, 1)]);
    assert_eq!(map.insert(0, 2), Some(1), "the map stays usable");
}

#[test]
fn every_map_survives_a_panic_in_a_closure() {
    survives_a_panic(&LockedRecordMap::new());
    survives_a_panic(&ShardedRecordMap::new());
}

fn keeps_its_total(map: &(impl RecordMap<u64, u64> + Sync)) {
    for key in 0..4 {
        map.insert(key, 100);
    }
    thread::scope(|scope| {
        for first in 0..3_u64 {
            scope.spawn(move || {
                for step in 0..500 {
                    // Whether the funds suffice does not matter: the total is what is tested.
                    let _ = map.transfer(&((first + step) % 4), &(step % 4), step % 7);
                }
            });
        }
        for _ in 0..200 {
            let total: u64 = map.snapshot().values().sum();
            assert_eq!(total, 400, "a snapshot shows a total that was");
        }
    });
    assert_eq!(map.snapshot().values().sum::<u64>(), 400, "transfers keep the total");
}

#[test]
fn threads_that_transfer_keep_the_total() {
    keeps_its_total(&LockedRecordMap::new());
    keeps_its_total(&ShardedRecordMap::with_shards(3));
}
