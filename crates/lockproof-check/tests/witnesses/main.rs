//! Witness files: written by a failing model, run first in the next test, and never passed over.
//!
//! The models stand in `models.rs` and the contracts in `stock.rs`, as tests that are run in a
//! process of their own, each with a folder of witnesses that its caller chooses. What concerns an engine is tested in builds that
//! have it.

mod bad_files;
mod changes;
mod contracts;
mod models;
mod process;
mod stock;

use lockproof_check::{Engine, Witness};
use process::{Folder, run};

/// The engines of this build that leave schedules.
fn controlled() -> Vec<Engine> {
    let engines = Engine::available().iter().copied();
    engines.filter(|engine| engine.is_controlled()).collect()
}

#[test]
fn every_engine_s_witness_is_written_and_fails_again() {
    for engine in controlled() {
        let folder = Folder::new();
        let first = run("broken").on(engine).with(&folder);
        assert!(!first.passed, "the model is refuted:\n{first}");
        assert!(first.text.contains("the witness was written to "), "it is told:\n{first}");
        let path = folder.only_file();
        let witness = Witness::read_from(&path).expect("what was written can be read");
        assert_eq!((witness.subject.as_str(), witness.property.as_str()), models::NAMES);
        assert_eq!(witness.found_by.to_string(), engine.to_string());
        assert_eq!(witness.test.as_deref(), Some("models::broken"));

        let again = run("broken").on(engine).with(&folder);
        assert!(!again.passed, "the witness fails again:\n{again}");
        assert!(again.text.contains(" fails again"), "{engine} says so:\n{again}");
        assert!(again.text.contains("a witness fails already"), "nothing else ran:\n{again}");
        assert!(again.text.contains("both additions count"), "by the same defect:\n{again}");
        assert_eq!(folder.only_file(), path, "no second one is written");
    }
}

#[test]
fn where_explore_is_there_the_witness_is_its_shortest() {
    if !controlled().contains(&Engine::Explore) {
        return;
    }
    let folder = Folder::new();
    let run = run("broken").with(&folder);
    let sentence = "needs 1 preemption; none fails with fewer";
    assert!(run.text.contains(sentence), "the account says so:\n{run}");
    let witness = Witness::read_from(&folder.only_file()).expect("it can be read");
    let minimality = witness.failure.minimality.expect("it was shortened");
    assert_eq!(minimality.sentence, sentence);
    assert!(minimality.established && minimality.is_shortest);
    let schedule = witness.failure.schedule.expect("it can be replayed");
    assert!(schedule.starts_with("explore/1 "), "whichever engine found it: {schedule}");
}

#[test]
fn real_threads_write_no_witness_and_say_why() {
    let folder = Folder::new();
    let run = run("always_broken").on(Engine::Std).with(&folder);
    assert!(run.text.contains("real threads leave no schedule"), "it is told:\n{run}");
    assert!(run.text.contains("lockproof/explore"), "with the way out:\n{run}");
    assert!(folder.files().is_empty());
}

#[test]
fn a_twin_leaves_a_witness_on_request_only() {
    for engine in controlled() {
        let folder = Folder::new();
        assert!(run("twin").on(engine).with(&folder).passed);
        assert!(folder.files().is_empty(), "it is broken on purpose");
        let kept = run("kept_twin").on(engine).with(&folder);
        assert!(kept.passed, "the twin is refuted as expected:\n{kept}");
        folder.only_file();
        let again = run("kept_twin").on(engine).with(&folder);
        assert!(again.passed, "a twin is to fail, by witness and by search:\n{again}");
        folder.only_file();
    }
}

#[test]
fn writing_can_be_switched_off() {
    let Some(&engine) = controlled().first() else { return };
    let folder = Folder::new();
    let run = run("broken").on(engine).without_writing(&folder);
    assert!(run.text.contains("LOCKPROOF_WITNESSES is off"), "it is told:\n{run}");
    assert!(folder.files().is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_leaves_the_account_as_it_is() {
    let Some(&engine) = controlled().first() else { return };
    let folder = Folder::new();
    let file = folder.put("file", "in the way of a folder");
    let run = run("broken").on(engine).with_folder(&file.join("witnesses"));
    assert!(!run.passed && run.text.contains("both additions count"), "the account:\n{run}");
    assert!(run.text.contains("no witness was written: cannot write "), "the warning:\n{run}");
    assert!(run.text.contains("LOCKPROOF_WITNESSES"), "the way out:\n{run}");
}

#[test]
fn a_witness_lies_beside_the_crate() {
    let Some(&engine) = controlled().first() else { return };
    let folder = Folder::new();
    run("broken").on(engine).in_package(folder.path());
    let files = Folder::files_in(&folder.path().join("lockproof-witnesses"));
    assert_eq!(files.len(), 1, "one witness: {files:?}");
}

#[test]
fn asked_to_replay_the_model_of_the_witness_runs_it_and_no_other_does_anything() {
    for engine in controlled() {
        let folder = Folder::new();
        run("broken").on(engine).with(&folder);
        let path = folder.only_file();
        let replayed = run("broken").replaying(&path);
        assert!(!replayed.passed, "the defect comes again:\n{replayed}");
        assert!(replayed.text.contains("fails again"), "{replayed}");
        let other = run("always_broken").replaying(&path);
        assert!(other.passed, "another model does nothing:\n{other}");
    }
}

#[test]
fn asked_to_list_models_do_nothing() {
    let listed = run("always_broken").listing();
    assert!(listed.passed, "it would fail if it ran:\n{listed}");
}
