//! Threads, park tokens, yields, and choices.

use std::any::Any;

use super::condvar::Wake;
use crate::context::with;
use crate::coroutines::{perform, perform_spawn};
use crate::current::current_thread;
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{Allowance, OperationKind, Place, VisibleOperation};
use crate::runtime::{Runtime, ThreadBody};

/// Spawns a thread that runs `body`. It runs up to its first operation as soon as the caller has
/// reached its next one, before anything else happens in the model.
pub fn spawn(body: impl FnOnce() + 'static, at: Place) -> ThreadId {
    let mut operation = VisibleOperation::new(OperationKind::Spawn, ObjectId::NONE, at);
    operation.peer = with(Runtime::next_child);
    perform_spawn(&operation, ThreadBody::Child(Box::new(body)));
    operation.peer
}

/// Waits for the end of `thread`.
///
/// # Errors
///
/// The payload of the thread's panic, for the first thread that joins it.
pub fn join(thread: ThreadId, at: Place) -> Result<(), Box<dyn Any + Send>> {
    let mut operation = VisibleOperation::new(OperationKind::Join, ObjectId::NONE, at);
    operation.peer = thread;
    perform(&operation);
    with(|runtime| runtime.thread_mut(thread).panic.take()).map_or(Ok(()), Err)
}

/// Waits for the thread's own park token and takes it. The wait may time out if it is `timed`.
/// Returns the reason why it ended.
pub fn park(timed: bool, at: Place) -> Wake {
    let token = ObjectId::token_of(current_thread());
    let mut operation = VisibleOperation::new(OperationKind::Park, token, at);
    operation.allowance = if timed { Allowance::TIME_OUT } else { Allowance::NONE };
    perform(&operation).alternative().into()
}

/// Gives `thread` its park token.
pub fn unpark(thread: ThreadId, at: Place) {
    let mut operation =
        VisibleOperation::new(OperationKind::Unpark, ObjectId::token_of(thread), at);
    operation.peer = thread;
    perform(&operation);
}

/// Lets other threads run: a yield, a spin hint, or a sleep, since time does not pass in a model.
///
/// A thread whose last rounds only observed, and observed nothing new, waits here until an observed
/// object changes: see [`Bounds::idle_spins`](crate::Bounds::idle_spins).
pub fn spin(at: Place) {
    perform(&VisibleOperation::new(OperationKind::Yield, ObjectId::NONE, at));
}

/// Picks a number below `count`. An exhaustive exploration picks each of them.
///
/// # Panics
///
/// If `count` is 0.
pub fn choose(count: u16, at: Place) -> u16 {
    assert!(count > 0, "there is nothing to choose from");
    let mut operation = VisibleOperation::new(OperationKind::Choose, ObjectId::NONE, at);
    operation.operand = u64::from(count);
    u16::try_from(perform(&operation).value).unwrap_or(0)
}
