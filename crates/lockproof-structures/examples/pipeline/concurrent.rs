//! The run in several threads: one reads, the others parse and aggregate.
//!
//! Rows go through the queue, sums through the map; the threads share nothing else.

use std::path::Path;

use lockproof::thread;
use lockproof_structures::{RecordMap, RecordQueue};

use crate::outcome::{Outcome, Summary};
use crate::source::{Row, Rows, SourceError};
use crate::trade::{Malformed, Trade};

/// The threads that parse and aggregate.
pub(crate) const WORKERS: usize = 4;

/// The rows that may wait: enough for no worker to run dry while the reader reads on.
const QUEUE_CAPACITY: usize = 64;

/// Reads the file in this thread, and parses and aggregates its rows in others.
pub(crate) fn run(
    path: &Path,
    summaries: &(impl RecordMap<String, Summary> + Sync),
) -> Result<Outcome, SourceError> {
    let rows = Rows::open(path)?;
    let queue = RecordQueue::new(QUEUE_CAPACITY);
    let (rows, mut malformed) = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..WORKERS).map(|_| scope.spawn(|| work(&queue, summaries))).collect();
        let rows = read(rows, &queue);
        let malformed = workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a worker does not panic"))
            .collect::<Vec<_>>();
        (rows, malformed)
    });
    malformed.sort();
    Ok(Outcome { rows: rows?, summaries: summaries.snapshot().into_iter().collect(), malformed })
}

/// Puts every row into the queue, then closes it, and returns how many there were.
fn read(rows: Rows, queue: &RecordQueue<Row>) -> Result<u64, SourceError> {
    // If this function panics, the workers must not wait for ever.
    let _closing = queue.close_on_drop();
    let mut count = 0;
    for row in rows {
        // If the queue is closed already, a worker has panicked, which its join reports.
        if queue.push(row?).is_err() {
            break;
        }
        count += 1;
    }
    Ok(count)
}

/// Takes rows out until the queue is closed and empty, and returns the invalid ones.
fn work(
    queue: &RecordQueue<Row>,
    summaries: &impl RecordMap<String, Summary>,
) -> Vec<(u64, Malformed)> {
    // If this worker panics, the reader must not wait for room for ever.
    let _closing = queue.close_on_drop();
    let mut malformed = Vec::new();
    while let Some(row) = queue.pop() {
        match Trade::parse(&row.text) {
            Ok(trade) => {
                summaries.get_or_insert_with(trade.instrument.clone(), Summary::default);
                summaries.update(&trade.instrument, |summary| summary.add(&trade));
            }
            Err(reason) => malformed.push((row.line, reason)),
        }
    }
    malformed
}
