//! A test that the account of a twin offers to paste: here it is pasted, and the twin was mended.

use lockproof_check::{Contract, Engine, RecordedEngine, Scenario};
use lockproof_structures::{LockedCounter, UnlockedCounter};

use crate::counter::{CounterCall, CounterSpecification, counter};

/// The twin, since it takes a lock.
fn unlocked_counter() -> Contract<CounterSpecification, LockedCounter> {
    counter("UnlockedCounter", LockedCounter::new).scenarios(0)
}

#[test]
fn unlocked_counter_is_linearizable_in_this_scenario() {
    let scenario = Scenario::new([vec![CounterCall::increment()], vec![CounterCall::increment()]])
        .after([CounterCall::get()]);
    unlocked_counter().scenario(scenario).is_proved();
}

/// As the formatter leaves it, any two texts of the same code are equal.
fn code(text: &str) -> String {
    let dense: String = text.chars().filter(|character| !character.is_whitespace()).collect();
    dense.replace(",]", "]")
}

#[test]
fn the_test_above_is_the_one_that_the_account_offers() {
    let contract = counter("UnlockedCounter", UnlockedCounter::new).not_on(Engine::Std, "luck");
    let report = contract.check();
    let Some(run) = report.run_of(RecordedEngine::Explore) else { return };
    let failure = run.verdict().failure().expect("the twin is refuted");
    let offered = &failure.scenario.as_ref().expect("a scenario fails").test;
    assert!(code(include_str!("pasted.rs")).contains(&code(offered)), "{offered}");
}
