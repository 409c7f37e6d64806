//! The types made of the facade's primitives.

pub(crate) use lockproof::sync;

#[path = "twins.rs"]
pub(crate) mod twins;
