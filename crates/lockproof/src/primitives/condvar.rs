//! Condition variables: a wait releases its mutex, ends, and acquires the mutex again.

use std::time::Duration;

use crate::execution::Execution;
use crate::execution::backend::{CallSite, Freedom};
use crate::execution::intent::Intent;
use crate::execution::slot::{Modelled, Slot};
use crate::trace::{ObjectKind, WakeUp};

/// The ways in which a wait may end without a notification, on an engine that can choose.
#[derive(Clone, Copy)]
pub(crate) struct WaitLimits {
    pub(crate) time_out: Option<Duration>,
    pub(crate) spurious: bool,
}

/// The condition variable of a slot, inside a model.
#[track_caller]
pub(crate) fn condvar(slot: &Slot) -> Option<Modelled> {
    slot.modelled(ObjectKind::Condvar, Execution::new_condvar)
}

/// Makes the condition variable of a slot known now, if a model runs.
pub(crate) fn register(slot: &Slot) {
    slot.register(ObjectKind::Condvar, Execution::new_condvar);
}

/// Waits on `condvar` with `mutex`, which the current thread holds.
pub(crate) fn wait(
    condvar: &Modelled,
    mutex: &Modelled,
    limits: WaitLimits,
    at: CallSite,
) -> WakeUp {
    let execution = &condvar.execution;
    let deadline = limits.time_out.map(|duration| execution.deadline(duration));
    let freedom = Freedom { timed: deadline.is_some(), spurious: limits.spurious };
    let index = mutex.object.index;
    condvar.perform(Intent::BeginWait { mutex: index, freedom }, at);
    let by = condvar.perform(Intent::EndWait { mutex: index, freedom }, at).woken_by();
    mutex.perform(Intent::Reacquire { condvar: condvar.object.index, by }, at);
    if let Some(deadline) = deadline.filter(|_| by == WakeUp::TimeOut) {
        execution.pass_time_until(deadline);
    }
    by
}

/// Notifies one waiter or all; says how many there were.
pub(crate) fn notify(condvar: &Modelled, all: bool, is_counted: bool, at: CallSite) -> usize {
    condvar.perform(Intent::Notify { all, is_counted }, at).notified_or_none()
}
