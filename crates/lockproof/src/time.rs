//! The items of [`std::time`], on a clock that a model controls.
//!
//! Inside a model time never runs by itself. An execution's clock begins at the same moment each
//! time; [`sleep`](crate::thread::sleep) puts it forward by the length of the sleep, a time-out
//! that fires by the length of the wait. So a deadline is met or missed as the schedule decides,
//! and a model repeats itself exactly.

pub use crate::face::current::time::{Instant, SystemTime, UNIX_EPOCH};
pub use std::time::{Duration, SystemTimeError, TryFromFloatSecsError};
