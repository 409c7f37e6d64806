//! A failing execution in the form of a record: names and texts in place of the facade's types,
//! so that it can be read without the engine, and shown by the same code live and read back.

use lockproof::engine::{BlockedThread, Defect, Failure};
use lockproof::trace::{Event, Operation, Phase, Trace};
use serde::{Deserialize, Serialize};

use super::RecordedLocation;
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
            Defect::Panic { message, .. } | Defect::DataRace { message } => message.clone(),
            _ => String::new(),
        };
        let location = match defect {
            Defect::Panic { location, .. } | Defect::StackOverflow { last: location, .. } => {
                location.as_ref()
            }
            _ => None,
        };
        Self {
            kind: defect.kind().to_string(),
            sentence: defect.to_string(),
            message,
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

/// The events of one execution, in the order in which they took effect.
///
/// A trace that was read back names only threads that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedTrace")]
pub struct RecordedTrace {
    /// The threads in the order of their creation; the first is the model's own.
    pub threads: Vec<String>,
    /// What happened, oldest first.
    pub events: Vec<RecordedEvent>,
}

#[derive(Deserialize)]
struct UncheckedTrace {
    threads: Vec<String>,
    events: Vec<RecordedEvent>,
}

impl TryFrom<UncheckedTrace> for RecordedTrace {
    type Error = String;

    fn try_from(UncheckedTrace { threads, events }: UncheckedTrace) -> Result<Self, String> {
        match events.iter().find(|event| event.thread >= threads.len()) {
            Some(event) => Err(format!("an event of thread {}, which is unknown", event.thread)),
            None => Ok(Self { threads, events }),
        }
    }
}

impl From<&Trace> for RecordedTrace {
    fn from(trace: &Trace) -> Self {
        let events = trace.events.iter().map(|event| recorded_event(trace, event)).collect();
        Self { threads: trace.threads.clone(), events }
    }
}

/// One visible operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedEvent {
    /// Who did it: an index into [`RecordedTrace::threads`].
    pub thread: usize,
    /// What was done, with its value, such as `load = 0` or `spawn worker`; what it waits for if
    /// it is blocked.
    pub operation: String,
    /// The name of the primitive, if it was done to one.
    #[serde(default)]
    pub object: Option<String>,
    /// Whether the thread waits for it in vain.
    #[serde(default)]
    pub blocked: bool,
    /// Whether it is a load that weak memory let miss a later store.
    #[serde(default)]
    pub stale: bool,
    /// The caller, in the code under test.
    pub location: RecordedLocation,
}

fn recorded_event(trace: &Trace, event: &Event) -> RecordedEvent {
    let blocked = event.phase == Phase::Blocked;
    RecordedEvent {
        thread: event.thread,
        operation: operation_text(&event.operation, blocked, &trace.threads),
        object: trace.object_of(event).map(ToString::to_string),
        blocked,
        stale: matches!(event.operation, Operation::Load { stale: true, .. }),
        location: (&event.location).into(),
    }
}

/// The operation with its value and the name of the other thread that it is about.
fn operation_text(operation: &Operation, blocked: bool, threads: &[String]) -> String {
    let name = |index: &usize| threads.get(*index).map_or("?", String::as_str);
    match operation {
        Operation::Wait if blocked => "a notification of".to_owned(),
        Operation::Park if blocked => "unpark".to_owned(),
        Operation::Join { child, panicked: true } => format!("join {} = Err", name(child)),
        Operation::Spawn { child: thread }
        | Operation::Join { child: thread, .. }
        | Operation::Unpark { thread } => format!("{operation} {}", name(thread)),
        _ => operation.to_string(),
    }
}
