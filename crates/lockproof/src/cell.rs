//! Shared memory without a lock: an [`UnsafeCell`] whose accesses an engine can check for data
//! races, and std's single-threaded cells.

pub use crate::face::current::cell::UnsafeCell;
pub use std::cell::{Cell, RefCell};
