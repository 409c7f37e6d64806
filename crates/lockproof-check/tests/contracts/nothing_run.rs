//! Where nothing ran, nothing is proved: that is inconclusive, and the reason says so.

use lockproof_check::{Contract, Report, Scenario, Verdict};

use crate::stock::{
    LockedStock, StockCall, StockSpecification, TwoStepStock, empty, explored, locked_stock,
    two_step_stock,
};

/// Two types that differ in every call that a scenario would make.
fn refined(scenarios: Vec<Scenario<StockCall>>) -> Report {
    let one: Contract<StockSpecification, TwoStepStock> =
        scenarios.into_iter().fold(two_step_stock(), Contract::scenario);
    one.compare_with(&locked_stock()).report
}

/// A scenario of two threads, neither of which makes a call.
fn without_calls() -> Scenario<StockCall> {
    Scenario::new([Vec::new(), Vec::new()])
}

/// Why the exploring engine cannot tell, if it is in the build.
fn reason(report: &Report) -> Option<String> {
    let run = explored(report)?;
    match run.verdict() {
        Verdict::Inconclusive { reason } => Some(reason.clone()),
        verdict => panic!("nothing ran, so nothing is shown: {verdict}"),
    }
}

#[test]
fn two_types_that_are_compared_in_no_scenario() {
    if let Some(reason) = reason(&refined(Vec::new())) {
        assert!(reason.contains("a contract without scenarios shows nothing"), "{reason}");
    }
}

#[test]
fn two_types_that_are_compared_in_a_scenario_without_a_call() {
    if let Some(reason) = reason(&refined(vec![without_calls()])) {
        assert!(reason.contains("a scenario without a call shows nothing"), "{reason}");
    }
}

#[test]
fn a_contract_in_a_scenario_without_a_call() {
    let report = locked_stock().scenario(without_calls()).check();
    if let Some(reason) = reason(&report) {
        assert!(reason.contains("give one of its threads a call"), "the way out: {reason}");
    }
}

#[test]
fn generated_scenarios_that_have_no_room_for_a_call() {
    let contract = Contract::new("LockedStock", LockedStock::default, empty()).scenarios(3);
    let report = contract.before(0..=0).calls(0..=0).after(0..=0).check();
    if let Some(reason) = reason(&report) {
        assert!(reason.contains("widen the sizes"), "the way out: {reason}");
    }
}

#[test]
fn a_call_before_or_after_the_threads_is_a_call() {
    let scenario = without_calls().before([StockCall::put(1)]);
    let report = locked_stock().scenario(scenario).check();
    if let Some(run) = explored(&report) {
        assert!(run.verdict().is_proved(), "it ran: {}", run.verdict());
    }
}
