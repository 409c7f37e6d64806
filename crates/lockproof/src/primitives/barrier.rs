//! Barriers: the threads that wait for the last one.

use std::cell::Cell;
use std::sync::atomic::Ordering;

use crate::execution::backend::CallSite;
use crate::execution::slot::Slot;
use crate::trace::{ObjectKind, Operation};

/// The threads that wait at a barrier for the last one.
#[derive(Default)]
struct Arrived(Cell<usize>);

/// Waits at the barrier of `slot` if a model runs; says whether this thread was the last of `size`.
#[track_caller]
pub(crate) fn wait(slot: &Slot, size: usize, at: CallSite) -> Option<bool> {
    let barrier =
        slot.modelled(ObjectKind::Barrier, |execution, _| execution.new_built(Arrived::default()))?;
    let arrive = |leads| Operation::Arrive { leads };
    // ORDERING: AcqRel: the last visit comes after all others, and the threads it wakes after it:
    // what a thread did before the barrier happens before what any does after it.
    barrier.visit(Ordering::AcqRel, at);
    let Arrived(arrived) = barrier.object.state();
    let leads = arrived.get() + 1 >= size;
    if leads {
        arrived.set(0);
        barrier.conclude(arrive, leads, at);
        barrier.wake(None, at);
    } else {
        arrived.set(arrived.get() + 1);
        barrier.wait(arrive, leads, at);
        barrier.conclude(arrive, leads, at);
    }
    Some(leads)
}
