//! What a model and its watcher share without any engine seeing it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::{SharedWatcher, Watcher};

/// A value that the threads of a model and those who watch it share, and that no engine sees: an
/// access is neither an event nor a scheduling point.
///
/// For notes about a model, never for what the model is about: what its threads tell each other
/// through one, no engine knows. Clones share the value.
///
/// ```
/// use lockproof::engine::{Engine, Settings, Untracked, explore};
///
/// let runs = Untracked::new(0);
/// let of_model = runs.clone();
/// let exploration = explore(Engine::Std, &Settings::default(), move || of_model.with(|n| *n += 1));
/// assert_eq!(runs.with(|runs| *runs), exploration.executions);
/// ```
#[derive(Default)]
pub struct Untracked<T>(Arc<Mutex<T>>);

impl<T> Untracked<T> {
    /// Shares `value`.
    pub fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(value)))
    }

    /// Accesses the value. Nothing that an engine controls may be done inside `access`, nor
    /// another access to the same value.
    pub fn with<R>(&self, access: impl FnOnce(&mut T) -> R) -> R {
        access(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<T: Watcher + 'static> Untracked<T> {
    /// The watcher in the form in which [`Task::watched_by`](crate::engine::Task::watched_by) takes it.
    pub fn as_watcher(&self) -> SharedWatcher {
        Arc::<Mutex<T>>::clone(&self.0)
    }
}

impl<T> Clone for Untracked<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: fmt::Debug> fmt::Debug for Untracked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
