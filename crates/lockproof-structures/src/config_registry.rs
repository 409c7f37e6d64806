//! A shared configuration, and components that work by it: two kinds of locks that meet.
//!
//! Changing the configuration notifies the components. Updating a component reads the
//! configuration. Each path needs both locks, and if they took them in opposite orders the system
//! would deadlock one day.
//!
//! **Lock order:** the registry before any component, components in the order in which they were
//! added. A thread that holds a component's lock never takes the registry's.

mod component;
mod opposite_order;
mod registry;
mod sequential;
mod timed_out;

pub use component::{Component, ComponentSnapshot};
pub use opposite_order::OppositeOrderConfigRegistry;
pub use registry::ConfigRegistry;
pub use sequential::SequentialConfigRegistry;
pub use timed_out::TimedOut;

use std::time::Duration;

use lockproof::sync::Arc;

/// What [`ConfigRegistry`] and its broken twin have in common, so that one model fits both.
///
/// The contract: every call returns, and when [`set`](Self::set) has, every component knows the
/// change. Production code calls the methods of [`ConfigRegistry`] itself.
pub trait Registry: Default {
    /// See [`ConfigRegistry::add_component`].
    fn add_component(&self, name: &str, key: &str) -> Arc<Component>;

    /// See [`ConfigRegistry::revision`].
    fn revision(&self) -> u64;

    /// See [`ConfigRegistry::set`].
    fn set(&self, key: &str, value: &str) -> Option<String>;

    /// See [`ConfigRegistry::try_set_for`].
    ///
    /// # Errors
    ///
    /// If a lock is not free in time.
    fn try_set_for(
        &self,
        key: &str,
        value: &str,
        timeout: Duration,
    ) -> Result<Option<String>, TimedOut>;

    /// See [`ConfigRegistry::update_component`].
    fn update_component(&self, component: &Component);
}
