//! The exploring engine: runs a concurrent model under every schedule that makes a difference.
//!
//! # What it is not
//!
//! Weak memory is not explored: values follow sequential consistency. What the weaker orderings
//! *do* to data races is followed exactly, and [`Facts::orderings`] says which were used, so that
//! nobody takes a result for more than it is. Time does not run: a time-out is a choice. State
//! that outlives an execution, real threads and real time inside a model make it nondeterministic,
//! which is reported.
//!
//! # What it is
//!
//! Model threads are coroutines on one OS thread. Each operation on a primitive is *pending*
//! first; a [`SearchStrategy`] picks a thread whose operation is enabled; the operation takes effect and
//! the thread runs on to its next one. Nothing ever blocks behind the engine's back.
//!
//! ```text
//! explore ── executor ── coroutine         runs executions; switches threads
//!    │           │
//!    │       scheduler ── strategy         decides who goes on: exhaustive, random, ..
//!    │           │
//!    └─────── runtime                      the state, and what operations do to it
//!                │
//!             current ── handles           what model threads call
//! ```
//!
//! [`Exhaustive`] runs one execution of each equivalence class of interleavings. Two executions
//! are equivalent if they differ in the order of independent events only (a Mazurkiewicz trace);
//! the module `dependency` states what is independent.
//!
//! # Why sequential consistency can be enough
//!
//! If no sequentially consistent execution of a program has a data race, and its atomics are all
//! `SeqCst`, then all its executions are sequentially consistent (the DRF-SC theorem of the C++
//! memory model, which Rust adopts: Boehm, Adve, PLDI 2008; Batty et al., POPL 2011). Locks,
//! spawns, joins and tokens keep to it. The same holds if an atomic is only ever accessed by
//! `AcqRel` or `SeqCst` read-modify-writes: each reads from the one before it in modification
//! order and synchronizes with it, so all its accesses are ordered by happens-before. An
//! exploration that is complete, found no data race and used nothing weaker has proved its
//! model; [`Findings`] gives the facts and leaves the word to its reader.

mod bounded;
mod coroutine;
mod current;
mod dependency;
mod equipment;
mod event;
mod executor;
mod exhaustive;
mod explore;
mod failure;
mod guided;
mod handles;
mod happens_before;
mod identity;
mod measured;
mod naming;
mod operation;
mod options;
mod outcome;
mod overflow;
mod replay;
mod runtime;
mod sampling;
mod scheduler;
mod stacks;
mod stage;
mod strategy;
mod teardown;
mod turns;

#[cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]
mod trap;
#[cfg(not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")))]
#[path = "trap_unsupported.rs"]
mod trap;

pub use bounded::Bounded;
pub use current::{
    current_thread, execution, is_running, is_tearing_down, panicking, steps_taken, turns,
};
#[doc(hidden)]
pub use dependency::{Exact, Reduction, conflict};
pub use event::{Access, Alternative, VisibleEvent};
pub use exhaustive::Exhaustive;
pub use explore::{FinishedExecution, Observer, explore};
pub use failure::{Blocked, Bug, CellAccess, DataRace, FailedExecution, Mismatch};
pub use guided::Guided;
pub use handles::{
    Atomic, Cell, Condvar, Mutex, RwLock, Wake, choose, fence, here, join, park, park_timeout,
    spawn, spin, unpark,
};
pub use happens_before::{HappensBefore, happens_before};
pub use identity::{ObjectId, ThreadId};
pub use measured::{Cost, Measured};
pub use operation::{OperationKind, Place, VisibleOperation};
pub use options::{Bounds, Options};
pub use outcome::{BoundsMet, Facts, Findings, Orderings, ProgressUpdate, StopReason};
pub use replay::Replay;
pub use sampling::{CycleEdge, Directed, NamedPlace, Pct, Pos, Random, Surw};
pub use strategy::{Pick, SearchStrategy, View};
pub use turns::{MalformedTurns, Turn, TurnOutcome, Turns};
