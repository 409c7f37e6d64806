//! The lock order of a model in the form of a record: locks, edges between them, cycles, and what
//! else is worth knowing about how long locks are held.
//!
//! Invariant: a lock order that was read back names only locks and edges that it has.

mod cycle;

use serde::{Deserialize, Serialize};

use crate::action::RecordedMode;
use crate::failure::RecordedFailure;
use crate::location::RecordedLocation;

pub use cycle::{CycleStatus, Discharge, FoundBy, LockCycle};

/// In which order the threads of a model acquire locks, over all executions that were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedLockOrder")]
pub struct LockOrder {
    /// The executions that were looked at.
    pub executions: u64,
    /// The locks that were held, and those that were acquired meanwhile.
    pub locks: Vec<LockNode>,
    /// What was held while what was acquired.
    pub edges: Vec<LockEdge>,
    /// The potential deadlocks.
    pub cycles: Vec<LockCycle>,
    /// The blocking calls that were made while a lock was held.
    pub held_across: Vec<HeldAcross>,
    /// The longest critical sections in which something was done, longest first.
    pub longest_sections: Vec<CriticalSection>,
    /// What was left out because there was too much of it, a sentence each.
    pub left_out: Vec<String>,
    /// What the test demands of the lock order and is not so, a sentence each.
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
    /// Where it was made.
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
    /// How `from` was held.
    pub held: RecordedMode,
    /// Where `from` was acquired.
    pub held_since: RecordedLocation,
    /// How `to` was acquired.
    pub taken: RecordedMode,
    /// Where `to` was acquired.
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
    /// Where the lock was acquired.
    pub held_since: RecordedLocation,
    /// The call, such as `join worker` or `sleep 1ms`.
    pub call: String,
    /// Where it was made.
    pub at: RecordedLocation,
    /// In how many executions.
    pub executions: u64,
}

/// How much a thread does between acquiring and releasing a lock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriticalSection {
    /// An index into [`LockOrder::locks`].
    pub lock: usize,
    /// The thread's name.
    pub thread: String,
    /// Where the lock was acquired.
    pub since: RecordedLocation,
    /// The events of that thread while it held the lock, in the execution with the most.
    pub events: usize,
    /// In how many executions there was such a section, of any length.
    pub executions: u64,
}

#[derive(Deserialize)]
struct UncheckedLockOrder {
    executions: u64,
    locks: Vec<LockNode>,
    edges: Vec<LockEdge>,
    cycles: Vec<LockCycle>,
    held_across: Vec<HeldAcross>,
    longest_sections: Vec<CriticalSection>,
    left_out: Vec<String>,
    unmet: Vec<String>,
}

impl TryFrom<UncheckedLockOrder> for LockOrder {
    type Error = String;

    fn try_from(unchecked: UncheckedLockOrder) -> Result<Self, String> {
        let UncheckedLockOrder {
            executions,
            locks,
            edges,
            cycles,
            held_across,
            longest_sections,
            left_out,
            unmet,
        } = unchecked;
        let gates = cycles.iter().filter_map(LockCycle::gate);
        let used = edges.iter().flat_map(|edge| [edge.from, edge.to]);
        let used = used.chain(held_across.iter().map(|held| held.lock)).chain(gates);
        let mut used = used.chain(longest_sections.iter().map(|section| section.lock));
        if let Some(lock) = used.find(|lock| *lock >= locks.len()) {
            return Err(format!("it names lock {lock}, which is unknown"));
        }
        let mut used = cycles.iter().flat_map(|cycle| &cycle.edges);
        if let Some(edge) = used.find(|edge| **edge >= edges.len()) {
            return Err(format!("a cycle of edge {edge}, which is unknown"));
        }
        Ok(Self {
            executions,
            locks,
            edges,
            cycles,
            held_across,
            longest_sections,
            left_out,
            unmet,
        })
    }
}
