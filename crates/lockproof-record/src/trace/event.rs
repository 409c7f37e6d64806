//! One visible operation in the form of a record: a text to read, and an action to compute with.

use serde::{Deserialize, Serialize};

use super::Predecessor;
use crate::action::RecordedAction;
use crate::location::RecordedLocation;

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
    /// The earlier events of other threads that it directly had to come after.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Predecessor>,
}
