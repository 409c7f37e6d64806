//! How far an exploration has come, told now and then while it runs.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The shortest time between two reports: people read no faster.
const SELDOM: Duration = Duration::from_millis(200);

/// How far an exploration has come.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The executions so far. explore's include those that it gave up halfway.
    pub executions: u64,
    /// The time so far.
    pub elapsed: Duration,
    /// The number of executions in all: exact for samples and for real threads, a rough guess for
    /// explore's exhaustive search, unknown for loom's.
    pub estimate: Option<f64>,
}

/// Reports the progress now and then.
pub(crate) struct Reporter(Mutex<Telling>);

struct Telling {
    tell: Box<dyn FnMut(&Progress) + Send>,
    last: Instant,
}

impl Reporter {
    pub(crate) fn new(tell: Box<dyn FnMut(&Progress) + Send>) -> Self {
        Self(Mutex::new(Telling { tell, last: Instant::now() }))
    }

    /// Tells that a search which began at `start` has come so far, unless that was told just now.
    pub(crate) fn tell(&self, executions: u64, start: Instant, estimate: Option<f64>) {
        let telling = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if now.duration_since(telling.last) >= SELDOM {
            telling.last = now;
            let elapsed = now.duration_since(start);
            (telling.tell)(&Progress { executions, elapsed, estimate });
        }
    }
}

/// A number of executions that is known beforehand, as an estimate.
#[expect(clippy::cast_precision_loss, reason = "no search runs 2^53 executions")]
pub(crate) fn exactly(executions: u64) -> f64 {
    executions as f64
}
