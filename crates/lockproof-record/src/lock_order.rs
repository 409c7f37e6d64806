//! The lock order of a model in the form of a record: locks, edges between them, cycles, and what
//! else is worth knowing about how long locks are held.
//!
//! Invariant: a lock order that was read back names only locks and edges that it has.

mod cycle;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::action::RecordedMode;
use crate::failure::RecordedFailure;
use crate::location::RecordedLocation;

pub use cycle::{CycleStatus, Discharge, FoundBy, LockCycle};

/// In which order the threads of a model acquire locks, over all executions that were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct LockOrder {
    /// The executions that were looked at.
    pub executions: u64,
    /// The locks that were held, and those that were acquired meanwhile.
    pub locks: Vec<LockNode>,
    /// One for each way in which a thread acquired one lock while it held another.
    pub edges: Vec<LockEdge>,
    /// The potential deadlocks.
    pub cycles: Vec<LockCycle>,
    /// The blocking calls that were made while a lock was held.
    pub held_across: Vec<HeldAcross>,
    /// The longest critical sections in which something was done, longest first.
    pub longest_sections: Vec<CriticalSection>,
    /// A sentence for everything that was left out because there was too much of it.
    pub left_out: Vec<String>,
    /// A sentence for each demand of the test that is not met.
    pub unmet: Vec<String>,
}

impl LockOrder {
    /// The executions that a directed schedule, and no search, brought to a deadlock, and that no
    /// verdict tells of.
    pub fn confirmations(&self) -> impl Iterator<Item = &RecordedFailure> {
        self.cycles.iter().filter_map(|cycle| match &cycle.status {
            CycleStatus::Confirmed { by: FoundBy::Direction, failure } => Some(failure.as_ref()),
            _ => None,
        })
    }
}

/// A lock, or what is initialized once, of the model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockNode {
    /// Its name, or its kind and number.
    pub name: String,
    /// The kind, such as `mutex` or `rwlock`.
    pub kind: String,
    /// The place at which it was made.
    pub created: RecordedLocation,
}

/// Some thread held one lock while it acquired another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockEdge {
    /// The lock that was held: an index into [`LockOrder::locks`].
    pub from: usize,
    /// The lock that was acquired: an index into [`LockOrder::locks`].
    pub to: usize,
    /// The thread's name.
    pub thread: String,
    /// The mode in which `from` was held.
    pub held: RecordedMode,
    /// The place at which `from` was acquired.
    pub held_since: RecordedLocation,
    /// The mode in which `to` was acquired.
    pub taken: RecordedMode,
    /// The place at which `to` was acquired.
    pub taken_at: RecordedLocation,
    /// In how many executions.
    pub executions: u64,
}

/// A call that may have to wait for other threads or for time, made while a lock was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAcross {
    /// An index into [`LockOrder::locks`].
    pub lock: usize,
    /// The thread's name.
    pub thread: String,
    /// The place at which the lock was acquired.
    pub held_since: RecordedLocation,
    /// The call, such as `join worker` or `sleep 1ms`.
    pub call: String,
    /// The place at which it was made.
    pub at: RecordedLocation,
    /// In how many executions.
    pub executions: u64,
}

/// A critical section, by the events of its thread between acquisition and release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriticalSection {
    /// An index into [`LockOrder::locks`].
    pub lock: usize,
    /// The thread's name.
    pub thread: String,
    /// The place at which the lock was acquired.
    pub since: RecordedLocation,
    /// The events of that thread while it held the lock, in the execution with the most.
    pub events: usize,
    /// In how many executions there was such a section, of any length.
    pub executions: u64,
}

impl LockOrder {
    /// An index that is out of range, if there is one.
    fn unknown(&self) -> Option<String> {
        let gates = self.cycles.iter().filter_map(LockCycle::gate);
        let used = self.edges.iter().flat_map(|edge| [edge.from, edge.to]);
        let used = used.chain(self.held_across.iter().map(|held| held.lock)).chain(gates);
        let mut used = used.chain(self.longest_sections.iter().map(|section| section.lock));
        if let Some(lock) = used.find(|lock| *lock >= self.locks.len()) {
            return Some(format!("it names lock {lock}, which is unknown"));
        }
        let mut used = self.cycles.iter().flat_map(|cycle| &cycle.edges);
        let edge = used.find(|edge| **edge >= self.edges.len())?;
        Some(format!("a cycle of edge {edge}, which is unknown"))
    }
}

impl Serialize for LockOrder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for LockOrder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let order = Self::deserialize(deserializer)?;
        order.unknown().map_or(Ok(order), |unknown| Err(D::Error::custom(unknown)))
    }
}
