//! Model threads as coroutines: how they wait for their turn, and how their stacks are kept,
//! guarded and unwound.
//!
//! | file | holds |
//! |---|---|
//! | `suspension` | the switch back to the executor |
//! | `perform` | operations: announced, granted, applied |
//! | `teardown` | operations of a thread that is being unwound |
//! | `thread` | the coroutine that runs model threads, and the pool of idle ones |
//! | `stacks`, `overflow`, `trap` | the memory of stacks, and what happens at their end |

mod overflow;
mod perform;
mod stacks;
mod suspension;
mod teardown;
mod thread;
#[cfg_attr(
    not(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")),
    path = "coroutines/trap_unsupported.rs"
)]
mod trap;

pub(crate) use perform::{perform, perform_spawn, perform_update};
pub(crate) use suspension::{Resume, Suspension, runs_model};
pub(crate) use thread::{Pool, ThreadCoroutine};
pub(crate) use trap::arm;
