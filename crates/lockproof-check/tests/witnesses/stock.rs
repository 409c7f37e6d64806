//! The contracts whose witnesses are looked at: one contract before and after changes to its subject
//! and to itself.
//!
//! Each is a test that others run in a process of its own; run with the rest it does nothing.

use std::time::Duration;

use lockproof::sync::Mutex;
use lockproof_check::{
    Condition, Contract, Engine, Expected, RecordedCondition, Scenario, specification,
};
use proptest::strategy::{Just, Strategy};

use crate::process::not_wanted;

trait Stock: Send + Sync + 'static {
    fn put(&self, items: u32);
    fn take(&self) -> bool;
}

specification! {
    /// To do as the sequential one.
    struct StockSpecification(SequentialStock) for impl Stock;
    enum StockCall -> StockReturn;

    fn put(items: u32 = 1..=2);
    fn take() -> bool;
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct SequentialStock {
    items: u32,
}

impl SequentialStock {
    fn put(&mut self, items: u32) {
        self.items += items;
    }

    fn take(&mut self) -> bool {
        let is_left = self.items > 0;
        self.items -= u32::from(is_left);
        is_left
    }
}

#[derive(Default)]
struct LockedStock(Mutex<u32>);

impl Stock for LockedStock {
    fn put(&self, items: u32) {
        *self.0.lock().unwrap() += items;
    }

    fn take(&self) -> bool {
        let mut items = self.0.lock().unwrap();
        let is_left = *items > 0;
        *items -= u32::from(is_left);
        is_left
    }
}

/// It looks and takes under two acquisitions.
#[derive(Default)]
struct TwoStepStock(LockedStock);

impl Stock for TwoStepStock {
    fn put(&self, items: u32) {
        self.0.put(items);
    }

    fn take(&self) -> bool {
        let seen = *self.0.0.lock().unwrap();
        if seen > 0 {
            *self.0.0.lock().unwrap() = seen - 1;
        }
        seen > 0
    }
}

/// It looks once more in vain, so that no schedule of the one with two steps fits.
#[derive(Default)]
struct ThreeStepStock(TwoStepStock);

impl Stock for ThreeStepStock {
    fn put(&self, items: u32) {
        drop(self.0.0.0.lock().unwrap());
        self.0.put(items);
    }

    fn take(&self) -> bool {
        drop(self.0.0.0.lock().unwrap());
        self.0.take()
    }
}

/// It is wrong whatever the schedule.
struct EndlessStock;

impl Stock for EndlessStock {
    fn put(&self, _items: u32) {}

    fn take(&self) -> bool {
        true
    }
}

/// The contract of every stock, so that they have the same witnesses.
fn stock<T: Stock>(make: fn() -> T) -> Contract<StockSpecification, T> {
    let specification = StockSpecification(SequentialStock::default());
    let contract = Contract::new("Stock", make, specification).stress_runs(1).samples(6_000);
    not_wanted()
        .fold(contract, |contract, engine| contract.not_on(engine, "this is about another engine"))
}

fn generated<T: Stock>(make: fn() -> T) -> Contract<StockSpecification, T> {
    stock(make).scenarios(60).scenarios_on(Engine::Loom, 30).threads(2..=2).before(1..=2)
}

/// Written by hand, and larger than need be.
fn by_hand<T: Stock>(make: fn() -> T) -> Contract<StockSpecification, T> {
    let scenario = Scenario::new([vec![StockCall::take()], vec![StockCall::take()]])
        .before([StockCall::put(1)])
        .after([StockCall::take()]);
    stock(make).scenario(scenario)
}

#[test]
#[ignore = "run by other tests"]
fn broken() {
    generated(TwoStepStock::default).passes();
}

#[test]
#[ignore = "run by other tests"]
fn broken_by_hand() {
    by_hand(TwoStepStock::default).is_proved();
}

#[test]
#[ignore = "run by other tests"]
fn mended() {
    generated(LockedStock::default).passes();
}

#[test]
#[ignore = "run by other tests"]
fn mended_by_hand() {
    by_hand(LockedStock::default).is_proved();
}

/// Wrong as before, in other steps.
#[test]
#[ignore = "run by other tests"]
fn broken_in_other_steps() {
    generated(ThreeStepStock::default).passes();
}

/// Mended, but nobody may look far enough to say so.
#[test]
#[ignore = "run by other tests"]
fn mended_and_bounded() {
    generated(LockedStock::default).preemptions(0).passes();
}

/// The subject is mended and the scenarios are others.
#[test]
#[ignore = "run by other tests"]
fn mended_with_other_scenarios() {
    generated(LockedStock::default).before(0..=0).passes();
}

/// The subject is mended, and the strategy's values are others: the scenarios have the same sizes.
#[test]
#[ignore = "run by other tests"]
fn mended_with_other_calls() {
    let calls = Just(StockCall::put(7)).boxed();
    let contract = generated(LockedStock::default).scenarios_of(1, calls);
    contract.before(0..=0).after(0..=0).threads(2..=2).passes();
}

/// The smaller scenario breaks a constraint that the one it comes from keeps to, too.
#[test]
#[ignore = "run by other tests"]
fn mended_with_a_constraint() {
    let is_take = |call: &StockCall| *call == StockCall::take();
    by_hand(LockedStock::default).at_most(1, is_take).passes();
}

/// Fewer scenarios than the number of the one that failed.
#[test]
#[ignore = "run by other tests"]
fn broken_and_hardly_tried() {
    generated(TwoStepStock::default).scenarios(1).scenarios_on(Engine::Loom, 1).passes();
}

/// Real threads find it, too.
#[test]
#[ignore = "run by other tests"]
fn always_broken() {
    stock(|| EndlessStock).scenario(Scenario::new([[StockCall::take()]])).is_proved();
}

/// Another seed finds other scenarios, and leaves those of witnesses as they are.
#[test]
#[ignore = "run by other tests"]
fn broken_with_another_seed() {
    generated(TwoStepStock::default).seed(7).passes();
}

fn violation() -> Expected {
    Expected::violation(RecordedCondition::Linearizability)
}

#[test]
#[ignore = "run by other tests"]
fn twin() {
    generated(TwoStepStock::default).is_refuted_by(violation());
}

#[test]
#[ignore = "run by other tests"]
fn kept_twin() {
    generated(TwoStepStock::default).keep_witness(true).is_refuted_by(violation());
}

#[test]
#[ignore = "run by other tests"]
fn not_kept() {
    generated(TwoStepStock::default).keep_witness(false).passes();
}

#[test]
#[ignore = "run by other tests"]
fn another_property() {
    generated(TwoStepStock::default).under(Condition::SequentialConsistency).passes();
}

#[test]
#[ignore = "run by other tests"]
fn not_refining() {
    generated(TwoStepStock::default).refines(&generated(LockedStock::default));
}

#[test]
#[ignore = "run by other tests"]
fn not_refining_and_kept() {
    let two_step = generated(TwoStepStock::default).time(Duration::from_secs(30));
    two_step.keep_witness(true).refines(&generated(LockedStock::default));
}
