//! What is shown of a failure: the smallest scenario, its table, the reason, and a test to paste.

use lockproof_check::{Appearance, Engine, explanation};

use crate::stock::{explored, two_step_stock};

#[test]
fn the_smallest_scenario_is_shown_with_its_table_its_reason_and_a_test() {
    let report = two_step_stock()
        .scenarios(60)
        .threads(2..=3)
        .calls(1..=2)
        .before(2..=2)
        .after(2..=2)
        .not_on(Engine::Std, "luck")
        .check();
    let Some(run) = explored(&report) else { return };
    let account = explanation::failure_shown(run, Appearance::default());
    let scenario = "\
in the scenario before: put(1); take() | take():

main          thread 1
----          --------
put(1) -> ()
.- take()
|             take() -> true
'- -> true
";
    assert!(account.contains(scenario), "{account}");
    assert!(
        account.contains("needs 1 preemption; none fails with fewer"),
        "it is the shortest: {account}"
    );
    let reason = "not linearizable: `take()` returned true, but in every order that keeps real time \
                  and explains what the other calls returned it returns false";
    let words = account.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(reason), "{account}");
    let test = "\
#[test]
fn two_step_stock_is_linearizable_in_this_scenario() {
    let scenario = Scenario::new([
        vec![StockCall::take()],
        vec![StockCall::take()],
    ])
    .before([StockCall::put(1)]);
    two_step_stock().scenario(scenario).is_proved();
}
";
    assert!(account.ends_with(test), "{account}");
}

#[test]
fn the_execution_shown_has_the_fewest_preemptions() {
    let report = two_step_stock().scenarios(60).not_on(Engine::Std, "luck").check();
    let Some(run) = explored(&report) else { return };
    let failure = run.verdict().failure().expect("it is refuted");
    let switches = failure.trace.events.windows(2).filter(|two| two[0].thread != two[1].thread);
    assert_eq!(switches.count(), 2, "to the other thread and back: {:#?}", failure.trace);
}
