//! The registry: the configuration, the components to notify, and the first lock of the order.

use std::time::Duration;

use lockproof::collections::HashMap;
use lockproof::extension::{Named, TryLockFor};
use lockproof::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use super::{Component, ComponentSnapshot, Registry, TimedOut};

/// A configuration that threads share, and the components that are notified of its changes.
///
/// The calls without a time limit wait until they have their locks: the lock order rules out a
/// deadlock. The `try_..._for` calls are for callers that cannot guarantee that order, because
/// other code may hold a component's lock, or that cannot wait.
///
/// ```
/// use std::time::Duration;
/// use lockproof_structures::ConfigRegistry;
///
/// let registry = ConfigRegistry::new();
/// let pricing = registry.add_component("pricing", "spread");
/// registry.set("spread", "0.02");
/// assert_eq!(pricing.snapshot().setting.as_deref(), Some("0.02"));
///
/// registry.try_set_for("spread", "0.03", Duration::from_millis(50))?;
/// registry.update_component(&pricing);
/// assert_eq!((pricing.snapshot().revision, pricing.snapshot().updates), (2, 1));
/// # Ok::<(), lockproof_structures::TimedOut>(())
/// ```
#[derive(Debug)]
pub struct ConfigRegistry {
    /// The first lock of the order: taken before any component's, and held until every component
    /// is notified, so that they all see the changes in the same order.
    pub(super) configuration: Mutex<RegistryState>,
}

/// What the registry's lock protects.
#[derive(Debug, Default)]
pub(super) struct RegistryState {
    /// Counts the changes.
    revision: u64,
    settings: HashMap<String, Arc<str>>,
    /// In the order in which their locks are taken. Each component is there once, because
    /// only `add_component` makes them, so no call locks one twice.
    components: Vec<Arc<Component>>,
}

impl ConfigRegistry {
    /// A registry with no settings and no components, at revision 0.
    #[must_use]
    pub fn new() -> Self {
        Self { configuration: Mutex::default().named("registry.configuration") }
    }

    /// Adds a component that works by the setting `key`, and tells it the current value.
    pub fn add_component(&self, name: &str, key: &str) -> Arc<Component> {
        let component = Arc::new(Component::new(name, key));
        let mut configuration = self.lock();
        configuration.notify(&component, &mut component.lock());
        configuration.components.push(Arc::clone(&component));
        component
    }

    /// How often the configuration has changed.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.lock().revision
    }

    /// The current value of a setting.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<str>> {
        self.lock().settings.get(key).map(Arc::clone)
    }

    /// Changes a setting, notifies every component, and returns the old value.
    ///
    /// When this returns, every component knows the change.
    pub fn set(&self, key: &str, value: &str) -> Option<String> {
        let mut configuration = self.lock();
        let old = configuration.change(key, value);
        for component in &configuration.components {
            configuration.notify(component, &mut component.lock());
        }
        old
    }

    /// As [`set`](Self::set), but waits at most `timeout` for each lock.
    ///
    /// # Errors
    ///
    /// If the registry's lock or a component's is not free in time. Then neither the
    /// configuration nor any component has changed.
    pub fn try_set_for(
        &self,
        key: &str,
        value: &str,
        timeout: Duration,
    ) -> Result<Option<String>, TimedOut> {
        let mut configuration = self.try_lock_for(timeout)?;
        // A second list of the components, because the guards borrow from it while the
        // configuration changes.
        let components = configuration.components.clone();
        let mut states = Vec::with_capacity(components.len());
        for component in &components {
            states.push(component.try_lock_for(timeout)?);
        }
        // Every lock is held, so nothing below can fail: a change is never half done.
        let old = configuration.change(key, value);
        for (component, state) in components.iter().zip(&mut states) {
            configuration.notify(component, state);
        }
        Ok(old)
    }

    /// Makes a component do one step of its work, by the current configuration.
    ///
    /// It holds the registry's lock during the step, so that the configuration cannot change
    /// meanwhile. `component` must be one that this registry made.
    pub fn update_component(&self, component: &Component) {
        let configuration = self.lock();
        let mut state = component.lock();
        configuration.update(component, &mut state);
    }

    /// As [`update_component`](Self::update_component), but waits at most `timeout` for each lock.
    ///
    /// # Errors
    ///
    /// If the registry's lock or the component's is not free in time. Then the component has not
    /// changed.
    pub fn try_update_component_for(
        &self,
        component: &Component,
        timeout: Duration,
    ) -> Result<(), TimedOut> {
        let configuration = self.try_lock_for(timeout)?;
        let mut state = component.try_lock_for(timeout)?;
        configuration.update(component, &mut state);
        Ok(())
    }

    /// Ignores poisoning: nothing that runs under this lock can panic.
    #[track_caller]
    pub(super) fn lock(&self) -> MutexGuard<'_, RegistryState> {
        self.configuration.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`lock`](Self::lock), but gives up after `timeout`.
    #[track_caller]
    fn try_lock_for(&self, timeout: Duration) -> Result<MutexGuard<'_, RegistryState>, TimedOut> {
        match self.configuration.try_lock_for(timeout) {
            Ok(guard) => Ok(guard),
            Err(TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => Err(TimedOut::new("the registry".to_owned(), timeout)),
        }
    }
}

impl RegistryState {
    fn change(&mut self, key: &str, value: &str) -> Option<String> {
        self.revision += 1;
        let old = self.settings.insert(key.to_owned(), value.into());
        old.map(|value| value.to_string())
    }

    /// Tells a component, whose lock the caller holds, its current setting.
    fn notify(&self, component: &Component, state: &mut ComponentSnapshot) {
        state.revision = self.revision;
        state.setting = self.settings.get(component.key()).map(Arc::clone);
    }

    /// One step of a component's work, under both locks.
    pub(super) fn update(&self, component: &Component, state: &mut ComponentSnapshot) {
        self.notify(component, state);
        state.updates += 1;
    }
}

impl Default for ConfigRegistry {
    fn default() -> Self {
        Self::new()
    }
}

impl Registry for ConfigRegistry {
    fn add_component(&self, name: &str, key: &str) -> Arc<Component> {
        self.add_component(name, key)
    }

    fn revision(&self) -> u64 {
        self.revision()
    }

    fn set(&self, key: &str, value: &str) -> Option<String> {
        self.set(key, value)
    }

    fn try_set_for(
        &self,
        key: &str,
        value: &str,
        timeout: Duration,
    ) -> Result<Option<String>, TimedOut> {
        self.try_set_for(key, value, timeout)
    }

    fn update_component(&self, component: &Component) {
        self.update_component(component);
    }
}
