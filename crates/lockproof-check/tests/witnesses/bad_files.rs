//! Files that are no witness of the model: each is named, with the way out, and the search runs.

use lockproof_check::{Engine, Witness};

use crate::controlled;
use crate::process::{Folder, run};

const NAME: &str = "Total-counts_every_addition.json";

/// A witness as another build might have left it.
pub(crate) fn witness(engine: Engine) -> String {
    format!(
        r#"{{
  "format": "lockproof-witness",
  "version": 2,
  "subject": "Total",
  "property": "counts every addition",
  "location": "tests/models.rs:3:5",
  "test": null,
  "found_by": "{engine}",
  "fingerprint": "0000000000000000",
  "defect": {{ "kind": "panic", "sentence": "panic: it fails" }},
  "execution": 1,
  "schedule": "{engine}/1 1",
  "trace": {{ "threads": ["main"], "events": [] }}
}}"#
    )
}

/// Files that are bad each in its way, with what is said of them.
fn bad_files() -> Vec<(String, &'static str)> {
    let good = witness(Engine::Explore);
    vec![
        (good[..good.len() / 2].to_owned(), "is damaged or no witness"),
        (String::new(), "is damaged or no witness"),
        ("nonsense".to_owned(), "is damaged or no witness"),
        (good.replace("\"version\": 2", "\"version\": 7"), "has version 7, this build reads"),
        (good.replace("lockproof-witness", "a poem"), "is of the format \"a poem\""),
        (good.replace("Total", "Sum"), "is of another model: Sum counts every addition"),
        (good.replace("explore/1 1", "explore/9 1"), "is damaged: not a schedule"),
        (good.replace("\"execution\": 1", "\"execution\": []"), "is damaged or no witness"),
        (good.replace("\"events\": []", "\"events\": [{\"thread\": 7}]"), "is damaged"),
        (" ".repeat(17 * 1024 * 1024), "has more than 16777216 bytes"),
    ]
}

#[test]
fn the_example_is_good() {
    let folder = Folder::new();
    let path = folder.put(NAME, &witness(Engine::Explore));
    Witness::read_from(&path).expect("only what is changed about it is bad");
}

#[test]
fn each_is_an_error_that_names_the_file_and_the_way_out() {
    for (text, said) in bad_files().into_iter().filter(|(_, said)| !said.contains("another")) {
        let folder = Folder::new();
        let error = Witness::read_from(&folder.put(NAME, &text)).expect_err(said).to_string();
        for part in [NAME, said, "delete it"] {
            assert!(error.contains(part), "the error says `{part}`: {error}");
        }
    }
}

#[test]
fn the_search_runs_all_the_same() {
    for (text, said) in bad_files() {
        let folder = Folder::new();
        folder.put(NAME, &text);
        let run = run("mended").with(&folder);
        assert!(run.text.contains(said), "it says `{said}`:\n{run}");
        assert!(run.text.contains(NAME), "the file is named:\n{run}");
        if controlled().contains(&Engine::Explore) {
            assert!(run.passed, "a proof takes its place:\n{run}");
        } else if controlled().is_empty() {
            assert!(!run.passed && run.text.contains("passed"), "nobody can tell:\n{run}");
        }
    }
}

#[test]
fn a_schedule_of_nonsense_is_followed_as_far_as_it_goes() {
    for engine in controlled() {
        for words in ["", "999999999999999999999", "0 0 0 0 7.7.7", "x", "0*99999999", "-1"] {
            let folder = Folder::new();
            let schedule = format!("{engine}/1 1");
            let text = witness(engine).replace(&schedule, &format!("{engine}/1 {words}"));
            folder.put(NAME, &text);
            let run = run("mended_without_proof").with(&folder);
            assert!(run.text.contains(NAME), "`{words}` of {engine} is told of:\n{run}");
            assert!(run.text.contains("passed") || run.passed, "the search has run:\n{run}");
        }
    }
}
