//! Parking, pausing and spinning: std's outside a model, the engine's inside one.

use std::panic::Location;
use std::time::Duration;

use crate::execution::Execution;
use crate::primitives::thread;

/// See [`std::thread::park`]. May end spuriously where the engine can choose.
#[track_caller]
pub fn park() {
    match Execution::current() {
        None => std::thread::park(),
        Some(execution) => thread::park(&execution, Location::caller()),
    }
}

/// See [`std::thread::park_timeout`]. Inside a model the time-out may fire at any moment.
#[track_caller]
pub fn park_timeout(duration: Duration) {
    match Execution::current() {
        None => std::thread::park_timeout(duration),
        Some(execution) => thread::park_timeout(&execution, duration, Location::caller()),
    }
}

/// See [`std::thread::sleep`]. Inside a model only the execution's clock goes forward, and other
/// threads may go first.
#[track_caller]
pub fn sleep(duration: Duration) {
    match Execution::current() {
        None => std::thread::sleep(duration),
        Some(execution) => thread::sleep(&execution, duration, Location::caller()),
    }
}

/// See [`std::thread::yield_now`].
#[track_caller]
pub fn yield_now() {
    match Execution::current() {
        None => std::thread::yield_now(),
        Some(execution) => thread::step_aside(&execution, Location::caller()),
    }
}

/// See [`std::hint::spin_loop`]. Inside a model the spinning thread steps aside: what it spins for
/// can only come from another one.
#[track_caller]
pub fn spin_loop() {
    match Execution::current() {
        None => std::hint::spin_loop(),
        Some(execution) => thread::step_aside(&execution, Location::caller()),
    }
}
