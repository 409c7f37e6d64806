//! Counters in two digits, low and high.

use lockproof::sync::Mutex;
use lockproof::sync::atomic::{AtomicU32, Ordering};
use lockproof_check::{Contract, Specification, Specifies};
use proptest::prelude::*;

use crate::judged::{SCENARIOS, Threads, accepts, refutes};

/// The total.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Total(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    Increment,
    Read,
}

use Operation::{Increment, Read};

impl Specification for Total {
    type Operation = Operation;
    type Return = Option<u32>;

    fn apply(&mut self, operation: &Operation) -> Option<u32> {
        match operation {
            Increment => {
                self.0 += 1;
                None
            }
            Read => Some(self.0),
        }
    }
}

trait Counter: Default + Send + Sync + 'static {
    fn increment(&self);
    fn read(&self) -> u32;
}

impl<C: Counter> Specifies<C> for Total {
    fn call(counter: &C, operation: &Operation) -> Option<u32> {
        match operation {
            Increment => {
                counter.increment();
                None
            }
            Read => Some(counter.read()),
        }
    }
}

/// Carries under the lock, and reads the digits one after the other without it.
#[derive(Default)]
struct SplitRead {
    lock: Mutex<()>,
    high: AtomicU32,
    low: AtomicU32,
}

impl Counter for SplitRead {
    fn increment(&self) {
        let _held = self.lock.lock().unwrap();
        // ORDERING: SeqCst: the reader is to see the digits in the order in which they change.
        if self.low.fetch_xor(1, Ordering::SeqCst) == 1 {
            // ORDERING: SeqCst: as above.
            self.high.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn read(&self) -> u32 {
        // ORDERING: SeqCst: pairs with `increment`; the gap between the loads is the fault.
        let high = self.high.load(Ordering::SeqCst);
        // ORDERING: SeqCst: as above.
        2 * high + self.low.load(Ordering::SeqCst)
    }
}

/// The same digits, read under the lock.
#[derive(Default)]
struct LockedDigits(Mutex<[u32; 2]>);

impl Counter for LockedDigits {
    fn increment(&self) {
        let mut digits = self.0.lock().unwrap();
        digits[0] += digits[1];
        digits[1] ^= 1;
    }

    fn read(&self) -> u32 {
        let digits = self.0.lock().unwrap();
        2 * digits[0] + digits[1]
    }
}

/// One number, changed in one step.
#[derive(Default)]
struct OneNumber(AtomicU32);

impl Counter for OneNumber {
    fn increment(&self) {
        // ORDERING: SeqCst: one total order of all changes and readings.
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn read(&self) -> u32 {
        // ORDERING: SeqCst: as above.
        self.0.load(Ordering::SeqCst)
    }
}

fn scenarios() -> Vec<Threads<Operation>> {
    vec![
        vec![vec![Increment, Increment], vec![Read]],
        vec![vec![Increment, Read], vec![Read, Increment]],
        vec![vec![Increment], vec![Increment], vec![Read, Read]],
    ]
}

#[test]
fn a_counter_with_a_split_read_is_refuted() {
    refutes::<_, SplitRead>(&Total::default(), &scenarios());
}

#[test]
fn locked_and_atomic_counters_are_accepted() {
    accepts::<_, LockedDigits>(&Total::default(), &scenarios());
    accepts::<_, OneNumber>(&Total::default(), &scenarios());
}

/// In scenarios that are generated.
fn generated<C: Counter>(name: &str) -> Contract<Total, C> {
    let calls = prop_oneof![Just(Increment), Just(Read)].boxed();
    Contract::new(name, C::default, Total::default()).scenarios_of(SCENARIOS, calls)
}

#[test]
fn generated_scenarios_tell_counters_apart() {
    generated::<SplitRead>("SplitRead").is_refuted();
    generated::<LockedDigits>("LockedDigits").passes();
    generated::<OneNumber>("OneNumber").passes();
}
