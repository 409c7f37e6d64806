//! Maps that compute a value for a key once: checked once, checked twice.

use std::collections::BTreeMap;

use lockproof::sync::{Mutex, RwLock};
use lockproof_check::{Contract, Specification, Specifies};
use proptest::prelude::*;

use crate::judged::{SCENARIOS, Threads, accepts, refutes};

/// Gives a key the value, unless it has one, and returns the one it has then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct GetOrInsert(u8, u8);

/// The values of the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Values(BTreeMap<u8, u8>);

impl Specification for Values {
    type Operation = GetOrInsert;
    type Return = u8;

    fn apply(&mut self, &GetOrInsert(key, value): &GetOrInsert) -> u8 {
        *self.0.entry(key).or_insert(value)
    }
}

trait Map: Default + Send + Sync + 'static {
    fn get_or_insert(&self, key: u8, value: u8) -> u8;
}

impl<M: Map> Specifies<M> for Values {
    fn call(map: &M, &GetOrInsert(key, value): &GetOrInsert) -> u8 {
        map.get_or_insert(key, value)
    }
}

/// Looks under a read lock, then writes under a write lock what may be there by then.
#[derive(Default)]
struct CheckedOnce(RwLock<BTreeMap<u8, u8>>);

impl Map for CheckedOnce {
    fn get_or_insert(&self, key: u8, value: u8) -> u8 {
        if let Some(known) = self.0.read().unwrap().get(&key) {
            return *known;
        }
        self.0.write().unwrap().insert(key, value);
        value
    }
}

/// Looks again under the write lock.
#[derive(Default)]
struct CheckedTwice(RwLock<BTreeMap<u8, u8>>);

impl Map for CheckedTwice {
    fn get_or_insert(&self, key: u8, value: u8) -> u8 {
        if let Some(known) = self.0.read().unwrap().get(&key) {
            return *known;
        }
        *self.0.write().unwrap().entry(key).or_insert(value)
    }
}

/// Does all under one lock.
#[derive(Default)]
struct LockedMap(Mutex<BTreeMap<u8, u8>>);

impl Map for LockedMap {
    fn get_or_insert(&self, key: u8, value: u8) -> u8 {
        *self.0.lock().unwrap().entry(key).or_insert(value)
    }
}

fn scenarios() -> Vec<Threads<GetOrInsert>> {
    vec![
        vec![vec![GetOrInsert(0, 1)], vec![GetOrInsert(1, 2)]],
        vec![vec![GetOrInsert(0, 1), GetOrInsert(0, 2)], vec![GetOrInsert(0, 3)]],
        vec![vec![GetOrInsert(0, 1)], vec![GetOrInsert(0, 2)], vec![GetOrInsert(0, 3)]],
    ]
}

#[test]
fn a_map_that_checks_outside_of_the_lock_alone_is_refuted() {
    refutes::<_, CheckedOnce>(&Values::default(), &scenarios());
}

#[test]
fn maps_that_check_under_the_lock_are_accepted() {
    accepts::<_, CheckedTwice>(&Values::default(), &scenarios());
    accepts::<_, LockedMap>(&Values::default(), &scenarios());
}

/// In scenarios that are generated.
fn generated<M: Map>(name: &str) -> Contract<Values, M> {
    let calls = (0_u8..2, 1_u8..3).prop_map(|(key, value)| GetOrInsert(key, value)).boxed();
    Contract::new(name, M::default, Values::default()).scenarios_of(SCENARIOS, calls)
}

#[test]
fn generated_scenarios_tell_maps_apart() {
    generated::<CheckedOnce>("CheckedOnce").is_refuted();
    generated::<CheckedTwice>("CheckedTwice").passes();
    generated::<LockedMap>("LockedMap").passes();
}
