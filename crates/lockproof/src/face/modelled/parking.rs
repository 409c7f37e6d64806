//! Parking, pausing and spinning: the ways in which a thread lets others go first.

use std::panic::Location;
use std::rc::Rc;
use std::time::Duration;

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::lock::must_not_unwind;
use crate::execution::threads::Waiting;
use crate::trace::Operation;

/// See [`std::thread::park`]. May end spuriously where the engine can choose.
#[track_caller]
pub fn park() {
    let Some(execution) = Execution::current() else { return std::thread::park() };
    let location = Location::caller();
    must_not_unwind(&execution, location);
    execution.uses(BlindSpot::SpuriousWakeUp);
    let peer = execution.thread_peer(execution.thread());
    execution.wait(Waiting::Park, location, || peer.park(false));
    execution.record(Operation::Park, None, location);
}

/// See [`std::thread::park_timeout`]. Inside a model the time-out may fire at any moment.
#[track_caller]
pub fn park_timeout(duration: Duration) {
    let Some(execution) = Execution::current() else { return std::thread::park_timeout(duration) };
    let location = Location::caller();
    let deadline = execution.deadline(duration);
    let peer = execution.thread_peer(execution.thread());
    if execution.engine(|| peer.park(true)) == Some(false) {
        execution.pass_time_until(deadline);
    }
    execution.record(Operation::Park, None, location);
}

/// See [`std::thread::Thread::unpark`].
pub(crate) fn unpark(
    execution: &Rc<Execution>,
    thread: usize,
    location: &'static Location<'static>,
) {
    let peer = execution.thread_peer(thread);
    let (unparker, of) = (execution.thread(), Rc::clone(execution));
    execution.release(move || {
        peer.unpark();
        of.record_of(unparker, Operation::Unpark { thread }, None, location);
    });
}

/// See [`std::thread::sleep`]. Inside a model only the execution's clock goes forward, and other
/// threads may go first.
#[track_caller]
pub fn sleep(duration: Duration) {
    let Some(execution) = Execution::current() else { return std::thread::sleep(duration) };
    let deadline = execution.deadline(duration);
    execution.record(Operation::Sleep { duration }, None, Location::caller());
    let_others_go_first(&execution);
    execution.pass_time_until(deadline);
}

/// See [`std::thread::yield_now`].
#[track_caller]
pub fn yield_now() {
    match Execution::current() {
        None => std::thread::yield_now(),
        Some(execution) => step_aside(&execution, Location::caller()),
    }
}

/// See [`std::hint::spin_loop`]. Inside a model the spinning thread steps aside: what it spins for
/// can only come from another one.
#[track_caller]
pub fn spin_loop() {
    match Execution::current() {
        None => std::hint::spin_loop(),
        Some(execution) => step_aside(&execution, Location::caller()),
    }
}

fn step_aside(execution: &Execution, location: &'static Location<'static>) {
    execution.record(Operation::Yield, None, location);
    let_others_go_first(execution);
}

fn let_others_go_first(execution: &Execution) {
    if execution.others_run() {
        execution.uses(BlindSpot::Yield);
    }
    execution.engine(|| execution.body.yield_now());
}
