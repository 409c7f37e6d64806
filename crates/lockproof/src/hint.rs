//! The item of [`std::hint`] that a model must see: a spinning thread asks the engine to let
//! another one run.

pub use crate::face::current::hint::spin_loop;
