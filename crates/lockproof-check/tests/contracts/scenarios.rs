//! Which scenarios are run: as many and as large as was asked for, the same for the same seed.

use lockproof_check::{
    Condition, Contract, Engine, Expectation, Expected, RecordedCondition, RecordedEngine,
    Scenario, Verdict,
};

use crate::stock::{LockedStock, StockCall, empty, explored, locked_stock, two_step_stock};

#[test]
fn a_locked_stock_is_linearizable() {
    locked_stock().scenarios(60).passes();
}

#[test]
fn a_two_step_stock_is_not() {
    two_step_stock().scenarios(60).is_refuted();
}

#[test]
fn the_sizes_that_were_asked_for_are_the_sizes_that_are_seen() {
    let report =
        locked_stock().scenarios(40).threads(2..=4).calls(1..=3).before(1..=4).after(0..=2);
    let report = report.settings(quick()).check();
    let ran = report.runs.iter().filter_map(|run| run.search()?.scenarios);
    let mut engines = 0;
    for scenarios in ran {
        engines += 1;
        assert_eq!(scenarios.run + scenarios.left_out, 40, "all of them ran: {scenarios:?}");
        assert_eq!(
            (scenarios.threads, scenarios.calls, scenarios.before, scenarios.after),
            (4, 3, 4, 2),
            "the largest sizes are seen, and none beyond"
        );
    }
    assert!(engines > 0, "an engine ran");
    if let Some(run) = explored(&report) {
        assert_eq!(run.search().map(|search| search.threads), Some(4), "main is one of them");
    }
}

/// Large scenarios are many executions: here the sizes alone count.
fn quick() -> lockproof_check::Settings {
    let mut settings = lockproof_check::Settings::default();
    settings.exploring = lockproof_check::Strategy::Random;
    settings.samples = 40;
    settings.stress_runs = 40;
    settings
}

#[test]
fn exact_sizes_are_exact() {
    let report = locked_stock().scenarios(3).threads(3..=3).calls(2..=2).before(0..=0).after(0..=0);
    let report = report.check();
    if let Some(run) = explored(&report) {
        let search = run.search().expect("it ran");
        assert_eq!(search.executions, 3 * 90, "3 threads of 2 locked calls have 90 interleavings");
    }
}

#[test]
fn a_small_space_is_worked_off_and_no_more_is_claimed() {
    let report =
        locked_stock().scenarios(500).threads(1..=1).calls(1..=1).before(0..=0).after(0..=0);
    let report = report.check();
    for run in report.runs.iter().filter_map(|run| run.search()) {
        let scenarios = run.scenarios.expect("it is a contract's");
        assert_eq!(scenarios.run, 10, "one call: put(1) to put(9), and take()");
    }
}

#[test]
fn held_says_how_many_scenarios_were_explored_completely() {
    let report = locked_stock().scenarios(20).check();
    if let Some(run) = explored(&report) {
        let missing = vec!["scenarios other than these 20, each explored completely".to_owned()];
        assert_eq!(*run.verdict(), Verdict::Passed { missing });
    }
}

#[test]
fn a_scenario_that_is_written_by_hand_is_proved() {
    let scenario = Scenario::new([[StockCall::take()], [StockCall::take()]])
        .before([StockCall::put(1)])
        .after([StockCall::take()]);
    let contract = locked_stock().scenario(scenario);
    let report = contract.check();
    assert_eq!(
        report.property, "is linearizable in before: put(1); take() | take(); after: take()",
        "nothing is claimed beyond the scenario"
    );
    if let Some(run) = explored(&report) {
        assert!(run.verdict().is_proved());
    }
}

#[test]
fn generated_scenarios_beside_one_by_hand_are_never_proved() {
    let scenario = Scenario::new([[StockCall::take()], [StockCall::take()]]);
    let report = locked_stock().scenario(scenario).scenarios(5).check();
    if let Some(run) = explored(&report) {
        assert_eq!(run.verdict().word(), "passed");
        let scenarios = run.search().and_then(|search| search.scenarios);
        assert_eq!(scenarios.expect("it is a contract's").run, 6);
    }
}

#[test]
fn the_same_seed_finds_the_same_failure() {
    let failure = |seed: u64| {
        let report = two_step_stock().scenarios(60).seed(seed).not_on(Engine::Std, "luck").check();
        report.witness().map(|run| run.verdict().clone())
    };
    assert_eq!(failure(3), failure(3));
}

#[test]
fn loom_generates_scenarios_when_it_is_asked_to() {
    let report = locked_stock().scenarios(5).check();
    if let Some(run) = report.run_of(RecordedEngine::Loom) {
        assert_eq!(run.verdict().word(), "skipped");
    }
    let small = locked_stock().scenarios(5).threads(2..=2).calls(1..=1);
    let report = small.scenarios_on(Engine::Loom, 2).check();
    if let Some(run) = report.run_of(RecordedEngine::Loom) {
        let scenarios = run.search().and_then(|search| search.scenarios);
        assert_eq!(scenarios.expect("it ran").run, 2);
    }
}

#[test]
fn calls_for_one_thread_are_made_by_one_thread() {
    // A stock that only one thread may take from, and that cannot bear two.
    let report = two_step_stock()
        .scenarios(60)
        .calls(1..=3)
        .one_thread(|call| matches!(call, StockCall::take() | StockCall::put(_)))
        .threads(2..=2)
        .check();
    for run in report.runs.iter().filter(|run| run.engine() != RecordedEngine::Loom) {
        assert_eq!(run.verdict().word(), "inconclusive", "every thread needs a call: {run:?}");
    }
    two_step_stock()
        .scenarios(60)
        .threads(1..=1)
        .calls(1..=3)
        .one_thread(|call| matches!(call, StockCall::take()))
        .passes();
}

#[test]
fn a_weaker_condition_accepts_more() {
    // The second thread finds nothing, although an item was put in before it began.
    let late = || {
        let put = StockCall::put(1);
        Scenario::new([vec![put], vec![StockCall::take()]])
    };
    locked_stock().scenario(late()).under(Condition::SequentialConsistency).is_proved();
    let expectation = two_step_stock()
        .scenarios(60)
        .under(Condition::SequentialConsistency)
        .not_on(Engine::Std, "luck");
    let by = Expected::violation(RecordedCondition::SequentialConsistency);
    assert_eq!(Expectation::Refuted { by: by.clone() }.to_string(), format!("refuted by {by}"));
    expectation.is_refuted();
}

#[test]
fn an_invariant_is_looked_at_after_each_call() {
    let contract = Contract::new("LockedStock", LockedStock::default, empty())
        .scenario(Scenario::new([[StockCall::put(2)], [StockCall::put(2)]]))
        .invariant(|stock| assert!(*stock.0.lock().unwrap() < 4, "the stock is small"));
    contract.is_refuted_by(Expected::panic("the stock is small"));
}

#[test]
fn a_validation_is_made_once_all_calls_have_returned() {
    let scenario = || Scenario::new([[StockCall::put(2)], [StockCall::put(2)]]);
    let contract = || Contract::new("LockedStock", LockedStock::default, empty());
    let total = |expected: u32| {
        move |stock: &LockedStock| assert_eq!(*stock.0.lock().unwrap(), expected, "all is there")
    };
    contract().scenario(scenario()).validation(total(4)).is_proved();
    contract()
        .scenario(scenario())
        .validation(total(5))
        .is_refuted_by(Expected::panic("all is there"));
}
