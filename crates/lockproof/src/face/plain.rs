//! The types of a build with no engine feature: std's own, by re-export.

pub use std::thread_local;
pub(crate) use std::{hint, sync, thread, time};

pub(crate) mod collections {
    pub use std::collections::{HashMap, HashSet};
    pub use std::hash::RandomState;
}

mod calls;
pub(crate) mod cell;
mod extension;
#[cfg(feature = "parking_lot")]
pub(crate) use ::parking_lot;

pub(crate) use crate::face::extension::draw as choose;
pub(crate) use calls::{call_begins, moment};
