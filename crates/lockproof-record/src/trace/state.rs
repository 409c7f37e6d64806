//! State of an execution between two events: held locks, waiting threads, values of atomics.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::RecordedEvent;
use crate::action::ActionKind;
use crate::holdings::Holdings;
use crate::location::RecordedLocation;

/// State of an execution between two events.
///
/// Starts empty, and [`apply`](Self::apply) takes it from event to event:
///
/// ```
/// use lockproof_record::{RecordedState, RecordedTrace};
///
/// let trace: RecordedTrace = serde_json::from_value(serde_json::json!({
///     "threads": ["main"],
///     "objects": [{"name": "total", "kind": "mutex", "created": "a.rs:1:1"}],
///     "events": [{
///         "thread": 0, "operation": "lock", "object": "total", "location": "a.rs:2:1",
///         "action": {"kind": "lock", "name": "lock", "object": 0, "locks": [
///             {"lock": 0, "before": null, "after": "exclusive"},
///         ]},
///     }],
/// }))?;
/// let mut state = RecordedState::default();
/// trace.events.iter().for_each(|event| state.apply(event));
/// assert_eq!(state.holds[0].since.to_string(), "a.rs:2");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordedState {
    /// The held locks, in the order in which they were acquired.
    pub holds: Holdings<RecordedLocation>,
    /// The threads that wait, so far as events say so.
    pub waits: Vec<RecordedWait>,
    /// The last value of each atomic that was written or read, by its index among the objects.
    #[serde(with = "pairs")]
    pub values: BTreeMap<usize, String>,
}

/// Values by number as a list of pairs. As a map they would have texts for keys, which cannot be
/// read back as numbers inside a [`Record`](crate::Record): serde holds what is in a tagged enum as
/// it was written until it knows the tag.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        values: &BTreeMap<usize, String>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        values.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<usize, String>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

/// A thread that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedWait {
    /// The thread: an index into [`RecordedTrace::threads`](crate::RecordedTrace::threads).
    pub thread: usize,
    /// The operation it waits for, such as `lock` or `a notification of`.
    pub operation: String,
    /// At what: an index into [`RecordedTrace::objects`](crate::RecordedTrace::objects).
    pub object: Option<usize>,
    /// The place of the wait.
    pub location: RecordedLocation,
}

impl RecordedState {
    /// Applies `event`.
    pub fn apply(&mut self, event: &RecordedEvent) {
        let RecordedEvent { thread, action, location, .. } = event;
        self.waits.retain(|wait| wait.thread != *thread);
        if event.blocked || action.kind == ActionKind::Wait {
            self.waits.push(RecordedWait {
                thread: *thread,
                operation: event.operation.clone(),
                object: action.object,
                location: location.clone(),
            });
        }
        for change in &action.locks {
            self.holds.apply(*thread, *change, |_| location.clone());
        }
        if let (Some(object), Some(value)) = (action.object, known_value(event)) {
            self.values.insert(object, value.clone());
        }
    }
}

/// The value that the event's atomic holds afterwards, if the event tells.
fn known_value(event: &RecordedEvent) -> Option<&String> {
    let read = event.action.read.as_ref().filter(|_| !event.stale);
    event.action.written.as_ref().or(read).filter(|_| !event.blocked)
}
