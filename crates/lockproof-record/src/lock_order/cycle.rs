//! Cycles of the lock order, and what became of each.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::RecordedEngine;
use crate::failure::RecordedFailure;

/// Threads that may each hold the lock that the next one waits for: a potential deadlock
/// (Havelund, "Using Runtime Analysis to Guide Model Checking of Java Programs", SPIN 2000).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockCycle {
    /// Indices into [`LockOrder::edges`](crate::LockOrder::edges), one for each thread: the lock
    /// that one acquires is the lock that the next one holds.
    pub edges: Vec<usize>,
    /// Its status.
    #[serde(flatten)]
    pub status: CycleStatus,
}

impl LockCycle {
    /// The gate lock that discharges it, if one does.
    pub(super) fn gate(&self) -> Option<usize> {
        match &self.status {
            CycleStatus::Discharged { reason: Discharge::GateLock { lock, .. } } => Some(*lock),
            _ => None,
        }
    }
}

/// Status of a potential deadlock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum CycleStatus {
    /// An execution ends in this deadlock.
    Confirmed {
        /// The search or schedule that found it.
        by: FoundBy,
        /// The execution.
        failure: Box<RecordedFailure>,
    },
    /// It cannot come about, as far as `reason` says.
    Discharged {
        /// The reason.
        reason: Discharge,
    },
    /// Neither.
    Potential {
        /// The attempts to confirm it, a sentence each.
        tried: Vec<String>,
    },
}

impl CycleStatus {
    /// The status in one word: `confirmed`, `discharged` or `potential`.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Confirmed { .. } => "confirmed",
            Self::Discharged { .. } => "discharged",
            Self::Potential { .. } => "potential",
        }
    }
}

/// Origin of the execution that confirms a cycle. `Display` gives it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FoundBy {
    /// A directed schedule, and no verdict tells of it.
    #[serde(rename = "a directed schedule")]
    Direction,
    /// A directed schedule, and the exploring engine's verdict tells of it.
    #[serde(rename = "a directed schedule of explore")]
    DirectionOfExplore,
    /// The search of this engine.
    #[serde(untagged)]
    Search(RecordedEngine),
}

impl fmt::Display for FoundBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Reason why a cycle is no deadlock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Discharge {
    /// One thread makes all of it, which does not wait for itself.
    SameThread {
        /// Its name.
        thread: String,
    },
    /// Two of its threads hold another lock as well, which only one of them can have.
    GateLock {
        /// An index into [`LockOrder::locks`](crate::LockOrder::locks).
        lock: usize,
        /// Its name.
        name: String,
        /// The executions that were looked at; it was held in all in which the cycle occurred.
        executions: u64,
    },
    /// One thread is through before another one begins, because of a spawn or a join.
    Ordered {
        /// The thread that comes first.
        first: String,
        /// The thread that comes after it.
        second: String,
        /// The executions that were looked at; it was so in all in which the cycle occurred.
        executions: u64,
    },
    /// Every interleaving was explored, and none ends in a deadlock.
    Explored {
        /// The engine whose search was complete.
        engine: RecordedEngine,
    },
}
