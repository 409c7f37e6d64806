//! Runs that meet an expectation and runs that do not, on engines that need not be there.

use super::{Expectation, Expected};
use crate::engine::{RecordedEngine, RecordedStrategy};
use crate::failure::{RecordedDefect, RecordedDefectKind, RecordedFailure};
use crate::run::EngineRun;
use crate::search::Search;
use crate::trace::RecordedTrace;
use crate::verdict::RunEnding;

/// A run of nine executions that ended so, on an engine that does not cover timed waits.
fn run(engine: RecordedEngine, strategy: RecordedStrategy, ending: RunEnding) -> EngineRun {
    EngineRun::new(engine, ending, Some(search(strategy, &["timed waits"])))
}

fn search(strategy: RecordedStrategy, blind_spots: &[&str]) -> Search {
    Search {
        strategy,
        then_directed: false,
        executions: 9,
        elapsed: std::time::Duration::ZERO,
        threads: 0,
        events: 0,
        preemptions: None,
        seed: None,
        blind_spots: blind_spots.iter().map(ToString::to_string).collect(),
        assumptions: Vec::new(),
        kept_data: Vec::new(),
        scenarios: None,
    }
}

fn std_run(ending: RunEnding) -> EngineRun {
    run(RecordedEngine::Std, RecordedStrategy::Stress, ending)
}

fn loom_run(ending: RunEnding) -> EngineRun {
    run(RecordedEngine::Loom, RecordedStrategy::Exhaustive, ending)
}

fn shuttle_run(ending: RunEnding) -> EngineRun {
    run(RecordedEngine::Shuttle, RecordedStrategy::Random, ending)
}

/// loom proves the model.
fn loom_proof() -> EngineRun {
    let search = search(RecordedStrategy::Exhaustive, &[]);
    EngineRun::new(RecordedEngine::Loom, RunEnding::Complete, Some(search))
}

fn refuted(kind: RecordedDefectKind, message: &str) -> RunEnding {
    let defect = RecordedDefect {
        signature: String::new(),
        kind,
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
    RunEnding::Failed { failure: Box::new(failure) }
}

fn gave_up() -> RunEnding {
    RunEnding::GaveUp { reason: "out of budget: 60s".to_owned() }
}

#[test]
fn one_proof_is_enough() {
    let runs = [std_run(RunEnding::Complete), loom_proof(), shuttle_run(gave_up())];
    assert_eq!(Expectation::Proved.objections(&runs), [""; 0]);
}

#[test]
fn an_exhaustive_search_that_only_passes_is_no_proof() {
    let objections = Expectation::Proved
        .objections(&[std_run(RunEnding::Complete), loom_run(RunEnding::Complete)]);
    assert_eq!(objections, ["loom does not prove it; not covered: timed waits"]);
}

#[test]
fn an_exhaustive_search_that_gives_up_is_no_proof() {
    let objections = Expectation::Proved.objections(&[loom_run(gave_up())]);
    assert_eq!(objections, ["loom does not prove it: inconclusive: out of budget: 60s"]);
}

#[test]
fn without_an_exhaustive_engine_no_proof_is_asked_for() {
    let runs = [std_run(RunEnding::Complete), shuttle_run(RunEnding::Complete)];
    assert_eq!(Expectation::Proved.objections(&runs), [""; 0]);
}

#[test]
fn a_refutation_weighs_more_than_a_proof() {
    let runs = [loom_proof(), shuttle_run(refuted(RecordedDefectKind::Deadlock, "main"))];
    for expectation in [Expectation::Proved, Expectation::Passes] {
        assert_eq!(expectation.objections(&runs), ["shuttle refutes it: deadlock: main"]);
    }
}

#[test]
fn what_passes_has_not_given_up() {
    let runs = [std_run(RunEnding::Complete), loom_run(gave_up())];
    assert_eq!(Expectation::Passes.objections(&runs), ["loom gave up: out of budget: 60s"]);
}

#[test]
fn a_twin_must_be_refuted_by_every_engine_that_controls_the_schedule() {
    let expectation = Expectation::Refuted { by: Expected::deadlock() };
    let met = [
        std_run(RunEnding::Complete),
        loom_run(refuted(RecordedDefectKind::Deadlock, "")),
        shuttle_run(refuted(RecordedDefectKind::Deadlock, "")),
    ];
    assert_eq!(expectation.objections(&met), [""; 0]);
    let missed =
        [loom_run(refuted(RecordedDefectKind::Deadlock, "")), shuttle_run(RunEnding::Complete)];
    assert_eq!(
        expectation.objections(&missed),
        ["shuttle finds no defect in 9 executions; not covered: schedules that were not sampled; \
          timed waits"]
    );
    assert_eq!(expectation.objections(&[loom_proof()]), ["loom proves that there is no defect"]);
    assert_eq!(
        expectation.objections(&[loom_run(gave_up())]),
        ["loom gave up: out of budget: 60s"]
    );
}

#[test]
fn a_twin_refuted_by_another_defect_is_not_refuted() {
    let expectation = Expectation::Refuted { by: Expected::panic("is counted") };
    let objections = expectation
        .objections(&[loom_run(refuted(RecordedDefectKind::Panic, "index out of bounds"))]);
    assert_eq!(
        objections,
        ["loom finds another defect than a panic that says \"is counted\": \
             panic: index out of bounds"]
    );
}

#[test]
fn a_hang_stands_for_the_defects_that_hang() {
    let RunEnding::Failed { failure } = refuted(RecordedDefectKind::Hang, "") else {
        unreachable!()
    };
    for hanging in
        [Expected::deadlock(), Expected::lost_wake_up(), Expected::parked(), Expected::livelock()]
    {
        assert!(hanging.matches(&failure.defect), "{hanging} hangs");
    }
    for ending in [Expected::panic(""), Expected::data_race()] {
        assert!(!ending.matches(&failure.defect), "{ending} ends");
    }
}
