//! Calls that wait: they may stay pending where the specification says so, and nowhere else.

use lockproof::sync::{Condvar, Mutex, PoisonError};
use lockproof_check::{
    Contract, Engine, Expected, RecordedEngine, Scenario, Verdict, specification,
};

use crate::stock::explored;

/// A place for one letter.
trait Letterbox {
    fn put(&self, letter: u8);
    fn get(&self) -> u8;
}

specification! {
    struct LetterboxSpecification(SequentialLetterbox) for impl Letterbox;
    enum LetterboxCall -> LetterboxReturn;

    fn put(letter: u8 = 1..=2);
    fn get() -> u8, waits while |letterbox| letterbox.letter.is_none();
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct SequentialLetterbox {
    letter: Option<u8>,
}

impl SequentialLetterbox {
    fn put(&mut self, letter: u8) {
        self.letter = Some(letter);
    }

    fn get(&mut self) -> u8 {
        self.letter.take().expect("somebody put a letter in")
    }
}

#[derive(Default)]
struct LockedLetterbox {
    letter: Mutex<Option<u8>>,
    arrived: Condvar,
}

impl Letterbox for LockedLetterbox {
    fn put(&self, letter: u8) {
        *self.letter.lock().unwrap_or_else(PoisonError::into_inner) = Some(letter);
        self.arrived.notify_one();
    }

    fn get(&self) -> u8 {
        let letter = self.letter.lock().unwrap();
        let mut letter = self.arrived.wait_while(letter, |letter| letter.is_none()).unwrap();
        letter.take().unwrap()
    }
}

/// The twin: nobody is told that a letter has arrived.
#[derive(Default)]
struct SilentLetterbox(LockedLetterbox);

impl Letterbox for SilentLetterbox {
    fn put(&self, letter: u8) {
        *self.0.letter.lock().unwrap() = Some(letter);
    }

    fn get(&self) -> u8 {
        self.0.get()
    }
}

fn empty() -> LetterboxSpecification {
    LetterboxSpecification(SequentialLetterbox::default())
}

fn letterbox() -> Contract<LetterboxSpecification, LockedLetterbox> {
    Contract::new("LockedLetterbox", LockedLetterbox::default, empty())
}

#[test]
fn a_call_may_wait_for_ever_where_the_specification_waits() {
    let scenario = || {
        Scenario::new([[LetterboxCall::get()], [LetterboxCall::get()]])
            .before([LetterboxCall::put(1)])
    };
    let report = letterbox().scenario(scenario()).check();
    for run in &report.runs {
        let expected = if run.engine() == RecordedEngine::Explore { "proved" } else { "skipped" };
        assert_eq!(
            run.verdict().word(),
            expected,
            "only explore goes on after a standstill: {run:?}"
        );
    }
    letterbox().scenarios(40).threads(2..=2).passes();
}

#[test]
fn scenarios_that_may_end_waiting_are_left_to_explore_and_counted() {
    let report = letterbox().scenarios(40).threads(2..=2).check();
    for run in &report.runs {
        let Some(counts) = run.search().and_then(|search| search.scenarios) else {
            continue;
        };
        assert_eq!(counts.run + counts.left_out, 40, "{run:?}");
        let is_explore = run.engine() == RecordedEngine::Explore;
        assert_eq!(counts.left_out == 0, is_explore, "{run:?}");
        let Verdict::Passed { missing } = run.verdict() else { panic!("{run:?}") };
        let says_so = missing.iter().any(|text| text.contains("that may end with calls that wait"));
        assert_eq!(says_so, !is_explore, "{run:?}");
    }
}

#[test]
fn a_call_that_waits_without_reason_is_a_lost_wake_up() {
    let contract = Contract::new("SilentLetterbox", SilentLetterbox::default, empty());
    contract
        .scenarios(40)
        .threads(2..=2)
        .not_on(Engine::Std, "it hangs")
        .is_refuted_by(Expected::lost_wake_up());
}

#[test]
fn the_account_of_a_lost_wake_up_shows_the_call_that_never_returns() {
    let contract = Contract::new("SilentLetterbox", SilentLetterbox::default, empty());
    let report = contract.scenarios(40).threads(2..=2).not_on(Engine::Std, "it hangs").check();
    let Some(run) = explored(&report) else { return };
    let failure = run.verdict().failure().expect("it is refuted");
    let scenario = failure.scenario.as_ref().expect("a scenario fails");
    let calls = ["put(1) | get()", "get() | put(1)"];
    assert!(calls.contains(&scenario.calls.as_str()), "{}", scenario.calls);
    assert!(scenario.table.contains("| never returns"), "{}", scenario.table);
}
