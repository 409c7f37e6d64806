//! The exploring engine: runs a concurrent model under every schedule that makes a difference.
//!
//! # Limits
//!
//! Weak memory is not explored: values follow sequential consistency. Data races are found by the
//! orderings that the program writes. Time does not pass: a time-out is a choice. State that
//! outlives an execution, real threads and real time inside a model make it nondeterministic,
//! which is reported.
//!
//! # Structure
//!
//! Model threads are coroutines on one OS thread. Each operation on a primitive is *pending*
//! first. A [`SearchStrategy`] picks a thread whose operation is enabled, the operation takes
//! effect, and the thread runs on to its next one. No thread ever blocks outside the engine. Model
//! code uses handles such as [`Mutex`] and [`Atomic`], which panic outside of a running model.
//!
//! ```text
//! explore ── executor ── coroutines        runs executions, switches threads
//!    │           │
//!    │       scheduler ── strategy         picks the next step: exhaustive, bounded, sampling, ..
//!    │           │
//!    └─────── runtime                      the state of an execution, and what operations do to it
//!                │
//!             current ── handles           what model threads call
//! ```
//!
//! [`Exhaustive`] runs one execution of each equivalence class of interleavings. Two executions
//! are equivalent if they differ in the order of independent events only (a Mazurkiewicz trace).
//! The module `dependency` states which events are independent.
//!
//! # When sequential consistency is enough
//!
//! If no sequentially consistent execution of a program has a data race, and its atomics are all
//! `SeqCst`, then all its executions are sequentially consistent (the DRF-SC theorem of the C++
//! memory model, which Rust adopts: Boehm, Adve, PLDI 2008; Batty et al., POPL 2011). Locks,
//! spawns, joins and park tokens keep to it. The same holds if an atomic is only ever accessed by
//! `AcqRel` or `SeqCst` read-modify-writes: each reads from the one before it in modification
//! order and synchronizes with it, so all its accesses are ordered by happens-before. The caller
//! knows which orderings its model uses. If it uses nothing weaker, an exploration that is complete
//! and found no data race has proved the model.

mod buffers;
mod context;
mod coroutines;
mod current;
mod dependency;
mod event;
mod executor;
mod explore;
mod failure;
mod findings;
mod handles;
mod happens_before;
mod identity;
#[cfg_attr(test, path = "../tests/differential/mutant.rs")]
mod mutant;
mod observer;
mod operation;
mod options;
mod runtime;
mod scheduler;
mod strategy;
mod tables;
mod turns;

#[cfg(test)]
mod differential;
// The differential tests also serve the example `fuzz`, which is a crate of its own.
#[cfg(test)]
extern crate self as lockproof_explore;

pub use current::{current_thread, is_running, is_tearing_down, steps_taken, turns};
pub use event::{Access, Alternative, VisibleEvent};
pub use explore::explore;
pub use failure::{Blocked, Bug, CellAccess, DataRace, FailedExecution, Mismatch};
pub use findings::{BoundsMet, Facts, Findings, StopReason};
pub use handles::{
    Atomic, Cell, Condvar, Mutex, RwLock, Wake, choose, fence, here, join, park, spawn, spin,
    unpark,
};
pub use happens_before::{HappensBefore, happens_before};
pub use identity::{ObjectId, ThreadId};
pub use observer::{FinishedExecution, Observer};
pub use operation::{OperationKind, Place, VisibleOperation};
pub use options::{Bounds, Options};
pub use strategy::{
    Bounded, Cost, CycleEdge, Directed, Exhaustive, Guided, Measured, NamedPlace, Pct, Pick, Pos,
    Random, Replay, SearchStrategy, Surw, View,
};
pub use turns::{MalformedTurns, Turn, TurnOutcome, Turns};
