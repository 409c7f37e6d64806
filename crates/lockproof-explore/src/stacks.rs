//! Stacks at rest, for explorations to come: to map one costs more than a short execution.
//!
//! Invariant: a stack comes here only when what ran on it has returned, so its zone is closed (see
//! `overflow`) and nothing on it is alive.

use std::io;
use std::sync::{Mutex, PoisonError};

use corosensei::stack::DefaultStack;

use crate::overflow;

/// The most stacks that are kept; each has at least a page in use.
const MOST_IDLE: usize = 64;

/// With the bytes that a model may use of each.
static IDLE: Mutex<Vec<(usize, DefaultStack)>> = Mutex::new(Vec::new());

/// A stack with so many bytes for the model.
pub(crate) fn take(for_the_model: usize) -> io::Result<DefaultStack> {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    match idle.iter().rposition(|(size, _)| *size == for_the_model) {
        Some(position) => Ok(idle.swap_remove(position).1),
        None => overflow::stack(for_the_model),
    }
}

/// Keeps a stack, or gives it back to the system if there are enough.
pub(crate) fn give_back(for_the_model: usize, stack: DefaultStack) {
    let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
    if idle.len() < MOST_IDLE {
        idle.push((for_the_model, stack));
    }
}
