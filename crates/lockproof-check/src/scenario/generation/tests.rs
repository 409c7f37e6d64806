//! Generated scenarios keep to sizes and constraints, depend on the seed alone, and never repeat.

use std::collections::HashSet;

use lockproof::sync::Arc;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};

use super::{Generator, Sizes};
use crate::scenario::Scenario;
use crate::scenario::constraints::Constraint;

fn numbers() -> BoxedStrategy<u8> {
    (0_u8..4).boxed()
}

fn drawn(seed: u64, sizes: &Sizes, constraints: &[Constraint<u8>]) -> Vec<Scenario<u8>> {
    let numbers = numbers();
    let mut generator = Generator::new(seed, &numbers, sizes, constraints);
    let draws = (0..500).map(|_| generator.draw().expect("numbers are drawn"));
    draws.flatten().map(|trees| trees.map(ValueTree::current)).collect()
}

#[test]
fn sizes_are_kept_and_used_up() {
    let sizes = Sizes { before: 1..=2, threads: 2..=4, calls: 1..=3, after: 0..=1 };
    let scenarios = drawn(0, &sizes, &[]);
    let mut seen = HashSet::new();
    for scenario in &scenarios {
        assert!(sizes.before.contains(&scenario.before.len()), "{scenario}");
        assert!(sizes.threads.contains(&scenario.threads.len()), "{scenario}");
        assert!(
            scenario.threads.iter().all(|calls| sizes.calls.contains(&calls.len())),
            "{scenario}"
        );
        assert!(sizes.after.contains(&scenario.after.len()), "{scenario}");
        seen.insert((scenario.before.len(), scenario.threads.len(), scenario.after.len()));
    }
    assert_eq!(seen.len(), 2 * 3 * 2, "every size comes up");
}

#[test]
fn the_seed_decides() {
    let sizes = Sizes::default();
    assert_eq!(drawn(1, &sizes, &[]), drawn(1, &sizes, &[]), "the same seed");
    assert_ne!(drawn(1, &sizes, &[]), drawn(2, &sizes, &[]), "another seed");
}

#[test]
fn no_scenario_is_drawn_twice_whatever_the_order_of_its_threads() {
    let sizes = Sizes { before: 0..=0, threads: 2..=2, calls: 1..=1, after: 0..=0 };
    let scenarios = drawn(0, &sizes, &[]);
    let mut distinct = HashSet::new();
    for scenario in &scenarios {
        let mut threads = scenario.threads.clone();
        threads.sort();
        assert!(distinct.insert(threads), "{scenario} is there once");
    }
    assert_eq!(distinct.len(), 10, "all pairs of four numbers");
}

#[test]
fn constraints_are_kept() {
    let zero = |call: &u8| *call == 0;
    let one = |call: &u8| *call == 1;
    let constraints = [Constraint::OneThread(Arc::new(zero)), Constraint::AtMost(1, Arc::new(one))];
    let sizes = Sizes { calls: 1..=3, ..Sizes::default() };
    let scenarios = drawn(0, &sizes, &constraints);
    assert!(scenarios.iter().any(|scenario| scenario.threads.concat().contains(&0)), "it is used");
    for scenario in &scenarios {
        let with_zero = scenario.threads.iter().filter(|calls| calls.contains(&0)).count();
        assert!(with_zero <= 1, "one thread alone: {scenario}");
        let ones = scenario.calls().filter(|(_, call)| one(call)).count();
        assert!(ones <= 1, "one at most: {scenario}");
        let objections: Vec<_> = constraints.iter().filter_map(|c| c.objection(scenario)).collect();
        assert_eq!(objections, [""; 0], "{scenario}");
    }
}
