//! Threads: tokens, pauses, and the ways in which a thread lets others go first.

use std::time::Duration;

use crate::execution::Execution;
use crate::execution::backend::CallSite;
use crate::execution::intent::Intent;

/// Waits for the current thread's token. May end spuriously where the engine can choose.
pub(crate) fn park(execution: &Execution, at: CallSite) {
    execution.perform(Intent::Park { timed: false }, None, at);
}

/// The same with a time-out, which may fire at any moment.
pub(crate) fn park_timeout(execution: &Execution, duration: Duration, at: CallSite) {
    let deadline = execution.deadline(duration);
    if !execution.perform(Intent::Park { timed: true }, None, at).token() {
        execution.pass_time_until(deadline);
    }
}

/// Makes the token of `thread` available.
pub(crate) fn unpark(execution: &Execution, thread: usize, at: CallSite) {
    execution.perform(Intent::Unpark { thread }, None, at);
}

/// Puts the clock forward, and lets other threads go first.
pub(crate) fn sleep(execution: &Execution, duration: Duration, at: CallSite) {
    let deadline = execution.deadline(duration);
    execution.perform(Intent::Sleep { duration }, None, at);
    execution.pass_time_until(deadline);
}

/// Lets other threads go first.
pub(crate) fn step_aside(execution: &Execution, at: CallSite) {
    execution.perform(Intent::Yield, None, at);
}

/// Chooses one of `0..options`.
pub(crate) fn choose(execution: &Execution, options: usize, at: CallSite) -> usize {
    execution.perform(Intent::Choose { options }, None, at).chosen()
}
