//! Random histories, of one order and of many: the judge says what brute force says.
//!
//! Twins of the judge show that this would notice a wrong one: one that keeps only the order that
//! is the same in all schedules, and one that overlooks that a call returned.

use lockproof::calls::Calls;
use lockproof::engine::{Condition, Happened};
use lockproof_check::judge::{CallMark, Judge};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::cases::{Case, cases, moment};

const CASES: u32 = 250;
const CONDITIONS: [Condition; 5] = [
    Condition::Linearizability,
    Condition::SequentialConsistency,
    Condition::QuiescentConsistency,
    Condition::Serializability,
    Condition::ThreadSerializability,
];

fn moments(order: &[(usize, bool)]) -> Vec<CallMark> {
    order.iter().map(|&(call, returns)| CallMark { call, returns }).collect()
}

/// What the judge says; also whether it names an order that the history has and that breaks the
/// condition.
fn is_accepted(
    case: &Case,
    condition: Condition,
    calls: &Calls<bool>,
    happened: &Happened,
) -> bool {
    let story = case.story();
    let operations = story.made.iter().map(|made| made.operation).collect();
    let mut judge = Judge::new(condition, &story.initial, operations);
    let judgement = judge.judge(calls, happened, case.at_standstill);
    let violation = judgement.expect("the specification is sound");
    if let Some(violation) = &violation {
        assert!(
            !story.meets(condition, &violation.history),
            "the order that is shown breaks the condition: {violation:?}"
        );
    }
    violation.is_none()
}

fn in_order(case: &Case, condition: Condition) -> bool {
    is_accepted(case, condition, &case.calls(), &Happened::InOrder)
}

fn partially(case: &Case, condition: Condition) -> bool {
    let order = case.step_order();
    is_accepted(case, condition, &case.calls(), &Happened::Partially(order))
}

/// By brute force, for the scheduled order alone.
fn in_order_by_brute_force(case: &Case, condition: Condition) -> bool {
    let order: Vec<_> = case.scheduled().iter().filter_map(|(_, event)| moment(event)).collect();
    case.story().meets(condition, &moments(&order))
}

/// By brute force, for every schedule of the same steps.
fn partially_by_brute_force(case: &Case, condition: Condition) -> bool {
    let story = case.story();
    case.orders().iter().all(|order| story.meets(condition, &moments(order)))
}

fn config() -> ProptestConfig {
    // A failing case is shown, not written to a file beside the tests.
    ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() }
}

#[test]
fn of_one_order_the_judge_says_what_brute_force_says() {
    proptest!(config(), |(case in cases())| {
        for condition in CONDITIONS {
            let expected = in_order_by_brute_force(&case, condition);
            prop_assert_eq!(in_order(&case, condition), expected, "{}", condition);
        }
    });
}

#[test]
fn of_a_partial_order_the_judge_says_what_brute_force_over_all_schedules_says() {
    proptest!(config(), |(case in cases())| {
        for condition in CONDITIONS {
            let expected = partially_by_brute_force(&case, condition);
            prop_assert_eq!(partially(&case, condition), expected, "{}", condition);
        }
    });
}

/// On how many of some random cases a verdict is brute force's, for each that this may be.
fn agreements(verdict: fn(&Case) -> bool) -> [u32; 2] {
    let mut runner = TestRunner::deterministic();
    let mut agreements = [0; 2];
    for _ in 0..CASES {
        let case = cases().new_tree(&mut runner).expect("cases are made freely").current();
        let expected = partially_by_brute_force(&case, Condition::Linearizability);
        agreements[usize::from(expected)] += u32::from(verdict(&case) == expected);
    }
    agreements
}

/// Keeps only what is the same in all schedules: one linearization must do for the partial order.
fn by_happens_before(case: &Case) -> bool {
    let (calls, clocks) = (case.calls(), case.clocks());
    let at = |number, returns| {
        let mark = calls
            .marks
            .iter()
            .find(|mark| calls.calls[mark.call].call == number && mark.returns == returns);
        mark.and_then(|mark| mark.moment)
    };
    let is_before = |earlier, later| {
        let (Some(end), Some(begin)) = (at(earlier, true), at(later, false)) else { return false };
        let clock = clocks[begin.thread].get(begin.steps as usize + 1);
        let clock = clock.unwrap_or(&clocks[begin.thread][begin.steps as usize]);
        clock[end.thread] >= end.steps && (end.thread != begin.thread || earlier < later)
    };
    case.story().has_order(|order| {
        order
            .iter()
            .enumerate()
            .all(|(index, later)| order[..index].iter().all(|earlier| !is_before(*later, *earlier)))
    })
}

/// Overlooks that the first call returned.
fn overlooking_a_return(case: &Case) -> bool {
    let mut calls = case.calls();
    calls.marks.retain(|mark| !(mark.returns && mark.call == 0));
    let story = case.story();
    let operations = story.made.iter().map(|made| made.operation).collect();
    let mut judge = Judge::new(Condition::Linearizability, &story.initial, operations);
    let happened = Happened::Partially(case.step_order());
    judge
        .judge(&calls, &happened, case.at_standstill)
        .expect("the specification is sound")
        .is_none()
}

#[test]
fn judges_that_overlook_something_are_noticed() {
    let [refuted, accepted] = agreements(|case| partially(case, Condition::Linearizability));
    assert_eq!(refuted + accepted, CASES, "the judge is right");
    eprintln!(
        "{refuted} {accepted} {:?} {:?}",
        agreements(by_happens_before),
        agreements(overlooking_a_return)
    );
    assert!(refuted > CASES / 10 && accepted > CASES / 10, "both verdicts are put to the test");
    assert!(agreements(by_happens_before)[0] < refuted, "happens-before alone accepts too much");
    assert!(agreements(overlooking_a_return)[0] < refuted, "so does a judge that misses a return");
}
