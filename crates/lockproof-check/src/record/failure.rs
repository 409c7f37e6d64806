//! A failing execution in the form of a record: names and texts in place of the facade's types,
//! so that it can be read without the engine, and shown by the same code live and read back.

use std::fmt;
use std::panic::Location;

use lockproof::engine::{BlockedThread, Defect, Failure};
use lockproof::trace::{Event, Operation, Phase, SourceLocation, Trace};
use serde::{Deserialize, Serialize};

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
    pub message: String,
    /// The threads that can go no further.
    pub blocked: Vec<RecordedBlock>,
}

impl RecordedDefect {
    /// One line: the sentence, or for threads that can go no further, who they are.
    pub fn summary(&self) -> String {
        crate::timeline::summary(self)
    }
}

impl From<&Defect> for RecordedDefect {
    fn from(defect: &Defect) -> Self {
        let message = match defect {
            Defect::Panic { message, .. } | Defect::DataRace { message } => message.clone(),
            _ => String::new(),
        };
        Self {
            kind: defect.kind().to_string(),
            sentence: defect.to_string(),
            message,
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedTrace {
    /// The threads in the order of their creation; the first is the model's own.
    pub threads: Vec<String>,
    /// What happened, oldest first.
    pub events: Vec<RecordedEvent>,
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
    /// What was done, with its value: `load = 0`.
    pub operation: String,
    /// To what: the name of the primitive, or of the thread that was spawned, joined or unparked.
    pub object: Option<String>,
    /// Whether the thread waits for it in vain.
    pub blocked: bool,
    /// The caller, in the code under test.
    pub location: RecordedLocation,
}

fn recorded_event(trace: &Trace, event: &Event) -> RecordedEvent {
    let primitive = || trace.object_of(event).map(str::to_owned);
    let thread = other_thread(&event.operation).and_then(|index| trace.threads.get(index).cloned());
    RecordedEvent {
        thread: event.thread,
        operation: event.operation.to_string(),
        object: thread.or_else(primitive),
        blocked: event.phase == Phase::Blocked,
        location: (&event.location).into(),
    }
}

/// The thread that an operation is about, if it is about one.
fn other_thread(operation: &Operation) -> Option<usize> {
    match operation {
        Operation::Spawn { child } | Operation::Join { child, .. } => Some(*child),
        Operation::Unpark { thread } => Some(*thread),
        _ => None,
    }
}

/// A place in the code under test. `Display` gives `file:line`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedLocation {
    /// The path as the compiler was given it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl From<&SourceLocation> for RecordedLocation {
    fn from(location: &SourceLocation) -> Self {
        Self {
            file: location.file.clone().into_owned(),
            line: location.line,
            column: location.column,
        }
    }
}

impl From<&Location<'_>> for RecordedLocation {
    fn from(location: &Location<'_>) -> Self {
        Self { file: location.file().to_owned(), line: location.line(), column: location.column() }
    }
}

impl fmt::Display for RecordedLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
