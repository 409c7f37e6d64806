//! A part of the system that works by one setting of the configuration.

use std::time::Duration;

use lockproof::extension::{Named, TryLockFor};
use lockproof::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use super::TimedOut;

/// A component, such as a pricing engine, that works by one setting.
///
/// Made by [`ConfigRegistry::add_component`](super::ConfigRegistry::add_component), and notified
/// of every change from then on.
#[derive(Debug)]
pub struct Component {
    /// Never changes, so it is read without the lock.
    name: String,
    /// The setting it works by, which never changes.
    key: String,
    /// Taken after the registry's lock, never before it. `setting` is the value that the registry
    /// had at `revision`, which only grows.
    state: Mutex<ComponentSnapshot>,
}

/// The state of a component at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ComponentSnapshot {
    /// The revision of the configuration it last heard of.
    pub revision: u64,
    /// Its setting at that revision, if it was set.
    pub setting: Option<Arc<str>>,
    /// How many updates it has made.
    pub updates: u64,
}

impl Component {
    pub(super) fn new(name: &str, key: &str) -> Self {
        let state = Mutex::new(ComponentSnapshot::default()).named("component.state");
        Self { name: name.to_owned(), key: key.to_owned(), state }
    }

    /// Its display name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The setting it works by.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its state at one moment.
    #[must_use]
    pub fn snapshot(&self) -> ComponentSnapshot {
        self.lock().clone()
    }

    /// Ignores poisoning: nothing that runs under this lock can panic.
    #[track_caller]
    pub(super) fn lock(&self) -> MutexGuard<'_, ComponentSnapshot> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`lock`](Self::lock), but gives up after `timeout`.
    #[track_caller]
    pub(super) fn try_lock_for(
        &self,
        timeout: Duration,
    ) -> Result<MutexGuard<'_, ComponentSnapshot>, TimedOut> {
        match self.state.try_lock_for(timeout) {
            Ok(guard) => Ok(guard),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                Err(TimedOut::new(format!("component `{}`", self.name), timeout))
            }
        }
    }
}
