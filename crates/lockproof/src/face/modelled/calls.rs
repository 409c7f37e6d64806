//! What a note of a call asks of the running execution.

use crate::engine::Moment;
use crate::execution::Execution;

/// See [`CallLog::perform`](crate::calls::CallLog::perform).
pub(crate) fn call_begins() {
    if let Some(execution) = Execution::current() {
        execution.call_begins();
    }
}

/// The position of the calling thread, as far as the engine knows.
pub(crate) fn moment() -> Option<Moment> {
    Execution::current()?.moment()
}
