//! The lock order of a model in the form of a record: locks, edges between them, cycles, and what
//! else is worth knowing about how long locks are held.
//!
//! Invariant: a lock order that was read back names only locks and edges that it has.

use std::fmt;

use lockproof::engine::Engine;
use serde::{Deserialize, Serialize};

use super::cycle::{CycleStatus, DIRECTED, DIRECTED_AND_SAID, LockCycle};
use crate::Verdict;
use crate::record::{RecordedFailure, RecordedLocation};
use crate::report::EngineRun;

/// In which order the threads of a model take locks, over all executions that were seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedLockOrder")]
pub struct LockOrder {
    /// The executions that were looked at.
    pub executions: u64,
    /// The locks that were held, and those that were taken meanwhile.
    pub locks: Vec<LockNode>,
    /// What was held while what was taken.
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
    /// Lets the verdict of the exploring engine say that a directed schedule ends in a deadlock,
    /// unless the engine found another defect: it has run the schedule.
    pub(crate) fn hand_over(&mut self, runs: &mut [EngineRun]) {
        let explore = Engine::Explore.to_string();
        let Some(run) = runs.iter_mut().find(|run| run.engine == explore) else { return };
        let Some(search) = run.search.as_mut().filter(|_| run.verdict.failure().is_none()) else {
            return;
        };
        let confirmed = self.cycles.iter_mut().find_map(|cycle| match &mut cycle.status {
            CycleStatus::Confirmed { by, failure } if by == DIRECTED => Some((by, failure)),
            _ => None,
        });
        if let Some((by, failure)) = confirmed {
            DIRECTED_AND_SAID.clone_into(by);
            search.strategy += ", then directed";
            run.verdict = Verdict::Refuted { failure: failure.clone() };
        }
    }

    /// The executions that a directed schedule, and no search, brought to a deadlock, and that no
    /// verdict tells of.
    pub fn confirmations(&self) -> impl Iterator<Item = &RecordedFailure> {
        self.cycles.iter().filter_map(|cycle| match &cycle.status {
            CycleStatus::Confirmed { by, failure } if by == DIRECTED => Some(failure.as_ref()),
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

/// Some thread held one lock while it took another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockEdge {
    /// The lock that was held: an index into [`LockOrder::locks`].
    pub from: usize,
    /// The lock that was taken: an index into [`LockOrder::locks`].
    pub to: usize,
    /// The thread's name.
    pub thread: String,
    /// How `from` was held.
    pub held: LockMode,
    /// Where `from` was taken.
    pub held_since: RecordedLocation,
    /// How `to` was taken.
    pub taken: LockMode,
    /// Where `to` was taken.
    pub taken_at: RecordedLocation,
    /// In how many executions.
    pub executions: u64,
}

/// With whom a lock is shared. `Display` gives a word for a sentence such as "held for reading".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockMode {
    /// With nobody: a mutex, a writer, an initialization.
    Exclusive,
    /// With other readers.
    Shared,
    /// With readers that are not upgradable themselves.
    Upgradable,
}

impl LockMode {
    /// Whether a lock that is held in this way must be waited for by one who wants it in the other.
    pub fn excludes(self, other: Self) -> bool {
        self != Self::Shared && other != Self::Shared || [self, other].contains(&Self::Exclusive)
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exclusive => "exclusively",
            Self::Shared => "for reading",
            Self::Upgradable => "for reading, upgradable",
        })
    }
}

/// A call that may have to wait for other threads or for time, made while a lock was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAcross {
    /// An index into [`LockOrder::locks`].
    pub lock: usize,
    /// The thread's name.
    pub thread: String,
    /// Where the lock was taken.
    pub held_since: RecordedLocation,
    /// The call, such as `join worker` or `sleep 1ms`.
    pub call: String,
    /// Where it was made.
    pub at: RecordedLocation,
    /// In how many executions.
    pub executions: u64,
}

/// How much a thread does between taking a lock and giving it up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriticalSection {
    /// An index into [`LockOrder::locks`].
    pub lock: usize,
    /// The thread's name.
    pub thread: String,
    /// Where the lock was taken.
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
