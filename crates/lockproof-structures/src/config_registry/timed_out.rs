//! The error of a call with a time limit.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// A lock was not free in time. Nothing was changed and nothing is held.
///
/// The caller may try again later, or give up. Trying again at once, for ever, turns a deadlock
/// into a livelock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedOut {
    lock: String,
    timeout: Duration,
}

impl TimedOut {
    pub(super) fn new(lock: String, timeout: Duration) -> Self {
        Self { lock, timeout }
    }

    /// Which lock it was: `the registry`, or `component` and its name.
    #[must_use]
    pub fn lock(&self) -> &str {
        &self.lock
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the lock of {} was not free within {:?}: nothing was changed, try again later",
            self.lock, self.timeout
        )
    }
}

impl Error for TimedOut {}
