//! Sets of two elements with a copy for readers.

use lockproof::sync::Mutex;
use lockproof::sync::atomic::{AtomicU8, Ordering};
use lockproof_check::{Contract, Specification, Specifies};
use proptest::prelude::*;

use crate::judged::{SCENARIOS, Threads, accepts, refutes};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    /// Returns whether the element was new.
    Insert(u8),
    Contains(u8),
}

use Operation::{Contains, Insert};

/// One bit for each element.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Elements(u8);

impl Specification for Elements {
    type Operation = Operation;
    type Return = bool;

    fn apply(&mut self, operation: &Operation) -> bool {
        match *operation {
            Insert(element) => {
                let before = self.0;
                self.0 |= 1 << element;
                before != self.0
            }
            Contains(element) => self.0 & 1 << element != 0,
        }
    }
}

trait Set: Default + Send + Sync + 'static {
    fn insert(&self, element: u8) -> bool;
    fn contains(&self, element: u8) -> bool;
}

impl<S: Set> Specifies<S> for Elements {
    fn call(set: &S, operation: &Operation) -> bool {
        match *operation {
            Insert(element) => set.insert(element),
            Contains(element) => set.contains(element),
        }
    }
}

/// Changes the elements under a lock, then copies them for readers, who take no lock.
#[derive(Default)]
struct UnlockedCopy {
    elements: Mutex<u8>,
    copy: AtomicU8,
}

impl UnlockedCopy {
    fn add(&self, element: u8) -> (bool, u8) {
        let mut elements = self.elements.lock().unwrap();
        let before = *elements;
        *elements |= 1 << element;
        (before != *elements, *elements)
    }
}

impl Set for UnlockedCopy {
    fn insert(&self, element: u8) -> bool {
        let (is_new, elements) = self.add(element);
        // ORDERING: SeqCst: pairs with the load; that the lock has been released is the fault.
        self.copy.store(elements, Ordering::SeqCst);
        is_new
    }

    fn contains(&self, element: u8) -> bool {
        // ORDERING: SeqCst: pairs with the store.
        self.copy.load(Ordering::SeqCst) & 1 << element != 0
    }
}

/// Copies the elements before it releases the lock.
#[derive(Default)]
struct CopyUnderLock {
    elements: Mutex<u8>,
    copy: AtomicU8,
}

impl Set for CopyUnderLock {
    fn insert(&self, element: u8) -> bool {
        let mut elements = self.elements.lock().unwrap();
        let before = *elements;
        *elements |= 1 << element;
        // ORDERING: SeqCst: pairs with the load.
        self.copy.store(*elements, Ordering::SeqCst);
        before != *elements
    }

    fn contains(&self, element: u8) -> bool {
        // ORDERING: SeqCst: pairs with the store.
        self.copy.load(Ordering::SeqCst) & 1 << element != 0
    }
}

/// Looks under the lock, too.
#[derive(Default)]
struct LockedSet(Mutex<u8>);

impl Set for LockedSet {
    fn insert(&self, element: u8) -> bool {
        let mut elements = self.0.lock().unwrap();
        let before = *elements;
        *elements |= 1 << element;
        before != *elements
    }

    fn contains(&self, element: u8) -> bool {
        *self.0.lock().unwrap() & 1 << element != 0
    }
}

fn scenarios() -> Vec<Threads<Operation>> {
    vec![
        vec![vec![Insert(0), Contains(1)], vec![Insert(1), Contains(0)]],
        vec![vec![Insert(0)], vec![Insert(0), Contains(0)]],
        vec![vec![Insert(0)], vec![Insert(1)], vec![Contains(0), Contains(1)]],
    ]
}

#[test]
fn a_set_whose_readers_trust_an_unlocked_copy_is_refuted() {
    refutes::<_, UnlockedCopy>(&Elements::default(), &scenarios());
}

#[test]
fn a_set_that_copies_under_the_lock_is_accepted() {
    accepts::<_, CopyUnderLock>(&Elements::default(), &scenarios());
}

#[test]
fn a_locked_set_is_accepted() {
    accepts::<_, LockedSet>(&Elements::default(), &scenarios());
}

/// In scenarios that are generated.
fn generated<S: Set>(name: &str) -> Contract<Elements, S> {
    let calls = prop_oneof![(0_u8..2).prop_map(Insert), (0_u8..2).prop_map(Contains)].boxed();
    Contract::new(name, S::default, Elements::default()).scenarios_of(SCENARIOS, calls)
}

#[test]
fn generated_scenarios_tell_sets_apart() {
    generated::<UnlockedCopy>("UnlockedCopy").is_refuted();
    generated::<CopyUnderLock>("CopyUnderLock").passes();
    generated::<LockedSet>("LockedSet").passes();
}
