//! The old lock against the new one.

use lockproof::sync::RwLock;
use lockproof_check::{Contract, Expectation, Scenario};

use crate::stock::{
    Stock, StockCall, StockSpecification, empty, explored, locked_stock, two_step_stock,
};

/// Another lock, and room for no more than three items.
#[derive(Default)]
struct SmallStock(RwLock<u32>);

impl Stock for SmallStock {
    fn put(&self, items: u32) {
        let mut stock = self.0.write().unwrap();
        *stock = (*stock + items).min(3);
    }

    fn take(&self) -> bool {
        let mut items = self.0.write().unwrap();
        let is_left = *items > 0;
        *items -= u32::from(is_left);
        is_left
    }
}

fn small_stock() -> Contract<StockSpecification, SmallStock> {
    Contract::new("SmallStock", SmallStock::default, empty())
}

#[test]
fn one_lock_refines_another() {
    let refinement = small_stock().scenarios(60).calls(1..=1).compare_with(&locked_stock());
    if let Some(run) = explored(&refinement.report) {
        assert_eq!(run.verdict().word(), "passed", "{run:?}");
        assert_eq!((refinement.equal, refinement.fewer), (60, 0), "the outcomes are the same");
    }
    small_stock().scenarios(20).calls(1..=1).refines(&locked_stock());
}

#[test]
fn fewer_outcomes_are_a_refinement_and_more_are_not() {
    let last_item =
        || Scenario::new([[StockCall::take()], [StockCall::take()]]).before([StockCall::put(1)]);
    let refinement = locked_stock().scenario(last_item()).compare_with(&two_step_stock());
    if let Some(run) = explored(&refinement.report) {
        assert!(run.verdict().is_proved(), "it is one scenario, and completely known");
        assert_eq!((refinement.equal, refinement.fewer), (0, 1), "both get the item no more");
    }
    let refinement = two_step_stock().scenario(last_item()).compare_with(&locked_stock());
    assert_eq!(refinement.report.property, "refines LockedStock");
    assert_eq!(refinement.report.expectation, None::<Expectation>);
    if let Some(run) = explored(&refinement.report) {
        let failure = run.verdict().failure().expect("it has another outcome");
        assert_eq!(failure.defect.kind.to_string(), "unwanted outcome");
        assert_eq!(failure.defect.message, "LockedStock never returns true | true");
        assert!(!failure.trace.events.is_empty(), "an interleaving gives it");
        let scenario = failure.scenario.as_ref().expect("a scenario fails");
        assert!(
            scenario.test.contains("two_step_stock().scenario(scenario).refines(&locked_stock())")
        );
    }
}

#[test]
fn generated_scenarios_find_another_outcome_and_show_the_smallest() {
    let refinement = two_step_stock().scenarios(60).compare_with(&locked_stock());
    if let Some(run) = explored(&refinement.report) {
        let failure = run.verdict().failure().expect("it has another outcome");
        let scenario = failure.scenario.as_ref().expect("a scenario fails");
        assert_eq!(scenario.calls, "before: put(1); take() | take()");
    }
}
