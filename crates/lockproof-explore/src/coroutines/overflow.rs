//! The layout of a model thread's stack, and the check for its overflow.
//!
//! From its base to its limit, a stack consists of:
//!
//! ```text
//! | for the model | for the engine | zone | guard page |
//! |  stack_size   |    RESERVE     | ZONE |            |
//! ```
//!
//! An operation that begins beyond `stack_size` ends the execution at once, so the engine itself
//! never overflows a stack. Model code that performs no operation reaches the zone, where each
//! access is a fault: see `trap`. In both cases the stack is not unwound. The thread may have been
//! interrupted anywhere, so nothing that the threads share can be relied upon, and all stacks of the
//! execution are leaked.

use std::io;

use corosensei::stack::{DefaultStack, Stack};

use super::trap;

/// The bytes that the engine, the strategy and the observer may use beyond the model's own frames.
const RESERVE: usize = 256 * 1024;

/// Maps a stack with this number of bytes for the model.
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
