//! One visible operation in the form of a record: a text to read, and an action to compute with.

use lockproof::trace::{Event, Operation, Phase, Trace};
use serde::{Deserialize, Serialize};

use super::bounds::{LONGEST_TEXT, cut};
use super::{RecordedAction, RecordedLocation};

/// One visible operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedEvent {
    /// Who did it: an index into [`RecordedTrace::threads`](super::RecordedTrace::threads).
    pub thread: usize,
    /// What was done, with its value, such as `load = 0` or `spawn worker`; what it waits for if
    /// it is blocked.
    pub operation: String,
    /// The name of the primitive, if it was done to one.
    #[serde(default)]
    pub object: Option<String>,
    /// Whether the thread waits for it: it has not taken effect.
    #[serde(default)]
    pub blocked: bool,
    /// Whether it is a load that weak memory let miss a later store.
    #[serde(default)]
    pub stale: bool,
    /// The caller, in the code under test.
    pub location: RecordedLocation,
    /// The same for programs: what was done to which locks, values and threads.
    #[serde(default)]
    pub action: RecordedAction,
}

/// The event in the form of a record; what needs the events before it is left to the caller.
/// `threads` has the names of the threads as they are recorded.
pub(super) fn recorded(trace: &Trace, event: &Event, threads: &[String]) -> RecordedEvent {
    let blocked = event.phase == Phase::Blocked;
    RecordedEvent {
        thread: event.thread,
        operation: cut(operation_text(&event.operation, blocked, threads), LONGEST_TEXT),
        object: trace.object_of(event).map(ToString::to_string),
        blocked,
        stale: matches!(event.operation, Operation::Load { stale: true, .. }),
        location: (&event.location).into(),
        action: RecordedAction::of(event),
    }
}

/// The operation with its value and the name of the other thread that it is about.
fn operation_text(operation: &Operation, blocked: bool, threads: &[String]) -> String {
    let name = |index: &usize| threads.get(*index).map_or("?", String::as_str);
    match operation {
        Operation::Wait { .. } if blocked => "a notification of".to_owned(),
        Operation::Park if blocked => "unpark".to_owned(),
        Operation::Join { child, panicked: true } => format!("join {} = Err", name(child)),
        Operation::Spawn { child: thread }
        | Operation::Join { child: thread, .. }
        | Operation::Unpark { thread } => format!("{operation} {}", name(thread)),
        _ => operation.to_string(),
    }
}
