//! Models of the counters: whether every increment is counted.

use lockproof::cell::UnsafeCell;
use lockproof::extension::Named;
use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::{Engine, Expected, Model, demonstrate};
use lockproof_structures::{AtomicCounter, Counter, LockedCounter, UnlockedCounter};
use lockproof_tests::assert_failure_reads;

const COUNTS: &str = "counts every increment";

/// Two threads increment once each, the least that can lose an update.
fn two_increments_are_counted<C: Counter + Default + Send + Sync + 'static>() {
    let counter = Arc::new(C::default());
    let other = Arc::clone(&counter);
    let child = thread::spawn(move || other.increment());
    counter.increment();
    child.join().expect("an increment does not panic");
    assert_eq!(counter.get(), 2, "every increment is counted");
}

#[test]
fn locked_counter_counts_every_increment() {
    Model::new("LockedCounter", COUNTS, two_increments_are_counted::<LockedCounter>).is_proved();
}

#[test]
fn atomic_counter_counts_every_increment() {
    Model::new("AtomicCounter", COUNTS, two_increments_are_counted::<AtomicCounter>).is_proved();
}

#[test]
fn unlocked_counter_loses_an_update() {
    Model::new("UnlockedCounter", COUNTS, two_increments_are_counted::<UnlockedCounter>)
        .is_refuted_by(Expected::panic("every increment is counted"));
}

/// Three threads of one increment each: more than a pair of them can hide.
fn three_increments_are_counted<C: Counter + Default + Send + Sync + 'static>() {
    let counter = Arc::new(C::default());
    let children: Vec<_> = (0..2)
        .map(|_| {
            let counter = Arc::clone(&counter);
            thread::spawn(move || counter.increment())
        })
        .collect();
    counter.increment();
    for child in children {
        child.join().expect("an increment does not panic");
    }
    assert_eq!(counter.get(), 3, "every increment is counted");
}

#[test]
fn locked_counter_counts_in_three_threads() {
    let property = "counts every increment of three threads";
    Model::new("LockedCounter", property, three_increments_are_counted::<LockedCounter>)
        .is_proved();
}

/// A counter that is shared without lock or atomic, which Rust allows in `unsafe` code alone.
struct RacingCounter {
    /// The rule that `add` breaks: whoever writes here is alone.
    total: UnsafeCell<u64>,
}

// SAFETY: this promise is broken on purpose. The models of this type run on loom alone, where the
// threads of a model take turns on one OS thread, so no two accesses ever really overlap.
unsafe impl Sync for RacingCounter {}

impl Default for RacingCounter {
    fn default() -> Self {
        Self { total: UnsafeCell::new(0).named("counter.total") }
    }
}

impl Counter for RacingCounter {
    fn add(&self, amount: u64) {
        self.total.with_mut(|total| {
            // SAFETY: the pointer is the cell's own and valid for the length of this closure, in
            // which no other thread runs: see the promise of `Sync` above.
            unsafe { *total = (*total).wrapping_add(amount) }
        });
    }

    fn get(&self) -> u64 {
        self.total.with(|total| {
            // SAFETY: as in `add`.
            unsafe { *total }
        })
    }
}

#[test]
fn racing_counter_is_a_data_race() {
    Model::new("RacingCounter", COUNTS, two_increments_are_counted::<RacingCounter>)
        .not_on(Engine::Std, "a data race on real threads is undefined behaviour")
        .not_on(Engine::Shuttle, "it does not check cells for data races")
        .is_refuted_by(Expected::data_race());
}

/// The tutorial's setting.
const THREADS: u64 = 5;
const INCREMENTS: u64 = 100_000;

fn total_of(counter: &(impl Counter + Sync)) -> u64 {
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..INCREMENTS {
                    counter.increment();
                }
            });
        }
    });
    counter.get()
}

#[test]
fn five_threads_of_100_000_increments_show_the_damage() {
    let (exact, locked) = (THREADS * INCREMENTS, total_of(&LockedCounter::new()));
    let (atomic, unlocked) = (total_of(&AtomicCounter::new()), total_of(&UnlockedCounter::new()));
    demonstrate("Five threads of 100,000 increments on real threads", || {
        let line = |name, total| format!("{name:<16} {total:>7}  {:>7} lost", exact - total);
        vec![
            line("exact", exact),
            line("LockedCounter", locked),
            line("AtomicCounter", atomic),
            line("UnlockedCounter", unlocked),
        ]
    });
    assert_eq!((locked, atomic), (exact, exact), "every increment is counted");
    assert!(unlocked <= exact, "increments are lost, never invented");
}

#[test]
fn the_failures_of_the_twins_read_well() {
    assert_failure_reads!(
        "unlocked_counter",
        Model::new("UnlockedCounter", COUNTS, two_increments_are_counted::<UnlockedCounter>)
    );
    assert_failure_reads!(
        "racing_counter",
        Model::new("RacingCounter", COUNTS, two_increments_are_counted::<RacingCounter>)
    );
}
