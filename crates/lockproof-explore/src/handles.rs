//! What model threads call: small, copyable handles on the engine's objects.
//!
//! A handle is valid in the execution that made it; whoever keeps one longer compares
//! [`execution`](crate::execution). Each constructor comes twice. `new` is for objects made on
//! purpose, by code that runs in the same order in every execution. `at_first_use` is for objects
//! that come to light when an operation needs them, and must be directly followed by that
//! operation. The difference is how the object gets its name, on which the reduction relies.
//!
//! Every operation takes the place in the code under test that asked for it. Outside a running
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
pub use thread::{choose, join, park, park_timeout, spawn, spin, unpark};

/// The caller's place.
#[track_caller]
#[inline]
pub fn here() -> Place {
    Location::caller()
}
