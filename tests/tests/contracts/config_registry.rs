//! The contract of the registries.

use lockproof::sync::Arc;
use lockproof_check::{Contract, Expected, specification};
use lockproof_structures::{
    Component, ComponentSnapshot, ConfigRegistry, OppositeOrderConfigRegistry, Registry,
    SequentialConfigRegistry,
};

const KEY: &str = "spread";

/// A registry and the component that works by it.
struct Office<R> {
    registry: R,
    pricing: Arc<Component>,
}

specification! {
    struct OfficeSpecification(SequentialConfigRegistry) for impl Pricing;
    enum OfficeCall -> OfficeReturn;

    fn set(value: &'static str = ["1", "2"]) -> Option<String>,
        sequentially |office| office.set(KEY, value);
    fn update(), sequentially |office| office.update_component(0);
    fn snapshot() -> ComponentSnapshot, sequentially |office| office.component(0).clone();
    fn revision() -> u64;
}

/// What all offices can do.
trait Pricing {
    fn set(&self, value: &str) -> Option<String>;
    fn update(&self);
    fn snapshot(&self) -> ComponentSnapshot;
    fn revision(&self) -> u64;
}

impl<R: Registry> Pricing for Office<R> {
    fn set(&self, value: &str) -> Option<String> {
        self.registry.set(KEY, value)
    }

    fn update(&self) {
        self.registry.update_component(&self.pricing);
    }

    fn snapshot(&self) -> ComponentSnapshot {
        self.pricing.snapshot()
    }

    fn revision(&self) -> u64 {
        self.registry.revision()
    }
}

fn office<R: Registry + Send + Sync + 'static>(
    name: &str,
) -> Contract<OfficeSpecification, Office<R>> {
    let make = || {
        let registry = R::default();
        let pricing = registry.add_component("pricing", KEY);
        Office { registry, pricing }
    };
    let mut counterpart = SequentialConfigRegistry::new();
    counterpart.add_component(KEY);
    Contract::new(name, make, OfficeSpecification(counterpart)).scenarios(200)
}

#[test]
fn config_registry_is_linearizable() {
    office::<ConfigRegistry>("ConfigRegistry").passes();
}

#[test]
fn opposite_order_config_registry_is_refuted_by_a_deadlock() {
    office::<OppositeOrderConfigRegistry>("OppositeOrderConfigRegistry")
        .is_refuted_by(Expected::deadlock());
}
