//! What meets an expectation and what stands against it, on engines that need not be there.

use super::{Expectation, Expected};
use crate::Verdict;
use crate::record::{RecordedDefect, RecordedFailure, RecordedTrace};
use crate::report::{EngineRun, Search};

fn run(engine: &str, strategy: &str, verdict: Verdict) -> EngineRun {
    let search = Search {
        strategy: strategy.to_owned(),
        exhaustive: strategy == "exhaustive",
        executions: 9,
        elapsed: std::time::Duration::ZERO,
        threads: 0,
        events: 0,
        preemptions: None,
        seed: None,
        blind_spots: Vec::new(),
        assumptions: Vec::new(),
        scenarios: None,
    };
    let controlled = engine != "std";
    EngineRun { engine: engine.to_owned(), controlled, verdict, search: Some(search) }
}

fn std_run(verdict: Verdict) -> EngineRun {
    run("std", "stress", verdict)
}

fn loom_run(verdict: Verdict) -> EngineRun {
    run("loom", "exhaustive", verdict)
}

fn shuttle_run(verdict: Verdict) -> EngineRun {
    run("shuttle", "random", verdict)
}

fn held() -> Verdict {
    Verdict::Held { missing: vec!["timed waits".to_owned()] }
}

fn refuted(kind: &str, message: &str) -> Verdict {
    let defect = RecordedDefect {
        signature: String::new(),
        kind: kind.to_owned(),
        sentence: format!("{kind}: {message}"),
        message: message.to_owned(),
        location: None,
        blocked: Vec::new(),
    };
    let trace = RecordedTrace::default();
    let failure = RecordedFailure {
        defect,
        execution: 1,
        trace,
        schedule: None,
        minimality: None,
        not_shortened: None,
        scenario: None,
    };
    Verdict::Refuted { failure: Box::new(failure) }
}

fn gave_up() -> Verdict {
    Verdict::Inconclusive { reason: "out of budget: 60s".to_owned() }
}

#[test]
fn one_proof_is_enough() {
    let runs = [std_run(held()), loom_run(Verdict::Proved), shuttle_run(gave_up())];
    assert_eq!(Expectation::Proved.objections(&runs), [""; 0]);
}

#[test]
fn an_exhaustive_search_that_holds_is_no_proof() {
    let objections = Expectation::Proved.objections(&[std_run(held()), loom_run(held())]);
    assert_eq!(objections, ["loom does not prove it; not covered: timed waits"]);
}

#[test]
fn an_exhaustive_search_that_gives_up_is_no_proof() {
    let objections = Expectation::Proved.objections(&[loom_run(gave_up())]);
    assert_eq!(objections, ["loom does not prove it: inconclusive: out of budget: 60s"]);
}

#[test]
fn without_an_exhaustive_engine_no_proof_is_asked_for() {
    let runs = [std_run(held()), shuttle_run(held())];
    assert_eq!(Expectation::Proved.objections(&runs), [""; 0]);
}

#[test]
fn a_refutation_weighs_more_than_a_proof() {
    let runs = [loom_run(Verdict::Proved), shuttle_run(refuted("deadlock", "main"))];
    for expectation in [Expectation::Proved, Expectation::Holds] {
        assert_eq!(expectation.objections(&runs), ["shuttle refutes it: deadlock: main"]);
    }
}

#[test]
fn what_holds_has_not_given_up() {
    let runs = [std_run(held()), loom_run(gave_up())];
    assert_eq!(Expectation::Holds.objections(&runs), ["loom gave up: out of budget: 60s"]);
}

#[test]
fn a_twin_must_be_refuted_by_every_engine_that_controls_the_schedule() {
    let expectation = Expectation::Refuted { by: Expected::deadlock() };
    let met =
        [std_run(held()), loom_run(refuted("deadlock", "")), shuttle_run(refuted("deadlock", ""))];
    assert_eq!(expectation.objections(&met), [""; 0]);
    let missed = [loom_run(refuted("deadlock", "")), shuttle_run(held())];
    assert_eq!(
        expectation.objections(&missed),
        ["shuttle finds no defect in 9 executions; not covered: timed waits"]
    );
    assert_eq!(
        expectation.objections(&[loom_run(Verdict::Proved)]),
        ["loom proves that there is no defect"]
    );
    assert_eq!(
        expectation.objections(&[loom_run(gave_up())]),
        ["loom gave up: out of budget: 60s"]
    );
}

#[test]
fn a_twin_refuted_by_another_defect_is_not_refuted() {
    let expectation = Expectation::Refuted { by: Expected::panic("is counted") };
    let objections = expectation.objections(&[loom_run(refuted("panic", "index out of bounds"))]);
    assert_eq!(
        objections,
        ["loom finds another defect than a panic that says \"is counted\": \
             panic: index out of bounds"]
    );
}

#[test]
fn a_hang_stands_for_the_defects_that_hang() {
    let Verdict::Refuted { failure } = refuted("hang", "") else { unreachable!() };
    for hanging in
        [Expected::deadlock(), Expected::lost_wake_up(), Expected::parked(), Expected::livelock()]
    {
        assert!(hanging.matches(&failure.defect), "{hanging} hangs");
    }
    for ending in [Expected::panic(""), Expected::data_race()] {
        assert!(!ending.matches(&failure.defect), "{ending} ends");
    }
}
