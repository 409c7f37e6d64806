//! The running execution, as code inside a model thread sees it.

use crate::context::with;
use crate::coroutines::runs_model;
use crate::identity::ThreadId;
use crate::runtime::Runtime;
use crate::turns::Turns;

/// Whether the caller runs inside a model, so that it can use handles.
#[inline]
pub fn is_running() -> bool {
    runs_model()
}

/// The calling model thread.
///
/// # Panics
///
/// If no exploration runs on this OS thread.
#[inline]
pub fn current_thread() -> ThreadId {
    with(|runtime| runtime.current)
}

/// The calling model thread, and the number of steps that it has taken. The call is no step.
///
/// # Panics
///
/// If no exploration runs on this OS thread.
#[inline]
pub fn steps_taken() -> (ThreadId, u32) {
    with(|runtime| (runtime.current, runtime.thread(runtime.current).sequence))
}

/// The turns that the running execution has taken.
///
/// It may be called inside [`Observer::execution_failed`](crate::Observer::execution_failed), too.
///
/// # Panics
///
/// If no exploration runs on this OS thread.
pub fn turns() -> Turns {
    with(|runtime| runtime.turns())
}

/// Whether the execution is over and its threads are being unwound: operations do nothing.
pub fn is_tearing_down() -> bool {
    is_running() && with(|runtime: &mut Runtime| runtime.tearing_down)
}
