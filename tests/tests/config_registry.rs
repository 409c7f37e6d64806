//! Models of the registry: whether changing the configuration and updating a component can freeze
//! the system.

use std::time::Duration;

use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::{Engine, Expected, Model};
use lockproof_structures::{ConfigRegistry, OppositeOrderConfigRegistry, Registry};

const KNOWS: &str = "changes and updates without a freeze";
const WAY_OUT: &str = "changes with a time limit without a freeze";

/// Long enough for real threads to get through, if they ever do.
const HANG: Duration = Duration::from_secs(2);

/// On real threads, how long to wait for a lock; inside a model time does not pass.
const TIMEOUT: Duration = Duration::from_millis(1);

/// One thread updates a component while another changes the configuration.
fn the_component_knows_the_change<R: Registry + Send + Sync + 'static>() {
    let registry = Arc::new(R::default());
    let component = registry.add_component("pricing", "spread");
    let (other, its_component) = (Arc::clone(&registry), Arc::clone(&component));
    let child = thread::spawn(move || other.update_component(&its_component));
    registry.set("spread", "1");
    child.join().expect("an update does not panic");
    let state = component.snapshot();
    assert_eq!((state.revision, state.updates), (1, 1), "the component knows the change");
    assert_eq!(state.setting.as_deref(), Some("1"), "the component knows the setting");
}

#[test]
fn config_registry_changes_and_updates() {
    Model::new("ConfigRegistry", KNOWS, the_component_knows_the_change::<ConfigRegistry>)
        .is_proved();
}

#[test]
fn opposite_order_config_registry_deadlocks() {
    Model::new(
        "OppositeOrderConfigRegistry",
        KNOWS,
        the_component_knows_the_change::<OppositeOrderConfigRegistry>,
    )
    .hang(HANG)
    .is_refuted_by(Expected::deadlock());
}

/// One thread updates a component while another changes the configuration, but would rather give
/// up than wait for ever.
fn a_change_with_a_time_limit_returns<R: Registry + Send + Sync + 'static>() {
    let registry = Arc::new(R::default());
    let component = registry.add_component("pricing", "spread");
    let (other, its_component) = (Arc::clone(&registry), Arc::clone(&component));
    let child = thread::spawn(move || other.update_component(&its_component));
    let changed = registry.try_set_for("spread", "1", TIMEOUT);
    child.join().expect("an update does not panic");
    let revision = u64::from(changed.is_ok());
    assert_eq!(registry.revision(), revision, "a change that gave up changed nothing");
    let state = component.snapshot();
    assert_eq!((state.revision, state.updates), (revision, 1), "the component knows as much");
    if let Err(error) = changed {
        let locks = ["the registry", "component `pricing`"];
        assert!(locks.contains(&error.lock()), "the error names the lock, not {}", error.lock());
    }
}

#[test]
fn config_registry_has_a_way_out() {
    Model::new("ConfigRegistry", WAY_OUT, a_change_with_a_time_limit_returns::<ConfigRegistry>)
        .is_proved_by(Engine::Explore);
}

#[test]
fn the_way_out_works_against_the_opposite_order() {
    Model::new(
        "OppositeOrderConfigRegistry",
        WAY_OUT,
        a_change_with_a_time_limit_returns::<OppositeOrderConfigRegistry>,
    )
    .is_proved_by(Engine::Explore);
}

/// One thread changes the configuration while another updates a component, or gives up.
fn an_update_with_a_time_limit_returns() {
    let registry = Arc::new(ConfigRegistry::new());
    let component = registry.add_component("pricing", "spread");
    let other = Arc::clone(&registry);
    let child = thread::spawn(move || other.set("spread", "1"));
    let outcome = registry.try_update_component_for(&component, TIMEOUT);
    child.join().expect("a change does not panic");
    let state = component.snapshot();
    let updates = u64::from(outcome.is_ok());
    assert_eq!((state.revision, state.updates), (1, updates), "an update that gave up did nothing");
}

#[test]
fn config_registry_has_a_way_out_for_updates() {
    let property = "updates with a time limit without a freeze";
    Model::new("ConfigRegistry", property, an_update_with_a_time_limit_returns)
        .is_proved_by(Engine::Explore);
}
