//! The counters against `SequentialCounter`.

use lockproof::thread;
use lockproof_structures::{
    AtomicCounter, Counter, LockedCounter, SequentialCounter, UnlockedCounter,
};
use proptest::prelude::*;

fn counts_like_the_sequential_one(counter: &impl Counter, amounts: &[u64]) {
    let mut sequential = SequentialCounter::new();
    for &amount in amounts {
        counter.add(amount);
        counter.increment();
        sequential.add(amount);
        sequential.increment();
        assert_eq!(counter.get(), sequential.get());
    }
}

proptest! {
    #[test]
    fn every_counter_counts_like_the_sequential_one(amounts: Vec<u64>) {
        counts_like_the_sequential_one(&LockedCounter::new(), &amounts);
        counts_like_the_sequential_one(&AtomicCounter::new(), &amounts);
        counts_like_the_sequential_one(&UnlockedCounter::new(), &amounts);
    }
}

fn wraps_around(counter: &impl Counter) {
    counter.add(u64::MAX);
    counter.add(3);
    assert_eq!(counter.get(), 2);
}

#[test]
fn every_counter_wraps_around() {
    wraps_around(&LockedCounter::default());
    wraps_around(&AtomicCounter::default());
    wraps_around(&UnlockedCounter::default());
}

fn counts_in_threads(counter: &(impl Counter + Sync)) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1_000).for_each(|_| counter.increment()));
        }
    });
    assert_eq!(counter.get(), 4_000);
}

#[test]
fn threads_lose_no_increment() {
    counts_in_threads(&LockedCounter::new());
    counts_in_threads(&AtomicCounter::new());
}
