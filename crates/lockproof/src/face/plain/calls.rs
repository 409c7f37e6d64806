//! Calls on real threads, whose steps are not counted.

use crate::engine::Moment;

/// See [`CallLog::perform`](crate::calls::CallLog::perform).
pub(crate) fn call_begins() {}

/// Where the calling thread stands, as far as is known.
pub(crate) fn moment() -> Option<Moment> {
    None
}
