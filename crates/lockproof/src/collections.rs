//! Hash maps whose iteration order is the same in every execution of a model.
//!
//! With no feature these are std's own types. With an engine feature they hash with fixed keys
//! inside a model, because a schedule can be repeated only if the model takes the same path, and
//! with std's random keys outside.

pub use crate::face::current::collections::{HashMap, HashSet, RandomState};
