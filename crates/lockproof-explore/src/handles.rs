//! The handles on the engine's objects, which model threads use: small and copyable.
//!
//! A handle is valid in the execution that created it. A caller that keeps it longer has to compare
//! [`execution`](crate::execution). There are two constructors. `new` is for objects that the model
//! creates explicitly, in the same order in every execution. `at_first_use` is for objects that are
//! created when an operation needs them, and must be directly followed by that operation. The two
//! differ in the name of the object, on which the reduction relies.
//!
//! Every operation takes the place in the code under test that performs it. Outside of a running
//! model every function here panics.

mod atomic;
mod cell;
mod condvar;
mod lock;
mod thread;

use std::panic::Location;

use crate::operation::Place;

pub use atomic::{Atomic, fence};
pub use cell::Cell;
pub use condvar::{Condvar, Wake};
pub use lock::{Mutex, RwLock};
pub use thread::{choose, join, park, spawn, spin, unpark};

/// The place of the call.
#[track_caller]
#[inline]
pub fn here() -> Place {
    Location::caller()
}
