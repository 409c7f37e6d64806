//! The same types made of the primitives that lincheck's engine sees.

pub(crate) use lincheck_loom::sync;

#[path = "twins.rs"]
#[expect(clippy::duplicate_mod, reason = "the same source with other primitives")]
pub(crate) mod twins;
