//! The extensions on the modelled types: names are kept for traces, and a timed acquisition is
//! decided at the moment it is scheduled.

use std::panic::Location;
use std::sync::{TryLockError, TryLockResult};
use std::time::Duration;

use crate::execution::Execution;
use crate::face::extension::draw;
use crate::primitives::thread;

/// Names a primitive, and makes it known where it is made if it can `register`: then it has the
/// same identity in every execution, whichever thread uses it first.
macro_rules! known_as {
    ($primitive:expr, $name:expr $(, $register:ident)?) => {{
        let mut primitive = $primitive;
        primitive.slot.name = Some($name);
        $(primitive.$register();)?
        primitive
    }};
}

/// An attempt that may last some time. A macro, because a closure does not know its caller.
macro_rules! timed {
    ($timeout:expr, $attempt:expr) => {
        match $crate::execution::Execution::current() {
            None => $crate::face::extension::poll($timeout, || $attempt),
            Some(execution) => $crate::face::current::decide(&execution, $timeout, $attempt),
        }
    };
}

pub(crate) use {known_as, timed};

/// What one attempt says of a timed acquisition inside a model.
///
/// To wait and then get the lock is to be scheduled later; to wait in vain is to be scheduled while
/// the lock is held. No third thing can happen.
pub(crate) fn decide<G>(
    execution: &Execution,
    timeout: Duration,
    attempt: TryLockResult<G>,
) -> TryLockResult<G> {
    if matches!(attempt, Err(TryLockError::WouldBlock)) {
        execution.pass_time_until(execution.deadline(timeout));
    }
    attempt
}

/// See [`choose`](crate::extension::choose).
#[track_caller]
pub(crate) fn choose(options: usize) -> usize {
    match Execution::current() {
        None => draw(options),
        Some(execution) => thread::choose(&execution, options, Location::caller()),
    }
}
