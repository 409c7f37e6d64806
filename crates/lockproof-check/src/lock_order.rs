//! The order in which threads take locks: what was held while what was taken, and whether that can
//! end in a deadlock.
//!
//! Invariant: the analysis looks at traces alone, so it is the same on every engine that controls
//! the schedule; only the confirmation of a cycle runs the model again.

mod cycle;
mod graph;

pub use cycle::{CycleStatus, Discharge, LockCycle};
pub use graph::{CriticalSection, HeldAcross, LockEdge, LockMode, LockNode, LockOrder};
