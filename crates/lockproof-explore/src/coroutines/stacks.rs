//! Idle stacks, kept for later explorations: mapping one costs more than a short execution.
//!
//! Invariant: a stack is kept only when its coroutine has returned, so its zone is closed (see
//! `overflow`) and it holds no live value.

use std::io;
use std::sync::{Mutex, PoisonError};

use corosensei::stack::DefaultStack;

use super::overflow;

/// The most stacks that are kept. Each has at least a page in use.
const MAX_IDLE: usize = 64;

/// Each with the bytes that a model may use of it. No code of a model or a strategy runs while the
/// lock is held.
static IDLE: Mutex<Vec<(usize, DefaultStack)>> = Mutex::new(Vec::new());

/// A stack with this number of bytes for the model.
pub(crate) fn take(for_the_model: usize) -> io::Result<DefaultStack> {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    match idle.iter().rposition(|(size, _)| *size == for_the_model) {
        Some(position) => Ok(idle.swap_remove(position).1),
        None => overflow::stack(for_the_model),
    }
}

/// Keeps a stack, or unmaps it if there are enough.
pub(crate) fn put_back(for_the_model: usize, stack: DefaultStack) {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if idle.len() < MAX_IDLE {
        idle.push((for_the_model, stack));
    }
}
