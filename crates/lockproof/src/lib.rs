//! std's synchronization primitives in production, controlled by a model checker under test.
//!
//! **Limits first.** The facade covers [`sync`], [`thread`], [`time`], [`hint`] and what
//! [`cell`] and [`collections`] list, without what std has deprecated. `Arc` is std's on every
//! engine. What an engine cannot explore is recorded as a [`BlindSpot`](engine::BlindSpot) of the
//! exploration, and what one execution leaves for the next as its
//! [`kept_data`](engine::Exploration::kept_data): neither is ever passed over.
//!
//! Write shared state against this crate instead of `std`:
//!
//! ```
//! use lockproof::sync::{Arc, Mutex};
//! use lockproof::thread;
//!
//! let total = Arc::new(Mutex::new(0));
//! let workers: Vec<_> = (0..2)
//!     .map(|_| {
//!         let total = Arc::clone(&total);
//!         thread::spawn(move || *total.lock().unwrap() += 1)
//!     })
//!     .collect();
//! for worker in workers {
//!     worker.join().unwrap();
//! }
//! assert_eq!(*total.lock().unwrap(), 2);
//! ```
//!
//! * **With no feature** every name *is* std's, by re-export, and the crate has no dependency.
//! * **With `explore`, `loom` or `shuttle`** (additive: all may be on) the names stand for
//!   *modelled* primitives. Outside a running model they behave as std's, so ordinary tests and
//!   doctests keep working in the same build. Inside a model every operation is an
//!   [event](trace::Event) and a scheduling point of the engine that runs it.
//!
//! [`engine::explore`] runs a closure under an engine; most users want `lockproof-check`, which
//! turns the outcome into a verdict.

#[cfg(all(
    feature = "_modelled",
    not(any(feature = "loom", feature = "shuttle", feature = "explore"))
))]
compile_error!("the feature `_modelled` is not for users: enable `explore`, `loom` or `shuttle`");

mod backend;
#[cfg(feature = "_modelled")]
mod execution;
mod face;
#[cfg_attr(
    not(feature = "_modelled"),
    expect(dead_code, reason = "real threads need less of it than a controlled engine")
)]
mod panics;
#[cfg(feature = "_modelled")]
mod primitives;

pub mod calls;
pub mod cell;
pub mod collections;
pub mod engine;
pub mod extension;
pub mod hint;
#[cfg(feature = "parking_lot")]
pub mod parking_lot;
pub mod sync;
pub mod thread;
pub mod time;
pub mod trace;

pub use face::current::thread_local;
