//! Each misuse is an error that says how to mend it.

use std::hash::{Hash, Hasher};

use lockproof::thread;
use lockproof_check::{Contract, Engine, Scenario, Specification, Specifies, Verdict};

use crate::stock::{LockedStock, StockCall, empty, locked_stock};

/// A specification made to be misused: what `apply` does is up to the test.
#[derive(Clone)]
struct Odd(fn() -> u32);

/// It has one state.
impl PartialEq for Odd {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Odd {}

impl Hash for Odd {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// What the operation of [`Odd`] does on the concurrent side.
struct Concurrent(fn());

impl Specification for Odd {
    type Operation = &'static str;
    type Return = u32;

    fn apply(&mut self, _: &&'static str) -> u32 {
        (self.0)()
    }

    fn waits(&self, operation: &&'static str) -> bool {
        *operation == "wait"
    }
}

impl Specifies<Concurrent> for Odd {
    fn call(concurrent: &Concurrent, _: &&'static str) -> u32 {
        (concurrent.0)();
        0
    }
}

/// A number that is another one at each call.
fn another() -> u32 {
    use lockproof::sync::atomic::{AtomicU32, Ordering};
    static CALLS: AtomicU32 = AtomicU32::new(0);
    // ORDERING: Relaxed pairs with nothing: only that the numbers differ matters.
    CALLS.fetch_add(1, Ordering::Relaxed)
}

/// What every engine that ran says: it gave up, and these are its words.
fn complaint(contract: Contract<Odd, Concurrent>) -> Vec<String> {
    let report = contract.check();
    let reasons = report.runs.iter().map(|run| match run.verdict() {
        Verdict::Inconclusive { reason } => reason.clone(),
        other => panic!("{} must give up: {other:?}", run.engine()),
    });
    reasons.collect()
}

fn contract(
    apply: fn() -> u32,
    call: fn(),
    scenario: Scenario<&'static str>,
) -> Contract<Odd, Concurrent> {
    Contract::new("Odd", move || Concurrent(call), Odd(apply)).scenario(scenario)
}

#[test]
fn a_specification_that_is_not_deterministic_is_refused() {
    for reason in complaint(contract(another, || {}, Scenario::new([["number"], ["number"]]))) {
        assert!(reason.contains("the specification is not deterministic"), "{reason}");
        assert!(reason.contains("Let `apply` depend on the state"), "the way out: {reason}");
    }
}

#[test]
fn a_specification_that_panics_is_refused() {
    let panics = || panic!("the counterpart is empty");
    for reason in complaint(contract(panics, || {}, Scenario::new([["number"]]))) {
        assert!(reason.contains("panics at `\"number\"`: the counterpart is empty"), "{reason}");
        assert!(reason.contains("Let `apply` return a value for it"), "the way out: {reason}");
    }
}

#[test]
fn a_scenario_that_cannot_finish_is_refused() {
    let before = Scenario::new([["number"]]).before(["wait"]);
    for reason in complaint(contract(|| 0, || {}, before)) {
        assert!(reason.contains("cannot finish: `\"wait\"`, before the threads"), "{reason}");
        assert!(reason.contains("give it to a thread"), "the way out: {reason}");
    }
    let after = Scenario::new([["number"]]).after(["number", "wait"]);
    for reason in complaint(contract(|| 0, || {}, after)) {
        assert!(reason.contains("cannot finish: `\"wait\"`, after the threads"), "{reason}");
    }
}

#[test]
fn a_subject_that_spawns_threads_is_refused() {
    let spawns = || thread::spawn(|| {}).join().unwrap();
    let scenario = Scenario::new([["number"], ["number"]]);
    let contract = contract(|| 0, spawns, scenario).not_on(Engine::Std, "nobody watches threads");
    let report = contract.check();
    for run in report.runs.iter().filter(|run| run.engine().is_controlled()) {
        let Verdict::Inconclusive { reason } = run.verdict() else { panic!("{run:?}") };
        assert!(reason.contains("the subject spawns a thread of its own"), "{reason}");
        assert!(reason.contains("test it in a `Model`"), "the way out: {reason}");
    }
}

#[test]
fn a_scenario_that_breaks_a_constraint_is_refused() {
    let scenario = Scenario::new([[StockCall::take()], [StockCall::take()]]);
    let one_taker = locked_stock().one_thread(|call| matches!(call, StockCall::take()));
    let at_most = locked_stock().at_most(1, |call| matches!(call, StockCall::take()));
    for (contract, way_out) in [(one_taker, "`one_thread`"), (at_most, "`at_most`")] {
        let report = contract.scenario(scenario.clone()).check();
        for run in &report.runs {
            let Verdict::Inconclusive { reason } = run.verdict() else { panic!("{run:?}") };
            assert!(reason.contains("breaks a constraint: `take()`"), "{reason}");
            assert!(reason.contains(way_out), "the way out: {reason}");
        }
    }
}

#[test]
fn a_contract_without_scenarios_is_refused() {
    let report = Contract::new("LockedStock", LockedStock::default, empty()).check();
    for run in &report.runs {
        let Verdict::Inconclusive { reason } = run.verdict() else { panic!("{run:?}") };
        assert!(reason.contains("ask for some with `scenarios`"), "{reason}");
    }
}
