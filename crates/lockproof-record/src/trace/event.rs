//! One visible operation in the form of a record: a text to read, and an action to compute with.

use serde::{Deserialize, Serialize};

use crate::action::RecordedAction;
use crate::location::RecordedLocation;

/// One visible operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedEvent {
    /// The thread: an index into [`RecordedTrace::threads`](super::RecordedTrace::threads).
    pub thread: usize,
    /// The operation with its value, such as `load = 0` or `spawn worker`, or the wait for it if
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
    /// The earlier events of other threads that it directly had to come after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Predecessor>,
}

/// An earlier event of another thread that an event had to come after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predecessor {
    /// The earlier event: an index into [`RecordedTrace::events`](super::RecordedTrace::events).
    pub event: usize,
    /// The reason for the order.
    #[serde(flatten)]
    pub through: Through,
}

/// Reason why an event of one thread comes after one of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Through {
    /// The spawn of this thread, or its join.
    Thread(usize),
    /// The use of this object.
    Object(usize),
    /// The token that this thread parks for.
    Token(usize),
}
