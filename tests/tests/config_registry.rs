//! Models of the registry: whether changing the configuration and updating a component can freeze
//! the system.

use std::time::Duration;

use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::{Engine, Expected, Model, RecordedEngine, Search};
use lockproof_structures::{ConfigRegistry, OppositeOrderConfigRegistry, Registry};
use lockproof_tests::assert_failure_reads;

const KNOWS: &str = "changes and updates without a freeze";
const WAY_OUT: &str = "changes with a time limit without a freeze";

/// The documented order of the locks: see the fields of `ConfigRegistry` and `Component`.
const ORDER: [&str; 2] = ["registry.configuration", "component.state"];

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
        .lock_order(ORDER)
        .has_no_lock_order_cycle()
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

#[test]
fn opposite_order_config_registry_breaks_the_documented_order() {
    Model::new(
        "OppositeOrderConfigRegistry",
        "takes its locks in the documented order",
        the_component_knows_the_change::<OppositeOrderConfigRegistry>,
    )
    .hang(HANG)
    .not_on(Engine::Loom, "it meets the deadlock first")
    .not_on(Engine::Shuttle, "it meets the deadlock first")
    .lock_order(ORDER)
    .is_refuted_by(Expected::lock_order_inversion());
}

#[test]
fn the_deadlock_of_the_opposite_order_is_predicted_from_executions_that_pass() {
    let [std, loom, shuttle] = [Engine::Std, Engine::Loom, Engine::Shuttle];
    let report = Model::new(
        "OppositeOrderConfigRegistry",
        "deadlocks, but not without a preemption",
        the_component_knows_the_change::<OppositeOrderConfigRegistry>,
    )
    .not_on(std, "it may deadlock")
    .not_on(loom, "its bound lets it deadlock")
    .not_on(shuttle, "it samples the deadlock")
    .preemptions(0)
    .check();
    let Some(order) = &report.lock_order else {
        return assert!(!Engine::available().contains(&Engine::Explore), "explore was watched");
    };
    let run = report.run_of(RecordedEngine::Explore).expect("it ran");
    let strategy = run.search().map(Search::strategy_text);
    assert_eq!(
        strategy.as_deref(),
        Some("exhaustive, then directed"),
        "no execution of the search fails"
    );
    let mut statuses: Vec<_> = order.cycles.iter().map(|cycle| cycle.status.word()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, ["confirmed", "discharged"], "the child comes after `add_component`");
    let failure = run.verdict().failure().expect("a directed schedule confirms it");
    assert!(Expected::deadlock().matches(&failure.defect), "{}", failure.defect.sentence);
    let mut locks: Vec<_> = order.locks.iter().map(|lock| lock.name.as_str()).collect();
    locks.sort_unstable();
    assert_eq!(locks, ["component.state", "registry.configuration"]);
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

#[test]
fn the_failures_of_the_twins_read_well() {
    assert_failure_reads!(
        "opposite_order_config_registry",
        Model::new("a twin", KNOWS, the_component_knows_the_change::<OppositeOrderConfigRegistry>)
    );
}
