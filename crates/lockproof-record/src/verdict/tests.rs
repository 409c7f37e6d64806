//! The word *proved* is earned by a complete search without a bound, and by nothing less.

use std::time::Duration;

use super::{RunEnding, Verdict};
use crate::engine::{RecordedEngine, RecordedStrategy};
use crate::run::EngineRun;
use crate::search::{ScenarioCounts, ScenarioSource, Search};

/// A complete exhaustive search that found nothing.
fn clean_search() -> Search {
    Search {
        strategy: RecordedStrategy::Exhaustive,
        then_directed: false,
        executions: 6,
        elapsed: Duration::from_millis(3),
        threads: 2,
        events: 9,
        preemptions: None,
        seed: None,
        blind_spots: Vec::new(),
        assumptions: Vec::new(),
        kept_data: Vec::new(),
        scenarios: None,
    }
}

fn verdict(search: &Search) -> Verdict {
    Verdict::of(RecordedEngine::Loom, RunEnding::Complete, Some(search))
}

/// What a clean run does not cover after this change to its facts.
fn missing(change: impl FnOnce(&mut Search)) -> Vec<String> {
    let mut search = clean_search();
    change(&mut search);
    match verdict(&search) {
        Verdict::Passed { missing } => missing,
        verdict => panic!("it is no proof, and ran: {verdict}"),
    }
}

/// Why a run of these scenarios shows nothing.
fn reason(counts: ScenarioCounts) -> String {
    match verdict(&Search { scenarios: Some(counts), ..clean_search() }) {
        Verdict::Inconclusive { reason } => reason,
        verdict => panic!("nothing ran: {verdict}"),
    }
}

#[test]
fn a_complete_exhaustive_search_proves() {
    assert!(verdict(&clean_search()).is_proved());
}

#[test]
fn a_bounded_search_does_not_prove() {
    let missing = missing(|search| search.preemptions = Some(2));
    assert_eq!(missing, ["executions with more than 2 preemptions"]);
}

#[test]
fn a_search_with_a_blind_spot_does_not_prove() {
    let spot = "interleavings of plain atomic loads and stores";
    assert_eq!(missing(|search| search.blind_spots = vec![spot.to_owned()]), [spot]);
}

#[test]
fn a_sampled_search_does_not_prove() {
    let missing = missing(|search| search.strategy = RecordedStrategy::Random);
    assert_eq!(missing, ["schedules that were not sampled"]);
}

#[test]
fn executions_that_start_differently_do_not_prove() {
    let kept = "mutex 1, made at a.rs:3".to_owned();
    let missing = missing(|search| search.kept_data = vec![kept]);
    let start =
        "executions that start alike: mutex 1, made at a.rs:3, keeps what earlier ones left";
    assert_eq!(missing, [start]);
}

#[test]
fn real_threads_never_prove() {
    let verdict = Verdict::of(RecordedEngine::Std, RunEnding::Complete, Some(&clean_search()));
    assert!(!verdict.is_proved(), "whatever the search says of itself");
}

#[test]
fn a_truncated_search_is_inconclusive() {
    let reason = "out of budget: 10 executions".to_owned();
    let ending = RunEnding::GaveUp { reason: reason.clone() };
    let verdict = Verdict::of(RecordedEngine::Loom, ending, Some(&clean_search()));
    assert_eq!(verdict, Verdict::Inconclusive { reason });
}

#[test]
fn nothing_run_shows_nothing() {
    let nothing = Verdict::of(RecordedEngine::Explore, RunEnding::Complete, None);
    let no_execution = verdict(&Search { executions: 0, ..clean_search() });
    for verdict in [nothing, no_execution] {
        assert_eq!(verdict.to_string(), "inconclusive: no execution ran, which shows nothing");
    }
    let no_scenario = ScenarioCounts::default();
    assert_eq!(reason(no_scenario), "no scenario ran, which shows nothing");
    let no_call = ScenarioCounts { run: 1, complete: 1, threads: 2, ..no_scenario };
    assert!(reason(no_call).starts_with("no scenario makes a call"), "a scenario without calls");
}

#[test]
fn only_scenarios_that_were_written_by_hand_and_explored_completely_are_proved() {
    let counts = ScenarioCounts { run: 2, complete: 2, calls: 1, ..ScenarioCounts::default() };
    let search = |counts| Search { scenarios: Some(counts), ..clean_search() };
    assert!(verdict(&search(counts)).is_proved());
    for (counts, sentence) in [
        (
            ScenarioCounts { source: ScenarioSource::Generated, ..counts },
            "scenarios other than these 2, each explored completely",
        ),
        (
            ScenarioCounts { source: ScenarioSource::Witness, ..counts },
            "scenarios other than this one",
        ),
        (ScenarioCounts { left_out: 1, ..counts }, "1 scenarios that may end with calls that wait"),
        (ScenarioCounts { complete: 1, ..counts }, "1 scenarios that were not explored completely"),
    ] {
        assert_eq!(missing(|search| search.scenarios = Some(counts)), [sentence]);
    }
}

#[test]
fn a_file_cannot_claim_a_proof_that_its_facts_do_not_carry() {
    let sampled = Search { strategy: RecordedStrategy::Random, ..clean_search() };
    let run = EngineRun::new(RecordedEngine::Shuttle, RunEnding::Complete, Some(sampled));
    let text = serde_json::to_string(&run).expect("a run can be written");
    assert!(text.contains(r#""verdict":"passed""#), "programs find the verdict: {text}");
    let forged = text.replace(r#""verdict":"passed""#, r#""verdict":"proved""#);
    let forged = forged.replace(r#""exhaustive":false"#, r#""exhaustive":true"#);
    assert_ne!(forged, text);
    let read: EngineRun = serde_json::from_str(&forged).expect("it has all facts");
    assert_eq!(read, run, "what is read is worked out from the facts");
}

#[test]
fn every_run_survives_the_way_through_a_file() {
    let reason = || "a reason".to_owned();
    for ending in [
        RunEnding::Complete,
        RunEnding::GaveUp { reason: reason() },
        RunEnding::Skipped { reason: reason() },
    ] {
        for search in [None, Some(clean_search())] {
            let run = EngineRun::new(RecordedEngine::Explore, ending.clone(), search);
            let text = serde_json::to_string(&run).expect("a run can be written");
            let read: EngineRun = serde_json::from_str(&text).expect("it can be read");
            assert_eq!(read, run, "{text}");
        }
    }
}
