//! A failing execution in the form of a record: what went wrong, what led there, and how it is
//! reached again.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::bounds::{LONGEST_MESSAGE, cut};
use crate::location::RecordedLocation;
use crate::one_line::one_line;
use crate::trace::RecordedTrace;

/// An execution that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFailure {
    /// The defect.
    pub defect: RecordedDefect,
    /// The number of the execution, from 1.
    pub execution: u64,
    /// The events up to it; empty on real threads, which leave no trace.
    pub trace: RecordedTrace,
    /// The schedule that leads to it again, as text. None on real threads, which are not
    /// controlled.
    #[serde(default)]
    pub schedule: Option<String>,
    /// Its length beside shorter ones, where these were searched.
    #[serde(default)]
    pub minimality: Option<RecordedMinimality>,
    /// The reason that no shorter one was found, where one was searched.
    #[serde(default)]
    pub not_shortened: Option<String>,
    /// The scenario that failed; `None` for a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<RecordedScenario>,
}

/// The scenario of a contract in which an execution went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedScenario {
    /// Its calls, on one line.
    pub calls: String,
    /// A table with a column for each thread: when its calls began and returned, and what. Empty
    /// where the judge did not see them.
    pub table: String,
    /// A test of this scenario alone, to paste.
    pub test: String,
    /// Its origin; `None` where two types were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ScenarioOrigin>,
}

/// The scenario in which a contract was first found to fail, and how a smaller one was made of it:
/// enough to make both again without running the subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioOrigin {
    /// The calls of the scenario as it was found, on one line.
    pub calls: String,
    /// Its number among those that were generated; `None` for one that was written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<GeneratedScenario>,
    /// The result of each smaller scenario that was tried, in order: `+` if it failed, too,
    /// else `-`.
    pub shrinking: String,
}

/// Identifies a scenario among those that a contract generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratedScenario {
    /// The seed of the generation.
    pub seed: u64,
    /// Its number, from 1.
    pub number: usize,
}

impl RecordedFailure {
    /// Its place: that of the panic, of the first thread that can go no further, or of the last
    /// event.
    pub fn location(&self) -> Option<&RecordedLocation> {
        let RecordedDefect { location, blocked, .. } = &self.defect;
        let stuck = || blocked.first().map(|blocked| &blocked.location);
        let last = || self.trace.events.last().map(|event| &event.location);
        location.as_ref().or_else(stuck).or_else(last)
    }
}

/// Length of a failing execution, and what is known of shorter ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedMinimality {
    /// Its preemptions.
    pub preemptions: u32,
    /// Its context switches.
    pub context_switches: u32,
    /// Its events.
    pub events: usize,
    /// Whether all executions with fewer preemptions were searched, and none has this defect.
    pub established: bool,
    /// Whether no execution with this defect is shorter in any of the three.
    pub is_shortest: bool,
    /// All of it in one sentence.
    pub sentence: String,
}

/// A defect in an execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedDefect {
    /// The kind.
    pub kind: RecordedDefectKind,
    /// The whole defect in one sentence.
    pub sentence: String,
    /// The words of the panic or of the engine, where there are any.
    #[serde(default)]
    pub message: String,
    /// The part that is the same in every execution: the kind, and for panics the message
    /// without its numbers.
    #[serde(default)]
    pub signature: String,
    /// The place of the panic or of the stack overflow, if it is known.
    #[serde(default)]
    pub location: Option<RecordedLocation>,
    /// The threads that can go no further.
    #[serde(default)]
    pub blocked: Vec<RecordedBlock>,
}

impl RecordedDefect {
    /// The defect with texts that are short enough for a file: of longer ones the ends are kept.
    #[must_use]
    pub fn cut(self) -> Self {
        let cut = |text| cut(text, LONGEST_MESSAGE);
        Self {
            sentence: cut(self.sentence),
            message: cut(self.message),
            signature: cut(self.signature),
            ..self
        }
    }

