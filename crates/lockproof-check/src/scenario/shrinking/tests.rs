//! The smallest scenario that still fails is found, whatever makes it fail.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::shrink;
use crate::scenario::Scenario;
use crate::scenario::generation::Tree;

/// Calls that are numbers, each of which proptest can make smaller.
fn trees(scenario: &Scenario<u32>) -> Scenario<Tree<u32>> {
    scenario.map(|&call| {
        let mut runner = TestRunner::deterministic();
        let range = 0..=call;
        let mut draw = || range.new_tree(&mut runner).expect("a number is drawn");
        let tree = std::iter::from_fn(|| Some(draw())).find(|tree| tree.current() == call);
        Box::new(tree.expect("every number of the range comes up")) as Tree<u32>
    })
}

fn large() -> Scenario<u32> {
    Scenario::new([vec![7, 8], vec![9, 3], vec![4, 5]]).before([1, 2]).after([6])
}

#[test]
fn a_scenario_that_always_fails_becomes_one_thread_without_calls() {
    assert_eq!(shrink(trees(&large()), |_| true), Scenario::empty(1));
}

#[test]
fn only_what_is_needed_is_left_and_as_simple_as_it_can_be() {
    let in_parallel = |scenario: &Scenario<u32>| {
        let large = |calls: &Vec<u32>| calls.iter().any(|&call| call >= 3);
        scenario.threads.iter().filter(|calls| large(calls)).count() >= 2
    };
    let smallest = shrink(trees(&large()), in_parallel);
    assert_eq!(smallest, Scenario::new([[3], [3]]), "two threads, one call each, the least values");
}

#[test]
fn a_call_is_made_before_the_threads_where_that_will_do() {
    let needs_two = |scenario: &Scenario<u32>| {
        scenario.calls().any(|(_, &call)| call == 7)
            && scenario.threads.iter().any(|calls| calls.contains(&8))
    };
    let smallest = shrink(trees(&Scenario::new([vec![7, 8], vec![1]])), needs_two);
    assert_eq!(smallest, Scenario::new([[8]]).before([7]));
}

#[test]
fn a_scenario_that_fails_for_no_part_of_it_stays_as_it_is() {
    assert_eq!(shrink(trees(&large()), |scenario| *scenario == large()), large());
}
