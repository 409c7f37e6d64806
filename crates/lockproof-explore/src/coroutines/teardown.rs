//! Operations of threads that are unwound because their execution is over.
//!
//! The stacks of suspended threads own memory, so they are unwound: the suspended operation throws
//! [`TearDown`], and destructors run. An operation of a destructor is inert: it changes the state,
//! but there is no scheduling point, and the exploration ignores its event. Threads are unwound in
//! the reverse order of their creation, so a scoped thread stops using its parent's stack before
//! that is unwound.
//!
//! A destructor that waits for what cannot happen any more (a lock that an older thread holds)
//! cannot end. Its stack is leaked, with what it owns.
//!
//! Invariant: no operation panics while its thread unwinds.

use std::panic::resume_unwind;
use std::thread;

use super::suspension::{Suspension, suspend_for_ever};
use crate::context;
use crate::operation::{OperationKind, VisibleOperation};
use crate::runtime::{OperationResult, Runtime};

/// The payload that unwinds a thread. A `catch_unwind` in the model may catch it; the thread's next
/// operation throws it again.
#[derive(Debug)]
pub(super) struct TearDown;

/// The most operations of a thread during its tear-down. One that performs more never ends.
const MAX_OPERATIONS: u32 = 10_000;

/// The response to an operation.
enum TearDownAction {
    /// It took effect, or needs none.
    Done(OperationResult),
    /// The model has caught [`TearDown`] and runs on: throw it again.
    ThrowAgain,
    /// The thread cannot end: leak its stack.
    Abandon,
}

/// Throws [`TearDown`] unless the thread unwinds already.
pub(super) fn checkpoint() {
    match context::with(count) {
        None => {}
        Some(TearDownAction::Abandon) => suspend_for_ever(Suspension::Stuck),
        Some(_) => resume_unwind(Box::new(TearDown)),
    }
}

/// Performs an operation of a thread that is being torn down, or one that a panic has deferred.
pub(super) fn perform(operation: VisibleOperation) -> OperationResult {
    match context::with(|runtime| action_for(runtime, operation)) {
        TearDownAction::Done(result) => result,
        TearDownAction::ThrowAgain => resume_unwind(Box::new(TearDown)),
        TearDownAction::Abandon => suspend_for_ever(Suspension::Stuck),
    }
}

fn action_for(runtime: &mut Runtime, operation: VisibleOperation) -> TearDownAction {
    if !runtime.tearing_down {
        return TearDownAction::Done(OperationResult::NOTHING);
    }
    if let Some(action) = count(runtime) {
        return action;
    }
    let current = runtime.current;
    if operation.kind == OperationKind::Park {
        return TearDownAction::Done(OperationResult::NOTHING);
    }
    runtime.announce(&operation);
    if !runtime.is_enabled(current) {
        return TearDownAction::Abandon;
    }
    let mut alternatives = Vec::new();
    runtime.alternatives(current, &mut alternatives);
    runtime.granted = alternatives[0];
    TearDownAction::Done(runtime.apply())
}

/// Counts an operation. Returns what else to do if it must not take effect.
fn count(runtime: &mut Runtime) -> Option<TearDownAction> {
    let state = runtime.thread_mut(runtime.current);
    state.inert_operations += 1;
    if state.inert_operations > MAX_OPERATIONS {
        return Some(TearDownAction::Abandon);
    }
    (!thread::panicking()).then_some(TearDownAction::ThrowAgain)
}
