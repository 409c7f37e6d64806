//! Models of the record maps: whether each operation takes effect at one moment.

use std::time::Duration;

use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::{Expected, Model};
use lockproof_structures::{
    ArgumentOrderRecordMap, LockedRecordMap, RecordMap, ShardedRecordMap, TornSnapshotRecordMap,
    UnlockedRecordMap,
};
use lockproof_tests::assert_failure_reads;

const MAKES_ONCE: &str = "makes a missing record once";
const ADDS_UP: &str = "adds up the updates of a record";
const ONE_WINS: &str = "lets one of two comparisons win";
const TRANSFERS: &str = "transfers both ways and keeps the total";
const SNAPSHOT: &str = "shows a total that was";
const LENGTH: &str = "has a length that was";

/// Long enough for real threads to get through, if they ever do.
const HANG: Duration = Duration::from_secs(2);

/// Two shards, and two keys of different ones: what it takes to get an order of locks wrong.
const SHARDS: usize = 2;

fn keys_apart(shard_of: impl Fn(&u32) -> usize) -> [u32; 2] {
    let other = (1..64).find(|key| shard_of(key) != shard_of(&0));
    [0, other.expect("64 keys are not all in one shard")]
}

fn locked() -> (LockedRecordMap<u32, u64>, [u32; 2]) {
    (LockedRecordMap::new(), [0, 1])
}

fn sharded() -> (ShardedRecordMap<u32, u64>, [u32; 2]) {
    let map = ShardedRecordMap::with_shards(SHARDS);
    let keys = keys_apart(|key| map.shard_of(key));
    (map, keys)
}

fn unlocked() -> (UnlockedRecordMap<u32, u64>, [u32; 2]) {
    (UnlockedRecordMap::new(), [0, 1])
}

fn argument_order() -> (ArgumentOrderRecordMap<u32, u64>, [u32; 2]) {
    let map = ArgumentOrderRecordMap::with_shards(SHARDS);
    let keys = keys_apart(|key| map.shard_of(key));
    (map, keys)
}

fn torn_snapshot() -> (TornSnapshotRecordMap<u32, u64>, [u32; 2]) {
    let map = TornSnapshotRecordMap::with_shards(SHARDS);
    let keys = keys_apart(|key| map.shard_of(key));
    (map, keys)
}

/// What the models need of a map.
trait Subject: RecordMap<u32, u64> + Send + Sync + 'static {}
impl<M: RecordMap<u32, u64> + Send + Sync + 'static> Subject for M {}

/// Two threads ask for the same record, which each would make differently.
fn a_record_is_made_once((map, [key, _]): (impl Subject, [u32; 2])) {
    let map = Arc::new(map);
    let other = Arc::clone(&map);
    let child = thread::spawn(move || other.get_or_insert_with(key, || 1));
    let mine = map.get_or_insert_with(key, || 2);
    let theirs = child.join().expect("making a record does not panic");
    assert_eq!(mine, theirs, "both threads get the record that was made first");
}

#[test]
fn locked_record_map_makes_a_record_once() {
    Model::new("LockedRecordMap", MAKES_ONCE, || a_record_is_made_once(locked())).is_proved();
}

#[test]
fn sharded_record_map_makes_a_record_once() {
    Model::new("ShardedRecordMap", MAKES_ONCE, || a_record_is_made_once(sharded())).is_proved();
}

#[test]
fn unlocked_record_map_overwrites_a_record() {
    Model::new("UnlockedRecordMap", MAKES_ONCE, || a_record_is_made_once(unlocked()))
        .is_refuted_by(Expected::panic("both threads get the record that was made first"));
}

/// Two threads add one to the same record.
fn updates_add_up((map, [key, _]): (impl Subject, [u32; 2])) {
    let map = Arc::new(map);
    map.insert(key, 0);
    let other = Arc::clone(&map);
    let child = thread::spawn(move || other.update(&key, |value| *value += 1));
    map.update(&key, |value| *value += 1);
    child.join().expect("an update does not panic");
    assert_eq!(map.get(&key), Some(2), "every update is counted");
}

#[test]
fn locked_record_map_adds_up_updates() {
    Model::new("LockedRecordMap", ADDS_UP, || updates_add_up(locked())).is_proved();
}

#[test]
fn sharded_record_map_adds_up_updates() {
    Model::new("ShardedRecordMap", ADDS_UP, || updates_add_up(sharded())).is_proved();
}

#[test]
fn unlocked_record_map_loses_an_update() {
    Model::new("UnlockedRecordMap", ADDS_UP, || updates_add_up(unlocked()))
        .is_refuted_by(Expected::panic("every update is counted"));
}

/// Two threads replace the same record, each expecting to be the first.
fn one_of_two_comparisons_wins((map, [key, _]): (impl Subject, [u32; 2])) {
    let map = Arc::new(map);
    map.insert(key, 0);
    let other = Arc::clone(&map);
    let child = thread::spawn(move || other.compare_and_update(&key, &0, 1).is_ok());
    let mine = map.compare_and_update(&key, &0, 2).is_ok();
    let theirs = child.join().expect("a comparison does not panic");
    assert_ne!(mine, theirs, "one of two comparisons wins");
    assert_eq!(map.get(&key), Some(if mine { 2 } else { 1 }), "the winner's record is in place");
}

