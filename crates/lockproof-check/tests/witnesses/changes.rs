//! What a witness says when the code has changed since.

use lockproof_check::Engine;

use crate::controlled;
use crate::process::{Folder, run};

/// The engines whose schedules name threads, so that a model without them does not fit.
fn stepwise() -> impl Iterator<Item = Engine> {
    controlled().into_iter().filter(|engine| *engine != Engine::Loom)
}

/// A folder with the witness of the broken model that `engine` has found.
fn witness_of(engine: Engine) -> Folder {
    let folder = Folder::new();
    run("broken").on(engine).with(&folder);
    folder.only_file();
    folder
}

#[test]
fn code_that_only_moved_still_fails_and_the_move_is_told() {
    for engine in controlled() {
        let run = run("moved").on(engine).with(&witness_of(engine));
        assert!(!run.passed, "the defect is still there:\n{run}");
        assert!(run.text.contains("fails again (the code has moved, from "), "{engine}:\n{run}");
    }
}

#[test]
fn another_defect_is_told_from_the_one_before() {
    for engine in controlled() {
        let run = run("broken_otherwise").on(engine).with(&witness_of(engine));
        assert!(!run.passed, "it fails:\n{run}");
        assert!(run.text.contains("by another defect than before: panic"), "{engine}:\n{run}");
    }
}

#[test]
fn a_defect_that_is_gone_is_told_though_the_test_passes() {
    for engine in controlled() {
        let folder = witness_of(engine);
        let run = run("tolerant").on(engine).with(&folder);
        assert!(run.passed, "the model passes:\n{run}");
        assert!(run.text.contains("does not fail any more"), "{engine}:\n{run}");
        assert!(run.text.contains(folder.only_name().as_str()), "the file is named:\n{run}");
    }
}

#[test]
fn a_witness_that_no_longer_fits_is_overruled_by_a_proof_only() {
    for engine in stepwise() {
        let folder = witness_of(engine);
        let doubted = run("mended_without_proof").on(engine).with(&folder);
        assert!(!doubted.passed, "nobody knows whether the defect is gone:\n{doubted}");
        for part in ["no longer fits: at step ", "the schedule asks for thread", "delete it"] {
            assert!(doubted.text.contains(part), "{engine} says `{part}`:\n{doubted}");
        }
        assert!(doubted.text.contains("passed"), "the search has run in full:\n{doubted}");
        folder.only_file();
    }
    if stepwise().any(|engine| engine == Engine::Explore) {
        let proved = run("mended").on(Engine::Explore).with(&witness_of(Engine::Explore));
        assert!(proved.passed, "explore proves the mended model:\n{proved}");
        assert!(proved.text.contains("no longer fits"), "and the file is told of:\n{proved}");
    }
}

#[test]
fn a_build_without_the_engine_says_so() {
    let missing = [Engine::Explore, Engine::Loom, Engine::Shuttle];
    let missing = missing.into_iter().find(|engine| !controlled().contains(engine));
    let Some(missing) = missing else { return };
    let folder = Folder::new();
    folder.put("Total-counts_every_addition.json", &super::bad_files::witness(missing));
    let run = run("mended").with(&folder);
    assert!(run.passed, "the model is right:\n{run}");
    let told = format!("was not replayed: this build does not contain the engine {missing}");
    assert!(run.text.contains(&told), "{missing} is missed:\n{run}");
}

#[test]
fn a_test_that_leaves_the_engine_out_says_so() {
    let [engine, other, ..] = controlled()[..] else { return };
    let run = run("mended").on(other).with(&witness_of(engine));
    assert!(run.text.contains(&format!("the test leaves {engine} out")), "it says so:\n{run}");
}
