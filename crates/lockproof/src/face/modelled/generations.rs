//! A value that starts afresh in every execution.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::execution::Execution;
use crate::execution::slot::Epoch;

/// One place for a value in each execution.
///
/// What an execution has put into its place stays there, because the program may hold a reference to
/// it that outlives the execution. A static is never dropped, so its values of past executions
/// stay allocated, and as with std their destructors do not run.
#[derive(Debug)]
pub(crate) struct Generations<T>(Mutex<Vec<(Epoch, Box<OnceLock<T>>)>>);

impl<T> Generations<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// The place of an execution.
    pub(crate) fn of(&self, execution: &Execution) -> &OnceLock<T> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let epoch = execution.epoch();
        // Executions follow each other, so a place that exists is the last one.
        if generations.last().is_none_or(|(last, _)| *last != epoch) {
            generations.push((epoch, Box::default()));
        }
        let (_, place) = generations.last().expect("a place was just pushed if there was none");
        let place = std::ptr::from_ref::<OnceLock<T>>(place);
        // SAFETY: the box keeps the place where it is; nothing takes a box out of the vector while
        // `self` is borrowed, and what is behind it is only ever shared.
        unsafe { &*place }
    }

    /// The place of an execution, if it has one.
    pub(crate) fn of_mut(&mut self, execution: &Execution) -> Option<&mut OnceLock<T>> {
        let generations = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let (epoch, place) = generations.last_mut()?;
        (*epoch == execution.epoch()).then_some(&mut **place)
    }
}
