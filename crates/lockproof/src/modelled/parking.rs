//! Parking, pausing and spinning: the ways in which a thread lets others go first.

use std::cell::{Cell, OnceCell, RefCell};
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::execution::Execution;
use super::lock::must_not_unwind;
use super::peer::{AtomicPeer, BatonPeer, Fetch, Width};
use super::threads::Waiting;
use crate::engine::BlindSpot;
use crate::trace::Operation;

/// One park in so many ends spuriously, on an engine that can choose.
const SPURIOUS: usize = 16;

/// The token that a thread parks for.
#[derive(Default)]
pub(super) struct Parking {
    /// Makes parks and unparks depend on each other in the engine's eyes; made on first use.
    point: OnceCell<Box<dyn AtomicPeer>>,
    token: Cell<bool>,
    /// What the thread waits on while it is parked.
    parked: RefCell<Option<Rc<dyn BatonPeer>>>,
}

impl Parking {
    /// The scheduling point of an unpark.
    fn offer(&self, execution: &Execution) {
        // ORDERING: Release: pairs with the Acquire of `look`, as an unpark does with the park
        // that it ends.
        self.schedule(execution, Ordering::Release);
    }

    /// The scheduling point of a park, which sees what came before the unparks so far.
    fn look(&self, execution: &Execution) {
        // ORDERING: Acquire: pairs with the Release of every unpark before, because one token may
        // stand for many of them.
        self.schedule(execution, Ordering::Acquire);
    }

    fn schedule(&self, execution: &Execution, order: Ordering) {
        let point = self.point.get_or_init(|| execution.body.atomic(Width::U8, 0));
        execution.engine(|| point.fetch(Fetch::Add, 0, order));
    }

    /// Whether the unpark that the thread waits for has not come yet.
    pub(super) fn is_parked(&self) -> bool {
        self.parked.borrow().is_some()
    }

    /// Makes the token available, which lets a parked thread go on.
    pub(super) fn unpark(
        &self,
        execution: &Execution,
        thread: usize,
        location: &'static Location<'static>,
    ) {
        self.offer(execution);
        execution.record(Operation::Unpark { thread }, None, location);
        self.token.set(true);
        if let Some(baton) = self.parked.take() {
            execution.release(Box::new(move || baton.signal()));
        }
    }
}

/// See [`std::thread::park`]. May end spuriously where the engine can choose.
#[track_caller]
pub fn park() {
    let Some(execution) = Execution::current() else { return std::thread::park() };
    let location = Location::caller();
    must_not_unwind(location);
    execution.uses(BlindSpot::SpuriousWakeUp);
    let parking = execution.parking();
    parking.look(&execution);
    if !parking.token.take() && execution.body.choose(SPURIOUS) != Some(0) {
        let baton: Rc<dyn BatonPeer> = Rc::from(execution.body.baton());
        parking.parked.replace(Some(Rc::clone(&baton)));
        execution.wait(Waiting::Park, location, || baton.wait());
        parking.look(&execution);
        parking.token.set(false);
    }
    execution.record(Operation::Park, None, location);
}

/// See [`std::thread::park_timeout`]. Inside a model the time-out may fire at any moment.
#[track_caller]
pub fn park_timeout(duration: Duration) {
    let Some(execution) = Execution::current() else { return std::thread::park_timeout(duration) };
    let deadline = execution.deadline(duration);
    let parking = execution.parking();
    parking.look(&execution);
    if !parking.token.take() {
        execution.pass_time_until(deadline);
    }
    execution.record(Operation::Park, None, Location::caller());
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
