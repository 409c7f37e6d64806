//! A failing execution in the form of a record: names and texts in place of the facade's types,
//! so that it can be read without the engine, and shown by the same code live and read back.

use lockproof::engine::{BlockedThread, Defect, Failure, Minimality};
use serde::{Deserialize, Serialize};

use super::bounds::{LONGEST_MESSAGE, cut};
use super::{RecordedLocation, RecordedTrace};
use crate::plain_text::one_line;

/// An execution that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFailure {
    /// What went wrong.
    pub defect: RecordedDefect,
    /// Which execution it was, from 1.
    pub execution: u64,
    /// What happened before; empty on real threads, which nobody watches.
    pub trace: RecordedTrace,
    /// What leads to it again, as text: see [`Schedule`](lockproof::engine::Schedule). None on real
    /// threads, which nobody controls.
    #[serde(default)]
    pub schedule: Option<String>,
    /// How short it is, where that was looked into.
    #[serde(default)]
    pub minimality: Option<RecordedMinimality>,
    /// Why no shorter one was found, where one was looked for.
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
    /// Where it comes from; `None` where two types were compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ScenarioOrigin>,
}

/// The scenario in which a contract was first found to fail, and how a smaller one was made of it:
/// enough to make both again without running the subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioOrigin {
    /// The calls of the scenario as it was found, on one line.
    pub calls: String,
    /// Which one it is of those that were generated; `None` for one that was written by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated: Option<GeneratedScenario>,
    /// What came of each smaller scenario that was tried, in their order: `+` if it failed, too,
    /// else `-`.
    pub shrinking: String,
}

/// Which scenario it is of those that a contract generates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratedScenario {
    /// The seed of the generation.
    pub seed: u64,
    /// Its number, from 1.
    pub number: usize,
}

impl RecordedFailure {
    /// Where it shows itself: where it panicked, where the first thread that can go no further
    /// waits, or the last thing that happened.
    pub fn location(&self) -> Option<&RecordedLocation> {
        let RecordedDefect { location, blocked, .. } = &self.defect;
        let stuck = || blocked.first().map(|blocked| &blocked.location);
        let last = || self.trace.events.last().map(|event| &event.location);
        location.as_ref().or_else(stuck).or_else(last)
    }
}

impl From<&Failure> for RecordedFailure {
    fn from(failure: &Failure) -> Self {
        Self {
            defect: (&failure.defect).into(),
            execution: failure.execution,
            trace: (&failure.trace).into(),
            schedule: failure.schedule.as_ref().map(ToString::to_string),
            minimality: failure.minimality.as_ref().map(RecordedMinimality::from),
            not_shortened: None,
            scenario: None,
        }
    }
}

/// How hard a failing execution is to follow, and what is known of easier ones: see
/// [`Minimality`](lockproof::engine::Minimality).
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

impl From<&Minimality> for RecordedMinimality {
    fn from(minimality: &Minimality) -> Self {
        Self {
            preemptions: minimality.preemptions,
            context_switches: minimality.context_switches,
            events: minimality.events,
            established: minimality.established,
            is_shortest: minimality.is_shortest,
            sentence: minimality.to_string(),
        }
    }
}

/// What went wrong in an execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedDefect {
    /// The kind, such as `panic` or `deadlock`.
    pub kind: String,
    /// The whole defect in one sentence.
    pub sentence: String,
    /// The words of the panic or of the engine, where there are any.
    #[serde(default)]
    pub message: String,
    /// What stays the same from one execution to another: see
    /// [`Defect::signature`](lockproof::engine::Defect::signature).
    #[serde(default)]
    pub signature: String,
    /// Where it panicked, or where a stack overflowed, if anybody knows.
    #[serde(default)]
    pub location: Option<RecordedLocation>,
    /// The threads that can go no further.
    #[serde(default)]
    pub blocked: Vec<RecordedBlock>,
}

impl RecordedDefect {
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

impl From<&Defect> for RecordedDefect {
    fn from(defect: &Defect) -> Self {
        let message = match defect {
            Defect::Panic { message, .. }
            | Defect::DataRace { message }
            | Defect::UnwantedOutcome { message }
            | Defect::Violation { message, .. } => message.clone(),
            _ => String::new(),
        };
        let location = match defect {
            Defect::Panic { location, .. } | Defect::StackOverflow { last: location, .. } => {
                location.as_ref()
            }
            Defect::LockOrderInversion { location, .. } => Some(location),
            _ => None,
        };
        Self {
            kind: defect.kind().to_string(),
            sentence: cut(defect.to_string(), LONGEST_MESSAGE),
            message: cut(message, LONGEST_MESSAGE),
            signature: cut(defect.signature(), LONGEST_MESSAGE),
            location: location.map(RecordedLocation::from),
            blocked: defect.blocked().iter().map(RecordedBlock::from).collect(),
        }
    }
}

/// A thread that can go no further: what it waits for, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedBlock {
    /// The thread's name.
    pub thread: String,
    /// What it waits for, such as `lock accounts[0]`.
    pub waits_for: String,
    /// Where it waits.
    pub location: RecordedLocation,
    /// The threads that could let it go on.
    pub held_by: Vec<String>,
    /// What it holds.
    pub holds: Vec<RecordedHold>,
    /// The thread's index in the trace, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// The threads that would have to act for the wait to end, where they are known, as indices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<usize>,
}

impl From<&BlockedThread> for RecordedBlock {
    fn from(blocked: &BlockedThread) -> Self {
        let holds = blocked.holds.iter();
        Self {
            thread: blocked.thread.clone(),
            waits_for: blocked.waits_for.clone(),
            location: (&blocked.location).into(),
            held_by: blocked.held_by.clone(),
            holds: holds
                .map(|(lock, since)| RecordedHold { lock: lock.clone(), since: since.into() })
                .collect(),
            index: Some(blocked.index),
            actors: blocked.actors.clone(),
        }
    }
}

/// A lock that a thread holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedHold {
    /// The lock's name.
    pub lock: String,
    /// Where it was taken.
    pub since: RecordedLocation,
}
