//! The witness of a contract: its scenario is made again, and its one execution is replayed.

use lockproof_check::record::{GeneratedScenario, ScenarioOrigin};
use lockproof_check::{Appearance, Engine, Witness, explanation};

use crate::process::{Folder, Run, run_contract};
use crate::{bad_files, controlled};

fn explore() -> Option<Engine> {
    controlled().into_iter().find(|engine| *engine == Engine::Explore)
}

/// A folder with the witness that a contract has left.
fn witness_of(contract: &str, engine: Engine) -> Folder {
    let folder = Folder::new();
    run_contract(contract).on(engine).with(&folder);
    folder.only_file();
    folder
}

fn read(folder: &Folder) -> Witness {
    Witness::read_from(&folder.only_file()).expect("what was written can be read")
}

fn origin(witness: &Witness) -> ScenarioOrigin {
    let scenario = witness.failure.scenario.clone().expect("a contract has a scenario");
    scenario.origin.expect("it comes from somewhere")
}

/// A folder with the witness of the broken contract, in which a text stands in place of another.
fn tampered(one: &str, other: &str) -> Folder {
    let folder = witness_of("broken", Engine::Explore);
    let text = std::fs::read_to_string(folder.only_file()).expect("it can be read");
    assert!(text.contains(one), "the witness has `{one}`:\n{text}");
    folder.put(&folder.only_name(), &text.replace(one, other));
    folder
}

fn says(run: &Run, parts: &[&str]) {
    for part in parts {
        assert!(run.text.contains(part), "it says `{part}`:\n{run}");
    }
}

#[test]
fn every_engine_s_witness_of_a_contract_is_written_and_fails_again() {
    for engine in controlled() {
        let folder = Folder::new();
        let first = run_contract("broken").on(engine).with(&folder);
        assert!(!first.passed, "the contract is refuted:\n{first}");
        says(&first, &["the witness was written to "]);
        let witness = read(&folder);
        assert_eq!(witness.subject, "Stock");
        assert_eq!(witness.property, "is linearizable");
        assert_eq!(witness.found_by.to_string(), engine.to_string());
        let origin = origin(&witness);
        assert!(origin.generated.is_some_and(|generated| generated.seed == 0), "{origin:?}");
        assert!(origin.shrinking.contains('+'), "{engine} has made it smaller: {origin:?}");

        let again = run_contract("broken").on(engine).with(&folder);
        assert!(!again.passed, "the witness fails again:\n{again}");
        says(&again, &[" fails again\n", "a witness fails already", "replay", "not linearizable"]);
        folder.only_file();
    }
}

#[test]
fn the_scenario_of_the_witness_is_the_smallest_and_the_replay_shows_it_whole() {
    let Some(engine) = explore() else { return };
    let folder = witness_of("broken", engine);
    let witness = read(&folder);
    let scenario = witness.failure.scenario.expect("a contract has a scenario");
    assert_eq!(scenario.calls, "before: put(1); take() | take()");
    let again = run_contract("broken").on(engine).with(&folder);
    says(
        &again,
        &[
            "explore, the execution of the witness, in the scenario before: put(1); take() | take():",
            ".- take()",
            "|             take() -> true",
            "in every order that keeps real time",
            "fn stock_is_linearizable_in_this_scenario()",
        ],
    );
}

#[test]
fn the_account_of_the_file_alone_has_the_table_and_the_test() {
    let Some(engine) = explore() else { return };
    let witness = read(&witness_of("broken", engine));
    let account = explanation::of_witness(&witness, Appearance::default());
    for part in [
        "in the scenario before: put(1); take() | take()\n",
        ".- take()",
        "may come in any order",
        "fn stock_is_linearizable_in_this_scenario()",
        "the schedule: explore/1 ",
    ] {
        assert!(account.contains(part), "the account has `{part}`: {account}");
    }
}

#[test]
fn a_scenario_by_hand_is_found_by_its_text_and_made_smaller_again() {
    for engine in controlled() {
        let folder = witness_of("broken_by_hand", engine);
        let origin = origin(&read(&folder));
        assert_eq!(origin.generated, None);
        assert_eq!(origin.calls, "before: put(1); take() | take(); after: take()");
        let again = run_contract("broken_by_hand").on(engine).with(&folder);
        assert!(!again.passed, "it is refuted:\n{again}");
        says(&again, &[" fails again\n", "in the scenario before: put(1); take() | take():"]);
        let mended = run_contract("mended_by_hand").on(engine).with(&folder);
        if engine == Engine::Shuttle {
            says(&mended, &[" no longer fits: at step "]);
        } else {
            says(&mended, &["does not fail any more"]);
        }
    }
}

#[test]
fn the_defect_of_a_mended_subject_is_gone() {
    let Some(engine) = explore() else { return };
    let folder = witness_of("broken", engine);
    let run = run_contract("mended").on(engine).with(&folder);
    assert!(run.passed, "its schedule does not fit, but its scenario is proved:\n{run}");
    says(&run, &["does not fail any more", "its defect is gone"]);
    folder.only_file();
}

#[test]
fn a_defect_that_takes_other_steps_is_found_in_the_scenario_of_the_witness() {
    let Some(engine) = explore() else { return };
    let run = run_contract("broken_in_other_steps").on(engine).with(&witness_of("broken", engine));
    assert!(!run.passed, "it fails:\n{run}");
    says(
        &run,
        &[
            "fails again (in another execution of its scenario: at step ",
            "needs 1 preemption; none fails with fewer",
            "a witness fails already",
        ],
    );
}

