//! Runs a model on every engine of the build and demands of each what it can promise.
//!
//! A controlled engine searches, so what it can reach must be reached. Real threads show a defect
//! by luck: they must only never show anything else. No engine is named here, so that a new one is
//! held to the same promises at once.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lockproof::engine::{
    DefectKind, Ending, Engine, Exploration, Failure, Settings, Strategy, explore,
};

/// Enough for every outcome of models as small as the ones here.
const SAMPLES: u64 = 1_000;
/// Real threads are only asked whether they contradict.
const STRESS_RUNS: u64 = 5;
/// Longer than any execution of these models, on a busy machine too.
const HANG: Duration = Duration::from_secs(10);
/// For real threads that may well hang.
const SHORT_HANG: Duration = Duration::from_millis(200);

/// The settings of models that take two or three steps.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.samples = SAMPLES;
    settings.stress_runs = STRESS_RUNS;
    settings.hang = HANG;
    settings
}

/// The engines that decide every step; none in a build without engine features.
pub(crate) fn controlled() -> impl Iterator<Item = Engine> {
    Engine::available().iter().copied().filter(|engine| engine.is_controlled())
}

/// Whether the search is asked to reach everything.
pub(crate) fn is_exhaustive(exploration: &Exploration) -> bool {
    exploration.strategy == Strategy::Exhaustive
}

/// Whether the search has covered every execution of the model and left nothing out.
pub(crate) fn is_exhausted(exploration: &Exploration) -> bool {
    exploration.strategy == Strategy::Exhaustive
        && matches!(exploration.ending, Ending::Complete)
        && exploration.preemptions.is_none()
        && exploration.blind_spots.is_empty()
        && exploration.kept_data.is_empty()
}

/// Demands that no engine finds anything.
pub(crate) fn holds(model: impl Fn() + Clone + Send + Sync + 'static) {
    for &engine in Engine::available() {
        assert_complete(&explore(engine, &settings(), model.clone()));
    }
}

/// Demands that every controlled engine finds a defect of this kind, which is then looked at.
pub(crate) fn is_refuted(
    kind: DefectKind,
    model: impl Fn() + Clone + Send + Sync + 'static,
    look: impl Fn(&Failure),
) {
    // Nobody watches real threads: all they can show of most defects is that they hang.
    let panics = kind == DefectKind::Panic;
    let visible = if panics { DefectKind::Panic } else { DefectKind::Hang };
    let mut settings = settings();
    settings.hang = if panics { HANG } else { SHORT_HANG };
    for &engine in Engine::available() {
        let exploration = explore(engine, &settings, model.clone());
        match exploration.failure() {
            Some(failure) if engine.is_controlled() => {
                let found = failure.defect.kind();
                assert_eq!(found, kind, "{engine} tells defects apart: {}", failure.defect);
                look(failure);
            }
            Some(failure) => {
                let shown = failure.defect.kind();
                assert_eq!(shown, visible, "{engine} contradicts nobody: {}", failure.defect);
            }
            None => {
                assert!(!engine.is_controlled(), "{engine} finds the defect: {exploration:?}");
            }
        }
    }
}

/// Demands that the results of the model are exactly these on every controlled engine, and no
/// others on real threads.
pub(crate) fn reaches<T: Ord + Debug + Send + 'static, const N: usize>(
    expected: [T; N],
    model: impl Fn() -> T + Clone + Send + Sync + 'static,
) {
    let expected = BTreeSet::from(expected);
    for &engine in Engine::available() {
        let (_, reached) = results(engine, model.clone());
        if engine.is_controlled() {
            assert_eq!(reached, expected, "{engine} reaches every result and no other");
        } else {
            assert!(reached.is_subset(&expected), "{engine} reaches nothing else: {reached:?}");
        }
    }
}

/// The results that the executions of a model had, which must not fail.
pub(crate) fn results<T: Ord + Send + 'static>(
    engine: Engine,
    model: impl Fn() -> T + Send + Sync + 'static,
) -> (Exploration, BTreeSet<T>) {
    let reached = Arc::new(Mutex::new(BTreeSet::new()));
    let of_model = Arc::clone(&reached);
    let exploration = explore(engine, &settings(), move || {
        let result = model();
        of_model.lock().unwrap().insert(result);
    });
    assert_complete(&exploration);
    let reached = std::mem::take(&mut *reached.lock().unwrap());
    (exploration, reached)
}

/// Demands that the search came to its end without a failure.
#[track_caller]
pub(crate) fn assert_complete(exploration: &Exploration) {
    let engine = exploration.engine;
    if let Some(failure) = exploration.failure() {
        let trace = events(failure).join("\n");
        panic!("{engine} finds no defect, but: {}\n{trace}", failure.defect);
    }
    let complete = matches!(exploration.ending, Ending::Complete);
    assert!(complete, "{engine} searches to the end: {:?}", exploration.ending);
}

/// The events of a failure, a line each: `thread: object operation`.
pub(crate) fn events(failure: &Failure) -> Vec<String> {
    let trace = &failure.trace;
    let line = |event| {
        let object = trace.object_of(event).map(|object| format!("{object} ")).unwrap_or_default();
        format!("{}: {object}{}", trace.threads[event.thread], event.operation)
    };
    trace.events.iter().map(line).collect()
}
