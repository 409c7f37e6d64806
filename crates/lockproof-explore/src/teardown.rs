//! Tear-down: an execution is over, and some threads are still in the middle of something.
//!
//! Their stacks own memory, so they are unwound: the suspended operation throws [`TearDown`], and
//! destructors run. Model code does not run on. What a destructor wants of the engine is inert: it
//! changes the state and no more, nobody is switched to, nothing is recorded. Threads are unwound
//! in the reverse order of their creation, so a scoped thread lets go of its parent's stack before
//! the parent does.
//!
//! A destructor that waits for what cannot happen any more (a lock that an older thread holds)
//! cannot be helped: its stack is leaked, with what it owns.
//!
//! Invariant: no operation panics while its thread unwinds.

use std::panic::resume_unwind;
use std::thread;

use crate::current;
use crate::operation::{OperationKind, VisibleOperation};
use crate::runtime::{OperationResult, Runtime};
use crate::stage;

/// What is thrown through a thread that is torn down. A `catch_unwind` in the model may catch it;
/// the thread's next operation throws it again.
#[derive(Debug)]
pub(crate) struct TearDown;

/// A thread that still performs operations after so many is given up.
const MOST_OPERATIONS: u32 = 10_000;

enum TearDownAction {
    Done(OperationResult),
    ThrowAgain,
    GiveUp,
}

/// Sees to it that a thread which is being torn down comes to its end.
pub(crate) fn checkpoint() {
    match stage::with(count) {
        None => {}
        Some(TearDownAction::GiveUp) => current::give_up(),
        Some(_) => resume_unwind(Box::new(TearDown)),
    }
}

/// Performs an operation of a thread that is being torn down, or one that a panic has put off.
pub(crate) fn perform(operation: VisibleOperation) -> OperationResult {
    match stage::with(|runtime| course_of(runtime, operation)) {
        TearDownAction::Done(effect) => effect,
        TearDownAction::ThrowAgain => resume_unwind(Box::new(TearDown)),
        TearDownAction::GiveUp => current::give_up(),
    }
}

fn course_of(runtime: &mut Runtime, operation: VisibleOperation) -> TearDownAction {
    if !runtime.tearing_down {
        return TearDownAction::Done(OperationResult::NOTHING);
    }
    if let Some(course) = count(runtime) {
        return course;
    }
    let current = runtime.current;
    if operation.kind == OperationKind::Park {
        return TearDownAction::Done(OperationResult::NOTHING);
    }
    runtime.announce(&operation);
    if !runtime.is_enabled(current) {
        return TearDownAction::GiveUp;
    }
    let mut alternatives = Vec::new();
    runtime.alternatives(current, &mut alternatives);
    runtime.granted = alternatives[0];
    TearDownAction::Done(runtime.apply())
}

/// Counts an operation; says so if the thread may not go on.
fn count(runtime: &mut Runtime) -> Option<TearDownAction> {
    let state = runtime.thread_mut(runtime.current);
    state.inert_operations += 1;
    if state.inert_operations > MOST_OPERATIONS {
        return Some(TearDownAction::GiveUp);
    }
    (!thread::panicking()).then_some(TearDownAction::ThrowAgain)
}
