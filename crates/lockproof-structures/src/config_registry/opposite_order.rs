//! A broken registry: its two paths take the same two locks in opposite orders.

use std::time::Duration;

use lockproof::sync::Arc;

use super::{Component, ConfigRegistry, Registry, TimedOut};

/// **Broken:** [`update_component`](Registry::update_component) locks the component first and then
/// asks for the configuration, while [`set`](Registry::set) holds the configuration and asks for
/// the component: a deadlock.
///
/// The mistake is easily made: a method of a component locks its own state first, as methods do,
/// and then reads a setting. [`try_set_for`](Registry::try_set_for) does not deadlock even then.
///
/// ```
/// use lockproof_structures::{OppositeOrderConfigRegistry, Registry};
///
/// let registry = OppositeOrderConfigRegistry::default();
/// let pricing = registry.add_component("pricing", "spread");
/// registry.set("spread", "0.02");
/// registry.update_component(&pricing);
/// assert_eq!(pricing.snapshot().updates, 1);
/// ```
#[derive(Debug, Default)]
pub struct OppositeOrderConfigRegistry(
    /// The rule that `update_component` breaks: the registry's lock comes before any component's.
    ConfigRegistry,
);

impl Registry for OppositeOrderConfigRegistry {
    fn update_component(&self, component: &Component) {
        // The mistake: from here until the next line, a change of the configuration can take the
        // registry's lock and then wait for this component.
        let mut state = component.lock();
        let configuration = self.0.lock();
        configuration.update(component, &mut state);
    }

    fn add_component(&self, name: &str, key: &str) -> Arc<Component> {
        self.0.add_component(name, key)
    }

    fn revision(&self) -> u64 {
        self.0.revision()
    }

    fn set(&self, key: &str, value: &str) -> Option<String> {
        self.0.set(key, value)
    }

    fn try_set_for(
        &self,
        key: &str,
        value: &str,
        timeout: Duration,
    ) -> Result<Option<String>, TimedOut> {
        self.0.try_set_for(key, value, timeout)
    }
}
