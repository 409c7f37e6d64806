//! The contract of the record maps.

use std::collections::BTreeMap;

use lockproof_check::{Contract, Engine, Expected, Model, RecordedEngine, specification};
use lockproof_structures::{
    ArgumentOrderRecordMap, CompareError, LockedRecordMap, RecordMap, SequentialRecordMap,
    ShardedRecordMap, TornSnapshotRecordMap, TransferError, UnlockedRecordMap,
};

specification! {
    struct MapSpecification(SequentialRecordMap<u8, u64>) for impl RecordMap<u8, u64>;
    enum MapCall -> MapReturn;

    fn insert(key: u8 = KEYS, value: u64 = 1..=2) -> Option<u64>;
    fn get(key: u8 = KEYS) -> Option<u64> = |map| map.get(&key);
    fn contains(key: u8 = KEYS) -> bool = |map| map.contains(&key);
    fn increment(key: u8 = KEYS) -> Option<()> = |map| map.update(&key, |value| *value += 1);
    fn get_or_insert(key: u8 = KEYS, value: u64 = 1..=2) -> u64 =
        |map| map.get_or_insert_with(key, || value);
    fn compare_and_update(key: u8 = KEYS, expected: u64 = 1..=2, new: u64 = 1..=2)
        -> Result<(), CompareError<u64>> = |map| map.compare_and_update(&key, &expected, new);
    fn remove(key: u8 = KEYS) -> Option<u64> = |map| map.remove(&key);
    fn len() -> usize;
    fn snapshot() -> BTreeMap<u8, u64> = |map| map.snapshot().into_iter().collect();
    fn transfer(from: u8 = KEYS, to: u8 = KEYS, amount: u64 = 1..=2) -> Result<(), TransferError> =
        |map| map.transfer(&from, &to, amount);
}

/// One key of each of two shards: what it takes to get an order of locks wrong.
const KEYS: [u8; 2] = [0, 5];
const SHARDS: usize = 2;

fn map<M: RecordMap<u8, u64> + Send + Sync + 'static>(
    name: &str,
    make: fn() -> M,
) -> Contract<MapSpecification, M> {
    let filled = move || {
        let map = make();
        map.insert(KEYS[0], 2);
        map
    };
    let mut counterpart = SequentialRecordMap::new();
    counterpart.insert(KEYS[0], 2);
    Contract::new(name, filled, MapSpecification(counterpart)).scenarios(500)
}

fn sharded() -> ShardedRecordMap<u8, u64> {
    ShardedRecordMap::with_shards(SHARDS)
}

#[test]
fn keys_are_in_different_shards() {
    let are_apart = || assert_ne!(sharded().shard_of(&KEYS[0]), sharded().shard_of(&KEYS[1]));
    // std's hashing is another one in each map.
    Model::new("ShardedRecordMap", "keeps the keys of scenarios apart", are_apart)
        .not_on(Engine::Std, "its hashing is random")
        .is_proved();
}

#[test]
fn locked_record_map_is_linearizable() {
    map("LockedRecordMap", LockedRecordMap::new).passes();
}

#[test]
fn sharded_record_map_is_linearizable() {
    map("ShardedRecordMap", sharded).passes();
}

#[test]
fn sharded_record_map_refines_the_one_with_one_lock() {
    let (name, other) = ("ShardedRecordMap", "LockedRecordMap");
    map(name, sharded).scenarios(200).refines(&map(other, LockedRecordMap::new));
}

#[test]
fn torn_snapshot_record_map_does_not_refine_the_one_with_one_lock() {
    let torn = map("TornSnapshotRecordMap", || TornSnapshotRecordMap::with_shards(SHARDS));
    let comparison = torn.compare_with(&map("LockedRecordMap", LockedRecordMap::new));
    if let Some(run) = comparison.report.run_of(RecordedEngine::Explore) {
        let failure = run.verdict().failure().expect("a snapshot shows what never was");
        assert_eq!(failure.defect.kind.to_string(), "unwanted outcome");
    }
}

#[test]
fn unlocked_record_map_is_refuted() {
    map("UnlockedRecordMap", UnlockedRecordMap::new).is_refuted();
}

#[test]
fn torn_snapshot_record_map_is_refuted() {
    map("TornSnapshotRecordMap", || TornSnapshotRecordMap::with_shards(SHARDS)).is_refuted();
}

#[test]
fn argument_order_record_map_is_refuted_by_a_deadlock() {
    map("ArgumentOrderRecordMap", || ArgumentOrderRecordMap::with_shards(SHARDS))
        .is_refuted_by(Expected::deadlock());
}
