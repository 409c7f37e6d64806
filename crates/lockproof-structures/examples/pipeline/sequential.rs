//! The run in one thread: slow and simple, the reference for the other.

use std::path::Path;

use lockproof_structures::SequentialRecordMap;

use crate::outcome::{Outcome, Summary};
use crate::source::{Rows, SourceError};
use crate::trade::Trade;

/// Reads, parses and aggregates row by row.
pub(crate) fn run(path: &Path) -> Result<Outcome, SourceError> {
    let mut outcome = Outcome::default();
    let mut summaries = SequentialRecordMap::new();
    for row in Rows::open(path)? {
        let row = row?;
        outcome.rows += 1;
        match Trade::parse(&row.text) {
            Ok(trade) => {
                summaries.get_or_insert_with(trade.instrument.clone(), Summary::default);
                summaries.update(&trade.instrument, |summary| summary.add(&trade));
            }
            Err(reason) => outcome.malformed.push((row.line, reason)),
        }
    }
    outcome.summaries = summaries.snapshot().into_iter().collect();
    Ok(outcome)
}
