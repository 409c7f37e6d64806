//! The single-threaded registry: the specification of the shared one.

use std::collections::BTreeMap;

use super::ComponentSnapshot;

/// A registry and its components without locks: `&mut self` rules out sharing.
///
/// Components are known by their index, in the order in which they were added.
///
/// ```
/// use lockproof_structures::SequentialConfigRegistry;
///
/// let mut registry = SequentialConfigRegistry::new();
/// let pricing = registry.add_component("spread");
/// registry.set("spread", "0.02");
/// assert_eq!(registry.component(pricing).setting.as_deref(), Some("0.02"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SequentialConfigRegistry {
    revision: u64,
    settings: BTreeMap<String, String>,
    components: Vec<(String, ComponentSnapshot)>,
}

impl SequentialConfigRegistry {
    /// A registry with no settings and no components, at revision 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a component that works by the setting `key`, and returns its index.
    pub fn add_component(&mut self, key: &str) -> usize {
        self.components.push((key.to_owned(), ComponentSnapshot::default()));
        let index = self.components.len() - 1;
        self.notify(index);
        index
    }

    /// How often the configuration has changed.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The current value of a setting.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(String::as_str)
    }

    /// Changes a setting, notifies every component, and returns the old value.
    pub fn set(&mut self, key: &str, value: &str) -> Option<String> {
        self.revision += 1;
        let old = self.settings.insert(key.to_owned(), value.to_owned());
        for index in 0..self.components.len() {
            self.notify(index);
        }
        old
    }

    /// Makes a component do one step of its work.
    ///
    /// # Panics
    ///
    /// If there is no component of this index.
    pub fn update_component(&mut self, index: usize) {
        self.notify(index);
        self.components[index].1.updates += 1;
    }

    /// The state of a component.
    ///
    /// # Panics
    ///
    /// If there is no component of this index.
    #[must_use]
    pub fn component(&self, index: usize) -> &ComponentSnapshot {
        &self.components[index].1
    }

    fn notify(&mut self, index: usize) {
        let (key, state) = &mut self.components[index];
        state.revision = self.revision;
        state.setting = self.settings.get(key).map(|value| value.as_str().into());
    }
}
