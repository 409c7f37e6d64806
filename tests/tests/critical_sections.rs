//! Models of what a critical section promises, whatever it protects: it is released by a panic,
//! and nobody sees its middle.

use std::mem::ManuallyDrop;
use std::time::Duration;

use lockproof::extension::Named;
use lockproof::sync::{Arc, Mutex, PoisonError, RwLock};
use lockproof::thread;
use lockproof_check::{Expected, Model};
use lockproof_structures::{LockedRecordMap, RecordMap, ShardedRecordMap};
use lockproof_tests::assert_failure_reads;

const RELEASED: &str = "is released by a panic inside, and poisoned";
const SURVIVES: &str = "stays usable after a panic inside";
const NO_MIDDLE: &str = "hides the middle of a critical section";

/// Long enough for real threads to get through, if they ever do.
const HANG: Duration = Duration::from_secs(2);

/// A thread panics in `section`, while it holds the lock that another one wants.
fn a_panic_releases_and_poisons(section: fn(&Mutex<u32>)) {
    let total = Arc::new(Mutex::new(0).named("total"));
    let other = Arc::clone(&total);
    let child = thread::spawn(move || section(&other));
    *total.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    assert!(child.join().is_err(), "the panic is the result of its thread");
    let poisoned = total.lock().expect_err("the panic has poisoned the lock");
    assert_eq!(*poisoned.into_inner(), 2, "the lock stays usable, and so does what it protects");
}

/// The guard is dropped on every way out of the section, also by a panic.
fn guarded_section(total: &Mutex<u32>) {
    let mut total = total.lock().unwrap_or_else(PoisonError::into_inner);
    *total += 1;
    panic!("in the middle of a critical section");
}

/// **Broken:** the lock is released by a statement at the end, which a panic never reaches.
fn section_released_by_hand(total: &Mutex<u32>) {
    let guard = total.lock().unwrap_or_else(PoisonError::into_inner);
    let mut total = ManuallyDrop::new(guard);
    **total += 1;
    assert!(**total > 2, "in the middle of a critical section");
    drop(ManuallyDrop::into_inner(total));
}

#[test]
fn a_mutex_guard_releases_the_lock_by_a_panic() {
    Model::new("Mutex", RELEASED, || a_panic_releases_and_poisons(guarded_section)).is_proved();
}

#[test]
fn a_mutex_released_by_hand_stays_locked_by_a_panic() {
    Model::new("Mutex released by hand", RELEASED, || {
        a_panic_releases_and_poisons(section_released_by_hand);
    })
    .hang(HANG)
    .is_refuted_by(Expected::deadlock());
}

/// A writer panics while it holds the lock that a reader wants.
fn a_panic_of_a_writer_releases_and_poisons() {
    let total = Arc::new(RwLock::new(0).named("total"));
    let other = Arc::clone(&total);
    let child = thread::spawn(move || {
        let mut total = other.write().unwrap_or_else(PoisonError::into_inner);
        *total += 1;
        panic!("in the middle of a critical section");
    });
    let seen = *total.read().unwrap_or_else(PoisonError::into_inner);
    assert!(seen <= 1, "the reader comes before or after the writer");
    assert!(child.join().is_err(), "the panic is the result of its thread");
    let poisoned = total.read().expect_err("the panic has poisoned the lock");
    assert_eq!(*poisoned.into_inner(), 1, "the lock stays usable, and so does what it protects");
}

#[test]
fn an_rwlock_is_released_by_a_panic() {
    Model::new("RwLock", RELEASED, a_panic_of_a_writer_releases_and_poisons).is_proved();
}

/// The caller's closure panics inside a map that another thread uses.
fn a_map_survives_a_panic<M: RecordMap<u32, u64> + Send + Sync + 'static>(map: M) {
    let map = Arc::new(map);
    map.insert(0, 0);
    let other = Arc::clone(&map);
    let child = thread::spawn(move || {
        other.update(&0, |_| panic!("in the middle of a critical section"));
    });
    map.update(&0, |value| *value += 1);
    assert!(child.join().is_err(), "the panic is the result of its thread");
    assert_eq!(map.get(&0), Some(1), "the map stays usable");
}

