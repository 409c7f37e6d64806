//! What is left of a model thread's stack, and what happens where none is.
//!
//! A stack is laid out, from where it begins to where it must not go:
//!
//! ```text
//! | what the model may use | the engine's | zone | guard page |
//! |      stack_size        |   RESERVE    | ZONE |            |
//! ```
//!
//! An operation that begins beyond `stack_size` ends the execution there and then, so the engine
//! never runs out of stack itself. Model code that performs no operation comes to the zone, where
//! each access is a fault: see `trap`. Either way nothing on the stack is unwound, and as its
//! thread may have been interrupted anywhere, nothing that the threads share can be relied upon:
//! all stacks of the execution are leaked.

use std::io;

use corosensei::stack::{DefaultStack, Stack};

use crate::trap;

/// What the engine, the strategy, and who builds on them need below the model's own frames.
const RESERVE: usize = 256 * 1024;

/// A stack with so many bytes for the model.
pub(crate) fn stack(for_the_model: usize) -> io::Result<DefaultStack> {
    let size = for_the_model.saturating_add(RESERVE + trap::ZONE);
    let stack = DefaultStack::new(size)?;
    trap::close_zone(stack.limit().get())?;
    Ok(stack)
}

/// Whether the model has used up its part of the stack that begins at `base`.
#[inline]
pub(crate) fn is_used_up(base: usize, for_the_model: usize) -> bool {
    let here = 0_u8;
    base.saturating_sub((&raw const here).addr()) > for_the_model
}
