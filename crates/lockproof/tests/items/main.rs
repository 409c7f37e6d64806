//! The items of std that the facade builds by itself, on every engine of the build and outside of
//! models.
//!
//! The same tests run under every set of engine features. Real threads are always among the
//! engines, so no build of this binary is empty.

mod barrier;
mod channels;
mod classics;
mod differential;
mod downgrade;
mod engines;
mod extensions;
mod initialization;
mod parity;
#[cfg(feature = "parking_lot")]
mod parking_lot;
mod statics;
mod thread_locals;
mod time;
