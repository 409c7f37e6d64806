//! The order in which threads acquire locks: which lock was held while which was acquired, and
//! whether that can end in a deadlock.
//!
//! **Limits first.** The order is that of the executions that were seen. A cycle in it is a
//! *potential* deadlock. *Confirmed* is a real execution; *discharged* gives a reason that was true
//! of every execution that was seen, and of those alone where the search was not complete. Real
//! threads leave no trace, so it takes an engine that controls the schedule. `docs/lock-order.md`
//! has the rules.
//!
//! ```text
//! collector ── shape, execution ── calls, segments   each execution: who held what while acquiring
//!     │            │
//!     │     execution_cycles ── cycle_search         cycles within one execution
//!     │
//!   graph ── identity                                the same lock in different executions
//!     │
//! order_record ── candidates, resolution             what becomes of each cycle: the record
//!                     │
//!                confirmation, hand_over             runs the model again, refutes it
//! ```
//!
//! Invariant: the analysis looks at events alone, so it is the same on every engine; only a
//! confirmation runs the model again.

mod calls;
mod candidates;
mod collector;
mod confirmation;
mod cycle_search;
mod demands;
mod execution;
mod execution_cycles;
mod graph;
mod hand_over;
mod identity;
mod intended;
mod order_record;
mod resolution;
mod segments;
mod shape;

pub use lockproof_record::{
    CriticalSection, CycleStatus, Discharge, FoundBy, HeldAcross, LockCycle, LockEdge, LockNode,
    LockOrder,
};
pub use lockproof_report::lock_order::{cycles, details, discharge, dot, summary};

pub(crate) use collector::Collector;
pub(crate) use confirmation::DirectedRuns;
pub(crate) use demands::OrderDemands;
pub(crate) use hand_over::hand_over;
pub(crate) use intended::IntendedOrder;
