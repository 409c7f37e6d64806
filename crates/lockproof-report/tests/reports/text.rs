//! Whole reports, character by character.

use insta::assert_snapshot;
use serde_json::json;

use crate::records::{complete, lost_update, model, outcomes, results, run};

#[test]
fn a_subject_and_its_twin_read_as_a_page() {
    let refuted = json!({"expectation": "refuted",
        "by": {"defect": "panic", "text": "is lost"}});
    let twin = model(
        "UnlockedCounter",
        20,
        &refuted,
        &json!([
            run("std", "stress", 100, complete()),
            run("loom", "exhaustive", 3, lost_update()),
        ]),
    );
    let subject = model(
        "LockedCounter",
        10,
        &json!({"expectation": "proved"}),
        &json!([
            run("std", "stress", 100, complete()),
            run("loom", "exhaustive", 1_234, complete()),
            {"engine": "shuttle", "ending": "skipped", "reason": "slow", "search": null},
        ]),
    );
    let demonstration = json!({"record": "demonstration", "title": "five threads",
        "lines": ["locked: 500000", "unlocked: 312345"]});
    let results = results(&[twin, demonstration, subject]);
    assert_snapshot!(results.to_string());
}

#[test]
fn what_is_not_as_expected_comes_last_and_whole() {
    let subject = model(
        "LockedCounter",
        10,
        &json!({"expectation": "proved"}),
        &json!([run("loom", "exhaustive", 3, lost_update()),]),
    );
    let other = model(
        "Queue",
        5,
        &json!({"expectation": "passes"}),
        &json!([run("std", "stress", 100, complete()),]),
    );
    let text = results(&[subject, other]).to_string();
    let account = text.split("!!! NOT AS EXPECTED !!!").nth(1).expect("the alarm is raised");
    assert_snapshot!(account);
}

#[test]
fn a_twin_that_only_real_threads_ran_is_left_to_luck() {
    let refuted = json!({"expectation": "refuted", "by": {"defect": "deadlock"}});
    let twin =
        model("UnlockedCounter", 20, &refuted, &json!([run("std", "stress", 100, complete()),]));
    let tally = results(&[twin]).tally();
    assert_eq!(
        tally.to_string(),
        "0 proved, 0 passed, 0 refuted as expected, 1 left to luck, 0 unexpected"
    );
}

#[test]
fn the_models_of_one_subject_stand_together() {
    let proved = || json!({"expectation": "proved"});
    let models = [("Map", 30), ("Counter", 20), ("Map", 10)];
    let records: Vec<_> =
        models.iter().map(|(subject, line)| model(subject, *line, &proved(), &json!([]))).collect();
    let results = results(&records);
    let order: Vec<_> = results
        .models()
        .iter()
        .map(|model| (model.subject.as_str(), model.location.line))
        .collect();
    assert_eq!(order, [("Map", 10), ("Map", 30), ("Counter", 20)]);
}

#[test]
fn outcomes_are_shown_and_a_forbidden_one_is_not_as_expected() {
    let report = |forbidden| {
        let runs = json!([run("explore", "exhaustive", 3, complete())]);
        let mut counter = model("Counter", 1, &json!({"expectation": "passes"}), &runs);
        counter["outcomes"] = outcomes(forbidden);
        results(&[counter])
    };
    let good = report(0);
    assert_eq!(good.unexpected().count(), 0, "it is as graded");
    let table = "\
the outcomes of Counter in add() | <get()>, on explore

outcome  interleavings  grade
-------  -------------  -----
1 | 0            1,200  required
0 | 0                0  forbidden

every interleaving was explored
";
    assert!(good.to_string().contains(table), "{good}");
    let bad = report(2);
    assert_eq!(bad.unexpected().count(), 1, "a forbidden outcome is possible");
    for part in ["but 0 | 0 is forbidden, but possible", "0 | 0                2  forbidden  wrong"]
    {
        assert!(bad.to_string().contains(part), "it says {part:?}: {bad}");
    }
}