    /// One line: the sentence, or for threads that can go no further, who they are.
    pub fn summary(&self) -> String {
        let threads: Vec<_> = self.blocked.iter().map(|blocked| blocked.thread.as_str()).collect();
        match threads.as_slice() {
            [] => one_line(&self.sentence),
            threads => {
                one_line(&format!("{}: {} can go no further", self.kind, threads.join(" and ")))
            }
        }
    }
}

/// The kinds of defects. `Display` gives the name, as the facade does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordedDefectKind {
    /// A thread panicked.
    Panic,
    /// Threads wait for each other in a cycle, or a thread for itself.
    Deadlock,
    /// A thread waits for a notification that cannot come any more.
    #[serde(rename = "lost wake-up")]
    LostWakeUp,
    /// A thread is parked, and no thread is left to unpark it.
    #[serde(rename = "parked for ever")]
    Parked,
    /// Two threads were at one `UnsafeCell` at once.
    #[serde(rename = "data race")]
    DataRace,
    /// An execution does not end.
    Livelock,
    /// A lock is acquired against the stated order.
    #[serde(rename = "lock-order inversion")]
    LockOrderInversion,
    /// A thread used up its stack.
    #[serde(rename = "stack overflow")]
    StackOverflow,
    /// The same schedule led to another operation than before.
    Nondeterminism,
    /// An execution on real threads did not end.
    Hang,
    /// Calls returned what they must not return together.
    #[serde(rename = "unwanted outcome")]
    UnwantedOutcome,
    /// No order of calls explains their results: see [`RecordedCondition::violation`].
    #[serde(rename = "not linearizable")]
    NotLinearizable,
    /// The same for sequential consistency.
    #[serde(rename = "not sequentially consistent")]
    NotSequentiallyConsistent,
    /// The same for quiescent consistency.
    #[serde(rename = "not quiescently consistent")]
    NotQuiescentlyConsistent,
    /// The same for serializability.
    #[serde(rename = "not serializable")]
    NotSerializable,
    /// The same for serializability of threads.
    #[serde(rename = "not serializable by threads")]
    NotSerializableByThreads,
}

impl fmt::Display for RecordedDefectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A condition under which calls are explained. `Display` gives its adjective, as the facade does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RecordedCondition {
    /// Linearizability.
    #[serde(rename = "linearizable")]
    Linearizability,
    /// Sequential consistency.
    #[serde(rename = "sequentially consistent")]
    SequentialConsistency,
    /// Quiescent consistency.
    #[serde(rename = "quiescently consistent")]
    QuiescentConsistency,
    /// Serializability.
    #[serde(rename = "serializable")]
    Serializability,
    /// Serializability of threads.
    #[serde(rename = "serializable by threads")]
    ThreadSerializability,
}

impl RecordedCondition {
    /// The defect of an execution that does not meet the condition.
    pub fn violation(self) -> RecordedDefectKind {
        match self {
            Self::Linearizability => RecordedDefectKind::NotLinearizable,
            Self::SequentialConsistency => RecordedDefectKind::NotSequentiallyConsistent,
            Self::QuiescentConsistency => RecordedDefectKind::NotQuiescentlyConsistent,
            Self::Serializability => RecordedDefectKind::NotSerializable,
            Self::ThreadSerializability => RecordedDefectKind::NotSerializableByThreads,
        }
    }
}

impl fmt::Display for RecordedCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// A thread that can go no further: what it waits for, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedBlock {
    /// The thread's name.
    pub thread: String,
    /// The operation it waits for, such as `lock accounts[0]`.
    pub waits_for: String,
    /// The place of the wait.
    pub location: RecordedLocation,
    /// The threads that could end the wait.
    pub held_by: Vec<String>,
    /// The locks that it holds.
    pub holds: Vec<RecordedHold>,
    /// The thread's index in the trace, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The threads that would have to act for the wait to end, where they are known, as indices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<usize>,
}

/// A lock that a thread holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedHold {
    /// The lock's name.
    pub lock: String,
    /// The place at which it was acquired.
    pub since: RecordedLocation,
}
