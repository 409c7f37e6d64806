//! The result of a run, and its difference from another.

use std::collections::BTreeMap;

use crate::trade::{Malformed, Trade};

/// The result of aggregating the rows of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The rows that were read.
    pub(crate) rows: u64,
    /// The trades per instrument.
    pub(crate) summaries: BTreeMap<String, Summary>,
    /// The rows that are no trades, each with its line, in the order of the lines.
    pub(crate) malformed: Vec<(u64, Malformed)>,
}

impl Outcome {
    /// The trades in all summaries.
    pub(crate) fn trades(&self) -> u64 {
        self.summaries.values().map(|summary| summary.trades).sum()
    }

    /// The pieces in all summaries.
    pub(crate) fn quantity(&self) -> u64 {
        self.summaries.values().map(|summary| summary.quantity).sum()
    }

    /// Whether every row is accounted for, once.
    pub(crate) fn is_complete(&self) -> bool {
        self.rows == self.trades() + self.malformed.len() as u64
    }
}

/// The trades of one instrument. The same in whatever order they are added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) trades: u64,
    pub(crate) quantity: u64,
    /// Quantity times price, in cents.
    pub(crate) turnover: u128,
    /// The lowest and the highest price, in cents.
    pub(crate) range: Option<(u32, u32)>,
}

impl Summary {
    pub(crate) fn add(&mut self, trade: &Trade) {
        self.trades += 1;
        self.quantity += u64::from(trade.quantity);
        self.turnover += u128::from(trade.quantity) * u128::from(trade.cents);
        let (lowest, highest) = self.range.unwrap_or((trade.cents, trade.cents));
        self.range = Some((lowest.min(trade.cents), highest.max(trade.cents)));
    }
}
