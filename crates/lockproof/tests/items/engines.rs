//! Running a closure on every engine of the build.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use lockproof::engine::{BlindSpot, Ending, Engine, Exploration, Settings, Strategy, explore};

/// Whether the search has covered every execution of the model and left nothing out.
pub(crate) fn is_exhausted(exploration: &Exploration) -> bool {
    exploration.strategy == Strategy::Exhaustive
        && matches!(exploration.ending, Ending::Complete)
        && exploration.preemptions.is_none()
        && exploration.blind_spots.is_empty()
        && exploration.kept_data.is_empty()
}

/// Runs the model on every engine and demands that none finds a defect or gives up.
#[track_caller]
pub(crate) fn holds_on_every_engine(model: impl Fn() + Send + Sync + 'static) {
    let model = Arc::new(model);
    for &engine in Engine::available() {
        let model = Arc::clone(&model);
        let exploration = explore(engine, &settings(), move || model());
        assert!(is_clean(&exploration), "{engine}: {:?}", exploration.ending);
    }
}

/// Runs the model on every engine, and demands that all results are among `allowed` and that the
/// engines which control the schedule see every one of them.
#[track_caller]
pub(crate) fn has_outcomes<T>(
    allowed: impl IntoIterator<Item = T>,
    model: impl Fn() -> T + Send + Sync + 'static,
) where
    T: Ord + Clone + Send + std::fmt::Debug + 'static,
{
    let allowed: BTreeSet<T> = allowed.into_iter().collect();
    let model = Arc::new(model);
    for &engine in Engine::available() {
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let exploration = explore(engine, &settings(), {
            let (model, seen) = (Arc::clone(&model), Arc::clone(&seen));
            move || {
                let outcome = model();
                seen.lock().unwrap().insert(outcome);
            }
        });
        assert!(is_clean(&exploration), "{engine}: {:?}", exploration.ending);
        let seen = seen.lock().unwrap();
        assert!(seen.is_subset(&allowed), "{engine} sees no other outcome: {seen:?}");
        let must_see_all = engine.is_controlled() && blind_to_none(&exploration);
        assert!(!must_see_all || *seen == allowed, "{engine} sees every outcome: {seen:?}");
    }
}

/// What each engine that controls the schedule says of the model.
pub(crate) fn controlled(
    model: impl Fn() + Send + Sync + 'static,
) -> impl Iterator<Item = Exploration> {
    let model = Arc::new(model);
    let engines = Engine::available().iter().filter(|engine| engine.is_controlled());
    engines.map(move |&engine| {
        let model = Arc::clone(&model);
        explore(engine, &settings(), move || model())
    })
}

/// Enough samples to see every outcome of these small models; few runs on real threads.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.samples = 1_000;
    settings.stress_runs = 20;
    settings
}

fn is_clean(exploration: &Exploration) -> bool {
    matches!(exploration.ending, lockproof::engine::Ending::Complete)
}

/// A search that has a blind spot may miss an outcome; weak memory and data races are none here.
fn blind_to_none(exploration: &Exploration) -> bool {
    let harmless = [BlindSpot::WeakMemory, BlindSpot::DataRace];
    exploration.strategy != Strategy::Exhaustive
        || exploration.blind_spots.iter().all(|spot| harmless.contains(spot))
}
