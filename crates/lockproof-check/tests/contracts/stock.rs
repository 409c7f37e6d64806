//! A stock of items that threads take: locked, and with a gap between the look and the taking.

use lockproof::sync::{Mutex, PoisonError};
use lockproof_check::{Contract, EngineRun, RecordedEngine, Report, specification};

pub(crate) trait Stock: Send + Sync + 'static {
    fn put(&self, items: u32);
    fn take(&self) -> bool;
}

specification! {
    /// To do as the sequential one.
    pub(crate) struct StockSpecification(SequentialStock) for impl Stock;
    pub(crate) enum StockCall -> StockReturn;

    fn put(items: u32 = 1..=9);
    fn take() -> bool;
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SequentialStock {
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
pub(crate) struct LockedStock(pub(crate) Mutex<u32>);

impl Stock for LockedStock {
    fn put(&self, items: u32) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += items;
    }

    fn take(&self) -> bool {
        let mut items = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left = *items > 0;
        *items -= u32::from(is_left);
        is_left
    }
}

/// The twin: it looks and takes under two acquisitions.
#[derive(Default)]
pub(crate) struct TwoStepStock(LockedStock);

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

pub(crate) fn empty() -> StockSpecification {
    StockSpecification(SequentialStock::default())
}

pub(crate) fn locked_stock() -> Contract<StockSpecification, LockedStock> {
    Contract::new("LockedStock", LockedStock::default, empty())
}

pub(crate) fn two_step_stock() -> Contract<StockSpecification, TwoStepStock> {
    Contract::new("TwoStepStock", TwoStepStock::default, empty())
}

/// What the exploring engine did, if it is in the build.
pub(crate) fn explored(report: &Report) -> Option<&EngineRun> {
    report.run_of(RecordedEngine::Explore)
}
