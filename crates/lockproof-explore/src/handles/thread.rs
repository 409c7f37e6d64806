//! Threads, tokens, yields, and choices.

use std::any::Any;

use super::condvar::Wake;
use crate::context::with;
use crate::coroutines::{perform, perform_spawn};
use crate::current::current_thread;
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{Allowance, OperationKind, Place, VisibleOperation};
use crate::runtime::{Runtime, ThreadBody};

/// Makes a thread that runs `body`. It comes as far as its first operation before anything else
/// happens in the model, right after the caller has come as far as its next one.
pub fn spawn(name: Option<String>, body: impl FnOnce() + 'static, at: Place) -> ThreadId {
    let mut operation = VisibleOperation::new(OperationKind::Spawn, ObjectId::NONE, at);
    operation.peer = with(Runtime::next_child);
    perform_spawn(&operation, name, ThreadBody::Child(Box::new(body)));
    operation.peer
}

/// Waits for the end of `thread`.
///
/// # Errors
///
/// What the thread panicked with, for the first to join it.
pub fn join(thread: ThreadId, at: Place) -> Result<(), Box<dyn Any + Send>> {
    let mut operation = VisibleOperation::new(OperationKind::Join, ObjectId::NONE, at);
    operation.peer = thread;
    perform(&operation);
    with(|runtime| runtime.thread_mut(thread).panic.take()).map_or(Ok(()), Err)
}

/// Waits for the thread's own token and takes it; says what ended the wait.
pub fn park(at: Place) -> Wake {
    park_with(Allowance::NONE, at)
}

/// Like [`park`], and may time out.
pub fn park_timeout(at: Place) -> Wake {
    park_with(Allowance::TIME_OUT, at)
}

fn park_with(allowance: Allowance, at: Place) -> Wake {
    let token = ObjectId::token_of(current_thread());
    let mut operation = VisibleOperation::new(OperationKind::Park, token, at);
    operation.allowance = allowance;
    perform(&operation).alternative().into()
}

/// Gives `thread` its token.
pub fn unpark(thread: ThreadId, at: Place) {
    let mut operation =
        VisibleOperation::new(OperationKind::Unpark, ObjectId::token_of(thread), at);
    operation.peer = thread;
    perform(&operation);
}

/// Lets others run: a yield, a spin hint, or a sleep, since time does not run in a model.
///
/// A thread that has gone round a loop, only looked, and seen nothing new waits here until
/// something it looked at changes: see [`Bounds::idle_spins`](crate::Bounds::idle_spins).
pub fn spin(at: Place) {
    perform(&VisibleOperation::new(OperationKind::Yield, ObjectId::NONE, at));
}

/// Picks a number below `count`; an exhaustive exploration picks each.
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
