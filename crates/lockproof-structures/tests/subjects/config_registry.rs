//! The registry against `SequentialConfigRegistry`, and its way out of a deadlock.

use std::time::Duration;

use lockproof::thread;
use lockproof_structures::{
    ConfigRegistry, OppositeOrderConfigRegistry, Registry, SequentialConfigRegistry, TimedOut,
};
use proptest::prelude::*;

const KEYS: [&str; 3] = ["spread", "limit", "venue"];
const TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
enum Operation {
    AddComponent(usize),
    Set(usize, u8),
    TrySet(usize, u8),
    Update(usize),
    TryUpdate(usize),
}

fn operation() -> impl Strategy<Value = Operation> {
    let key = || 0..KEYS.len();
    prop_oneof![
        key().prop_map(Operation::AddComponent),
        (key(), any::<u8>()).prop_map(|(key, value)| Operation::Set(key, value)),
        (key(), any::<u8>()).prop_map(|(key, value)| Operation::TrySet(key, value)),
        (0..4_usize).prop_map(Operation::Update),
        (0..4_usize).prop_map(Operation::TryUpdate),
    ]
}

proptest! {
    #[test]
    fn the_registry_does_what_the_sequential_one_does(
        operations in prop::collection::vec(operation(), 0..30),
    ) {
        let registry = ConfigRegistry::new();
        let mut sequential = SequentialConfigRegistry::new();
        let mut components = Vec::new();
        for operation in operations {
            match operation {
                Operation::AddComponent(key) => {
                    components.push(registry.add_component("component", KEYS[key]));
                    sequential.add_component(KEYS[key]);
                }
                Operation::Set(key, value) => {
                    let value = value.to_string();
                    let old = sequential.set(KEYS[key], &value);
                    prop_assert_eq!(registry.set(KEYS[key], &value), old);
                }
                Operation::TrySet(key, value) => {
                    let value = value.to_string();
                    let old = sequential.set(KEYS[key], &value);
                    prop_assert_eq!(registry.try_set_for(KEYS[key], &value, TIMEOUT), Ok(old));
                }
                Operation::Update(index) if index < components.len() => {
                    registry.update_component(&components[index]);
                    sequential.update_component(index);
                }
                Operation::TryUpdate(index) if index < components.len() => {
                    let updated = registry.try_update_component_for(&components[index], TIMEOUT);
                    prop_assert_eq!(updated, Ok(()));
                    sequential.update_component(index);
                }
                Operation::Update(_) | Operation::TryUpdate(_) => {}
            }
            prop_assert_eq!(registry.revision(), sequential.revision());
            for key in KEYS {
                let setting = registry.get(key);
                prop_assert_eq!(setting.as_deref(), sequential.get(key));
            }
            for (index, component) in components.iter().enumerate() {
                prop_assert_eq!(&component.snapshot(), sequential.component(index));
            }
        }
    }
}

fn notifies_its_components<R: Registry>() {
    let registry = R::default();
    let pricing = registry.add_component("pricing", "spread");
    assert_eq!(registry.set("spread", "1"), None);
    assert_eq!(registry.try_set_for("spread", "2", TIMEOUT), Ok(Some("1".to_owned())));
    registry.update_component(&pricing);
    let state = pricing.snapshot();
    assert_eq!((state.revision, state.updates), (registry.revision(), 1));
    assert_eq!(state.setting.as_deref(), Some("2"));
}

#[test]
fn every_registry_notifies_its_components_in_one_thread() {
    notifies_its_components::<ConfigRegistry>();
    notifies_its_components::<OppositeOrderConfigRegistry>();
}

#[test]
fn a_component_has_a_name_and_a_key() {
    let component = ConfigRegistry::new().add_component("pricing", "spread");
    assert_eq!((component.name(), component.key()), ("pricing", "spread"));
}

#[test]
fn threads_update_and_change_without_a_freeze() -> Result<(), TimedOut> {
    let registry = ConfigRegistry::new();
    let pricing = registry.add_component("pricing", "spread");
    thread::scope(|scope| {
        scope.spawn(|| {
            for value in 1..=300 {
                registry.set("spread", &value.to_string());
            }
        });
        for _ in 0..300 {
            registry.update_component(&pricing);
            let state = pricing.snapshot();
            let setting = state.setting.as_deref().unwrap_or("0").to_owned();
            assert_eq!(setting, state.revision.to_string(), "setting and revision belong together");
        }
    });
    registry.try_update_component_for(&pricing, TIMEOUT)?;
    assert_eq!((pricing.snapshot().revision, pricing.snapshot().updates), (300, 301));
    Ok(())
}