#[test]
fn locked_record_map_survives_a_panic() {
    Model::new("LockedRecordMap", SURVIVES, || a_map_survives_a_panic(LockedRecordMap::new()))
        .is_proved();
}

#[test]
fn sharded_record_map_survives_a_panic() {
    Model::new("ShardedRecordMap", SURVIVES, || {
        a_map_survives_a_panic(ShardedRecordMap::with_shards(2));
    })
    .is_proved();
}

/// Two numbers that are equal, except in the middle of a step.
trait Pair: Default + Send + Sync + 'static {
    /// Adds one to both.
    fn step(&self);

    /// Both, as a reader sees them.
    fn read(&self) -> [u32; 2];
}

/// A writer makes one step while a reader looks once.
fn a_reader_sees_no_middle<P: Pair>() {
    let pair = Arc::new(P::default());
    let other = Arc::clone(&pair);
    let writer = thread::spawn(move || other.step());
    let [left, right] = pair.read();
    writer.join().expect("a step does not panic");
    assert_eq!(left, right, "a reader never sees the middle of a critical section");
}

/// Both numbers behind one mutex.
struct MutexPair(Mutex<[u32; 2]>);

impl Default for MutexPair {
    fn default() -> Self {
        Self(Mutex::new([0, 0]).named("pair"))
    }
}

impl Pair for MutexPair {
    fn step(&self) {
        let mut pair = self.0.lock().expect("no step panics");
        pair[0] += 1;
        pair[1] += 1;
    }

    fn read(&self) -> [u32; 2] {
        *self.0.lock().expect("no step panics")
    }
}

#[test]
fn a_mutex_hides_the_middle() {
    Model::new("Mutex", NO_MIDDLE, a_reader_sees_no_middle::<MutexPair>).is_proved();
}

/// Both numbers behind one reader-writer lock.
struct RwLockPair(RwLock<[u32; 2]>);

impl Default for RwLockPair {
    fn default() -> Self {
        Self(RwLock::new([0, 0]).named("pair"))
    }
}

impl Pair for RwLockPair {
    fn step(&self) {
        let mut pair = self.0.write().expect("no step panics");
        pair[0] += 1;
        pair[1] += 1;
    }

    fn read(&self) -> [u32; 2] {
        *self.0.read().expect("no step panics")
    }
}

#[test]
fn an_rwlock_hides_the_middle() {
    Model::new("RwLock", NO_MIDDLE, a_reader_sees_no_middle::<RwLockPair>).is_proved();
}

/// **Broken:** a lock for each number, so that the step of both is no critical section.
struct TwoLocksPair([Mutex<u32>; 2]);

impl Default for TwoLocksPair {
    fn default() -> Self {
        Self([Mutex::new(0).named("pair[0]"), Mutex::new(0).named("pair[1]")])
    }
}

impl Pair for TwoLocksPair {
    fn step(&self) {
        for number in &self.0 {
            *number.lock().expect("no step panics") += 1;
        }
    }

    fn read(&self) -> [u32; 2] {
        [0, 1].map(|index| *self.0[index].lock().expect("no step panics"))
    }
}

#[test]
fn two_locks_show_the_middle() {
    Model::new("TwoLocksPair", NO_MIDDLE, a_reader_sees_no_middle::<TwoLocksPair>)
        .is_refuted_by(Expected::panic("a reader never sees the middle of a critical section"));
}

#[test]
fn the_failures_of_the_twins_read_well() {
    assert_failure_reads!(
        "mutex_released_by_hand",
        Model::new("a twin", RELEASED, || a_panic_releases_and_poisons(section_released_by_hand))
    );
    assert_failure_reads!(
        "two_locks_pair",
        Model::new("TwoLocksPair", NO_MIDDLE, a_reader_sees_no_middle::<TwoLocksPair>)
    );
}
