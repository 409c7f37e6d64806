//! What a test can demand of the lock order.

use std::panic::catch_unwind;

use lockproof::extension::Named;
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;
use lockproof_check::{Appearance, Expected, Model, Report, explanation};

use crate::seen::{is_there, on_explore};

/// Takes two named locks one under the other, in two threads.
fn nested(orders: [[&'static str; 2]; 2]) {
    let locks = Arc::new([Mutex::new(()).named("outer"), Mutex::new(()).named("inner")]);
    let nest = |locks: &[Mutex<()>; 2], order: [&str; 2]| {
        let lock = |name: &str| &locks[usize::from(name == "inner")];
        let _first = lock(order[0]).lock().unwrap();
        drop(lock(order[1]).lock().unwrap());
    };
    let theirs = Arc::clone(&locks);
    let child = thread::spawn(move || nest(&theirs, orders[1]));
    nest(&locks, orders[0]);
    child.join().unwrap();
}

const RIGHT: [&str; 2] = ["outer", "inner"];
const WRONG: [&str; 2] = ["inner", "outer"];

#[test]
fn locks_in_the_stated_order_are_proved() {
    Model::new("two locks", "nest in order", || nested([RIGHT, RIGHT]))
        .lock_order(RIGHT)
        .is_proved();
}

#[test]
fn a_lock_out_of_order_is_refuted_with_both_places_though_nothing_deadlocks() {
    let report = on_explore(|| nested([WRONG, WRONG])).lock_order(RIGHT).check();
    if !is_there() {
        return;
    }
    let failure = report.witness().and_then(|run| run.verdict().failure()).expect("it is refuted");
    assert_eq!(failure.execution, 1, "the first execution shows it");
    let sentence = &failure.defect.sentence;
    assert!(Expected::lock_order_inversion().matches(&failure.defect), "{sentence}");
    assert!(sentence.contains("takes outer at ") && sentence.contains("holds inner since "));
    assert!(sentence.ends_with("; the order is outer, inner"), "{sentence}");
    assert!(failure.defect.location.is_some(), "a report can point at it");
}

#[test]
fn a_twin_can_be_expected_to_break_the_order() {
    Model::new("two locks", "nest in order", || nested([WRONG, WRONG]))
        .lock_order(RIGHT)
        .is_refuted_by(Expected::lock_order_inversion());
}

#[test]
fn a_name_that_no_lock_has_stands_against_the_model() {
    let report =
        on_explore(|| nested([RIGHT, RIGHT])).lock_order(["outer", "inner", "innr"]).check();
    if is_there() {
        assert_eq!(
            report.objections(),
            ["the stated order names `innr`, and explore met no lock of that name"]
        );
    }
}

#[test]
fn an_order_of_one_lock_or_with_one_twice_is_refused() {
    let message = |names: &'static [&'static str]| {
        let state = || drop(Model::new("locks", "nest", || {}).lock_order(names.iter().copied()));
        let payload = catch_unwind(state).expect_err("it panics");
        payload.downcast_ref::<String>().cloned().expect("with a message")
    };
    assert!(message(&["only"]).contains("name two locks or more"));
    assert!(message(&["a", "b", "a"]).contains("names `a` twice"));
}

#[test]
fn a_critical_section_that_does_more_than_allowed_is_named() {
    let report = on_explore(|| nested([RIGHT, RIGHT])).events_under_a_lock(1).check();
    let objections = report.objections();
    assert_eq!(objections.len(), if is_there() { 2 } else { 0 }, "in each thread: {objections:?}");
    for objection in objections {
        let starts = objection.starts_with("critical section of 2 events: outer in ");
        assert!(starts && objection.ends_with(": more than the 1 allowed"), "{objection}");
    }
    let report = on_explore(|| nested([RIGHT, RIGHT])).events_under_a_lock(2).check();
    assert!(report.is_as_expected(), "two events are allowed: {:?}", report.objections());
}

/// A search that cannot find the deadlock, and is not told to look for cycles.
fn without_preemption(model: Model) -> Report {
    model.preemptions(0).check()
}

#[test]
fn a_confirmed_cycle_stands_against_a_model_that_no_search_refutes() {
    let model = || on_explore(|| nested([RIGHT, WRONG])).preemptions(0).keep_witness(false);
    let outcome = catch_unwind(|| model().passes());
    assert_eq!(outcome.is_err(), is_there());
    if let Err(payload) = outcome {
        let text = payload.downcast_ref::<String>().expect("the account of the model");
        assert!(text.contains("but explore refutes it: deadlock"), "{text}");
        assert!(
            text.contains("cycle of locks, confirmed by a directed schedule of explore"),
            "{text}"
        );
        assert!(text.contains("… waits for lock"), "the timeline is shown: {text}");
    }
}

#[test]
fn cycles_can_be_forbidden() {
    let cyclic = on_explore(|| nested([RIGHT, WRONG])).has_no_lock_order_cycle();
    let report = without_preemption(cyclic);
    assert_eq!(report.is_as_expected(), !is_there());
    if is_there() {
        assert_eq!(report.objections(), ["the lock order has a confirmed cycle"]);
        assert!(
            explanation::shown(&report, Appearance::default())
                .contains("but the lock order has a confirmed cycle")
        );
    }
    let acyclic = on_explore(|| nested([RIGHT, RIGHT])).has_no_lock_order_cycle();
    assert!(without_preemption(acyclic).is_as_expected());
}