#[test]
fn locked_record_map_lets_one_comparison_win() {
    Model::new("LockedRecordMap", ONE_WINS, || one_of_two_comparisons_wins(locked())).is_proved();
}

#[test]
fn sharded_record_map_lets_one_comparison_win() {
    Model::new("ShardedRecordMap", ONE_WINS, || one_of_two_comparisons_wins(sharded())).is_proved();
}

/// Two threads transfer between the same two records, in opposite directions.
fn opposite_transfers_keep_the_total((map, [left, right]): (impl Subject, [u32; 2])) {
    let map = Arc::new(map);
    map.insert(left, 10);
    map.insert(right, 10);
    let other = Arc::clone(&map);
    let child = thread::spawn(move || other.transfer(&left, &right, 3));
    let mine = map.transfer(&right, &left, 5);
    let theirs = child.join().expect("a transfer does not panic");
    assert_eq!((mine, theirs), (Ok(()), Ok(())), "there is enough to transfer");
    let balances = (map.get(&left), map.get(&right));
    assert_eq!(balances, (Some(12), Some(8)), "transfers move exactly their amount");
}

#[test]
fn locked_record_map_transfers_both_ways() {
    Model::new("LockedRecordMap", TRANSFERS, || opposite_transfers_keep_the_total(locked()))
        .is_proved();
}

#[test]
fn sharded_record_map_transfers_both_ways() {
    Model::new("ShardedRecordMap", TRANSFERS, || opposite_transfers_keep_the_total(sharded()))
        .is_proved();
}

#[test]
fn argument_order_record_map_deadlocks_between_two_transfers() {
    Model::new("ArgumentOrderRecordMap", TRANSFERS, || {
        opposite_transfers_keep_the_total(argument_order());
    })
    .hang(HANG)
    .is_refuted_by(Expected::deadlock());
}

/// One thread transfers while another adds up what it sees.
fn a_snapshot_shows_a_total_that_was((map, [left, right]): (impl Subject, [u32; 2])) {
    let map = Arc::new(map);
    map.insert(left, 10);
    map.insert(right, 10);
    let other = Arc::clone(&map);
    let child = thread::spawn(move || other.transfer(&left, &right, 4));
    let total: u64 = map.snapshot().values().sum();
    let transferred = child.join().expect("a transfer does not panic");
    assert_eq!(transferred, Ok(()), "there is enough to transfer");
    assert_eq!(total, 20, "a snapshot shows a total that was");
}

#[test]
fn locked_record_map_shows_a_total_that_was() {
    Model::new("LockedRecordMap", SNAPSHOT, || a_snapshot_shows_a_total_that_was(locked()))
        .is_proved();
}

#[test]
fn sharded_record_map_shows_a_total_that_was() {
    Model::new("ShardedRecordMap", SNAPSHOT, || a_snapshot_shows_a_total_that_was(sharded()))
        .is_proved();
}

#[test]
fn torn_snapshot_record_map_shows_a_total_that_never_was() {
    Model::new("TornSnapshotRecordMap", SNAPSHOT, || {
        a_snapshot_shows_a_total_that_was(torn_snapshot());
    })
    .is_refuted_by(Expected::panic("a snapshot shows a total that was"));
}

/// One thread moves a record from one shard to the other while another counts the records.
fn a_length_is_one_that_was((map, [left, right]): (impl Subject, [u32; 2])) {
    let map = Arc::new(map);
    map.insert(left, 1);
    let other = Arc::clone(&map);
    let child = thread::spawn(move || {
        other.remove(&left);
        other.insert(right, 1);
    });
    let length = map.len();
    child.join().expect("moving a record does not panic");
    assert!(length <= 1, "there never was more than one record, but {length} were counted");
}

#[test]
fn locked_record_map_has_a_length_that_was() {
    Model::new("LockedRecordMap", LENGTH, || a_length_is_one_that_was(locked())).is_proved();
}

#[test]
fn sharded_record_map_has_a_length_that_was() {
    Model::new("ShardedRecordMap", LENGTH, || a_length_is_one_that_was(sharded())).is_proved();
}

#[test]
fn the_failures_of_the_twins_read_well() {
    assert_failure_reads!(
        "unlocked_record_map_overwrites",
        Model::new("UnlockedRecordMap", MAKES_ONCE, || a_record_is_made_once(unlocked()))
    );
    assert_failure_reads!(
        "unlocked_record_map_loses",
        Model::new("UnlockedRecordMap", ADDS_UP, || updates_add_up(unlocked()))
    );
    assert_failure_reads!(
        "argument_order_record_map",
        Model::new("a twin", TRANSFERS, || opposite_transfers_keep_the_total(argument_order()))
    );
    assert_failure_reads!(
        "torn_snapshot_record_map",
        Model::new("a twin", SNAPSHOT, || a_snapshot_shows_a_total_that_was(torn_snapshot()))
    );
}
