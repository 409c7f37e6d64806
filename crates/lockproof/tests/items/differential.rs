//! The same random programs on std, on the facade outside of models, and inside a model on every
//! engine: all must tell the same story.
//!
//! A program is a sequence of operations, and its story what each of them returned, with the
//! panics, the poison and the order of drops. One source, in `differential/`, is compiled
//! against std and against the facade.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use lockproof::engine::{Ending, Engine, Settings, explore};
use proptest::prelude::*;

use crate::engines::settings;

mod on_facade;
mod on_std;
mod operations;

use operations::{Operation, Story};

/// The stories that a program has on an engine; one, unless it has several threads.
fn stories(
    engine: Engine,
    settings: &Settings,
    program: impl Fn() -> Story + Send + Sync + 'static,
) -> BTreeSet<Story> {
    let seen = Arc::new(Mutex::new(BTreeSet::new()));
    let of_model = Arc::clone(&seen);
    let exploration = explore(engine, settings, move || {
        let story = program();
        of_model.lock().unwrap().insert(story);
    });
    assert!(matches!(exploration.ending, Ending::Complete), "{engine}: {:?}", exploration.ending);
    seen.lock().unwrap().clone()
}

/// Runs a program of one thread everywhere and compares.
fn compare(
    operations: &[Operation],
    on_std: fn(&[Operation]) -> Story,
    on_facade: fn(&[Operation]) -> Story,
) -> Result<(), TestCaseError> {
    let expected = on_std(operations);
    prop_assert_eq!(&on_facade(operations), &expected, "outside of models");
    let mut few = settings();
    few.samples = 3;
    few.stress_runs = 1;
    for &engine in Engine::available() {
        let program = operations.to_vec();
        let seen = stories(engine, &few, move || on_facade(&program));
        prop_assert_eq!(seen, BTreeSet::from([expected.clone()]), "inside, on {}", engine);
    }
    Ok(())
}

/// Runs a program of two threads: what std does must be among what the engines see, and the
/// engines must see the same.
fn compare_sets(
    operations: &[Vec<Operation>; 2],
    on_std: fn(&[Vec<Operation>; 2]) -> Story,
    on_facade: fn(&[Vec<Operation>; 2]) -> Story,
) -> Result<(), TestCaseError> {
    let mut seen_by_std = BTreeSet::new();
    for _ in 0..10 {
        seen_by_std.insert(on_std(operations));
    }
    let controlled = Engine::available().iter().filter(|engine| engine.is_controlled());
    let mut sets = Vec::new();
    for &engine in controlled {
        let program = operations.clone();
        let seen = stories(engine, &settings(), move || on_facade(&program));
        prop_assert!(
            seen_by_std.is_subset(&seen),
            "std does what {} does not see: {:?} and {:?}",
            engine,
            seen_by_std,
            seen
        );
        sets.push((engine, seen));
    }
    for pair in sets.windows(2) {
        prop_assert_eq!(&pair[0].1, &pair[1].1, "{} and {}", pair[0].0, pair[1].0);
    }
    Ok(())
}

macro_rules! one_thread {
    ($($program:ident)*) => {$(
        mod $program {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(48))]

                #[test]
                fn tells_the_story_of_std(
                    operations in proptest::collection::vec(operations::any(), 1..12)
                ) {
                    let (std, facade) =
                        (on_std::programs::$program, on_facade::programs::$program);
                    compare(&operations, std, facade)?;
                }
            }
        }
    )*};
}

one_thread!(mutex rwlock once once_lock lazy_lock barrier channels thread_locals);

macro_rules! two_threads {
    ($($program:ident)*) => {$(
        mod $program {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(12))]

                #[test]
                fn tells_the_stories_of_std(
                    first in proptest::collection::vec(operations::any(), 1..3),
                    second in proptest::collection::vec(operations::any(), 1..3),
                ) {
                    let (std, facade) =
                        (on_std::shared::$program, on_facade::shared::$program);
                    compare_sets(&[first, second], std, facade)?;
                }
            }
        }
    )*};
}

two_threads!(shared_mutex shared_once shared_channel shared_rendezvous);