#[test]
fn a_scenario_that_nobody_explores_completely_leaves_the_witness_stale() {
    let Some(engine) = explore() else { return };
    let run = run_contract("mended_and_bounded").on(engine).with(&witness_of("broken", engine));
    assert!(!run.passed, "nobody knows whether the defect is gone:\n{run}");
    says(&run, &["no longer fits: at step ", "passed", "delete it when you are sure"]);
}

#[test]
fn a_contract_that_has_changed_leaves_the_witness_stale_and_says_how() {
    let Some(engine) = explore() else { return };
    for (contract, said) in [
        ("mended_with_other_scenarios", &["of seed 0 was `", "`, and is `", "` now"][..]),
        ("mended_with_other_calls", &["the contract does not generate scenario "]),
    ] {
        let run = run_contract(contract).on(engine).with(&witness_of("broken", engine));
        assert!(!run.passed, "nobody knows whether the defect is gone:\n{run}");
        says(&run, &["no longer fits: ", "passed"]);
        says(&run, said);
    }
    let folder = witness_of("broken_by_hand", engine);
    let run = run_contract("mended_with_a_constraint").on(engine).with(&folder);
    says(&run, &["no longer fits: the scenario `", "` breaks a constraint: "]);
}

#[test]
fn how_many_scenarios_are_tried_and_from_which_seed_does_not_concern_the_witness() {
    let Some(engine) = explore() else { return };
    for contract in ["broken_and_hardly_tried", "broken_with_another_seed"] {
        let run = run_contract(contract).on(engine).with(&witness_of("broken", engine));
        assert!(!run.passed, "{contract}: it fails again:\n{run}");
        says(&run, &[" fails again\n"]);
    }
}

#[test]
fn a_forged_witness_is_refused() {
    let Some(engine) = explore() else { return };
    let number = origin(&read(&witness_of("broken", engine))).generated;
    let GeneratedScenario { number, .. } = number.expect("it is generated");
    let number = format!("\"number\": {number}");
    for (one, other, said) in [
        (number.as_str(), "\"number\": 18446744073709551615", "is beyond the 10000 that are"),
        (&number, "\"number\": 0", "does not generate scenario 0 of seed 0 any more"),
        ("\"seed\": 0", "\"seed\": 1", "of seed 1 was `"),
        ("\"shrinking\": \"", "\"shrinking\": \"-----", "the same steps lead to `"),
        (
            "\"calls\": \"before: put(1); take()",
            "\"calls\": \"take()",
            "was made smaller to `take()",
        ),
        ("\"origin\"", "\"orig\"", "does not say which scenario it is of; restore it from version"),
        (&number, "\"number\": \"x\"", "is damaged or no witness: "),
        ("\"Stock\"", "\"Store\"", "is of another model: Store is linearizable"),
    ] {
        let folder = tampered(one, other);
        let run = run_contract("mended").on(engine).with(&folder);
        assert!(!run.passed, "`{other}` leaves a doubt:\n{run}");
        says(&run, &[said, folder.only_name().as_str(), "delete it", "passed"]);
    }
}

#[test]
fn a_twin_s_contract_leaves_a_witness_on_request_only() {
    let Some(engine) = explore() else { return };
    let folder = Folder::new();
    assert!(run_contract("twin").on(engine).with(&folder).passed, "it is a twin");
    assert!(folder.files().is_empty(), "it is broken on purpose");
    for _ in 0..2 {
        let kept = run_contract("kept_twin").on(engine).with(&folder);
        assert!(kept.passed, "a twin is to fail, by witness and by search:\n{kept}");
        folder.only_file();
    }
    let folder = Folder::new();
    assert!(!run_contract("not_kept").on(engine).with(&folder).passed, "it is refuted");
    assert!(folder.files().is_empty(), "it was told to leave none");
}

#[test]
fn a_refinement_leaves_no_witness_and_says_so_where_one_is_asked_for() {
    let Some(engine) = explore() else { return };
    for (contract, said) in [
        ("not_refining", "fn stock_refines_stock_in_this_scenario()"),
        ("not_refining_and_kept", "no witness was written: a comparison of outcomes leaves none"),
    ] {
        let folder = Folder::new();
        let run = run_contract(contract).on(engine).with(&folder);
        assert!(!run.passed, "it does not refine:\n{run}");
        says(&run, &[said]);
        assert!(folder.files().is_empty(), "{contract} leaves none");
    }
}

#[test]
fn asked_to_replay_the_contract_of_the_witness_runs_it_and_no_other_does_anything() {
    for engine in controlled() {
        let folder = witness_of("broken", engine);
        let path = folder.only_file();
        let replayed = run_contract("broken").replaying(&path);
        assert!(!replayed.passed, "the defect comes again:\n{replayed}");
        says(&replayed, &["fails again"]);
        for other in ["another_property", "not_refining"] {
            let other = run_contract(other).replaying(&path);
            assert!(other.passed, "another contract does nothing:\n{other}");
        }
    }
}

#[test]
fn asked_to_list_or_to_replay_another_s_witness_contracts_do_nothing() {
    let folder = Folder::new();
    let path = folder.put("a.json", &bad_files::witness(Engine::Explore));
    let contract = || run_contract("always_broken");
    for run in [contract().listing(), contract().replaying(&path)] {
        assert!(run.passed, "it would fail if it ran:\n{run}");
    }
    assert!(!contract().with(&folder).passed, "as it does if it runs");
}

#[test]
fn real_threads_write_no_witness_of_a_contract_and_say_why() {
    let folder = Folder::new();
    let run = run_contract("always_broken").on(Engine::Std).with(&folder);
    assert!(!run.passed, "it is refuted:\n{run}");
    says(&run, &["real threads leave no schedule"]);
    assert!(folder.files().is_empty());
}
