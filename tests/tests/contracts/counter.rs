//! The contract of the counters.

use lockproof_check::{Contract, specification};
use lockproof_structures::{
    AtomicCounter, Counter, LockedCounter, SequentialCounter, UnlockedCounter,
};

specification! {
    pub(crate) struct CounterSpecification(SequentialCounter) for impl Counter;
    pub(crate) enum CounterCall -> CounterReturn;

    fn increment();
    fn add(amount: u64 = 2..=3);
    fn get() -> u64;
}

pub(crate) fn counter<C: Counter + Send + Sync + 'static>(
    name: &str,
    make: fn() -> C,
) -> Contract<CounterSpecification, C> {
    Contract::new(name, make, CounterSpecification(SequentialCounter::new())).scenarios(200)
}

#[test]
fn locked_counter_is_linearizable() {
    counter("LockedCounter", LockedCounter::new).passes();
}

#[test]
fn atomic_counter_is_linearizable() {
    counter("AtomicCounter", AtomicCounter::new).passes();
}

#[test]
fn unlocked_counter_is_refuted() {
    counter("UnlockedCounter", UnlockedCounter::new).is_refuted();
}
