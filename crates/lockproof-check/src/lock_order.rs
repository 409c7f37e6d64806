//! The order in which threads take locks: what was held while what was taken, and whether that can
//! end in a deadlock.
//!
//! **Limits first.** The order is that of the executions that were seen. A cycle in it is a
//! *potential* deadlock. *Confirmed* is a real execution; *discharged* gives a reason that was true
//! of every execution that was seen, and of those alone where the search was not complete. Real
//! threads are not watched, so it takes an engine that controls the schedule. `docs/lock-order.md`
//! has the rules.
//!
//! ```text
//! gathering ── shape, course ── effect, segments   each execution: who held what while taking what
//!     │           │
//!     │         circles                            cycles within one execution
//!     │
//!   book ── identity                               the same lock in different executions
//!     │
//! summary ── suspects, judgement ── confirmation   what becomes of each cycle
//!     │
//!   graph, cycle ── text, dot                      the record, and how it is shown
//! ```
//!
//! Invariant: the analysis looks at traces alone, so it is the same on every engine; only a
//! confirmation runs the model again.

mod book;
mod circles;
mod confirmation;
mod course;
mod cycle;
mod demands;
mod dot;
mod effect;
mod gathering;
mod graph;
mod identity;
mod intended;
mod judgement;
mod segments;
mod shape;
mod summary;
mod suspects;
mod text;

pub use cycle::{CycleStatus, Discharge, LockCycle};
pub use dot::dot;
pub use graph::{CriticalSection, HeldAcross, LockEdge, LockMode, LockNode, LockOrder};
pub use text::{cycles, details, summary};

pub(crate) use confirmation::DirectedRuns;
pub(crate) use demands::OrderDemands;
pub(crate) use gathering::Gathering;
