//! Whole reports, character by character.

use serde_json::json;

use crate::records::{held, lost_update, model, results, run};

#[test]
fn a_subject_and_its_twin_read_as_a_page() {
    let refuted = json!({"expectation": "refuted",
        "by": {"defect": "panic", "text": "is lost"}});
    let twin = model(
        "UnlockedCounter",
        20,
        &refuted,
        &json!([
            run("std", "stress", 100, held("luck")),
            run("loom", "exhaustive", 3, lost_update()),
        ]),
    );
    let subject = model(
        "LockedCounter",
        10,
        &json!({"expectation": "proved"}),
        &json!([
            run("std", "stress", 100, held("luck")),
            run("loom", "exhaustive", 1_234, json!({"verdict": "proved"})),
            {"engine": "shuttle", "controlled": true, "verdict": "skipped", "reason": "slow", "search": null},
        ]),
    );
    let demonstration = json!({"record": "demonstration", "title": "five threads",
        "lines": ["locked: 500000", "unlocked: 312345"]});
    let results = results(&[twin, demonstration, subject]);
    assert_eq!(
        results.to_string(),
        "\
subject or twin         property                engine   strategy    verdict         executions   time
---------------         --------                ------   --------    -------         ----------   ----
LockedCounter           counts every increment  std      stress      held [1]               100  12 ms
                                                loom     exhaustive  proved               1,234  12 ms
                                                shuttle  -           skipped: slow            -      -
UnlockedCounter (twin)  counts every increment  std      stress      held [1], luck         100  12 ms
                                                loom     exhaustive  refuted: panic           3  12 ms

[1] not covered: luck

UnlockedCounter counts every increment: refuted, as expected (tests/counter.rs:20)

loom, execution 3 of the exhaustive search:
panic in main: an increment is lost

      main              adder          at
      ────              ─────          ──
1     total load ➜ 0                   counter.rs:31
2                     ▸ total store 1  counter.rs:32

to repeat: run it again; the search takes the same order

five threads
  locked: 500000
  unlocked: 312345

1 proved, 0 held, 1 refuted as expected, 0 unexpected
"
    );
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
        &json!({"expectation": "holds"}),
        &json!([run("std", "stress", 100, held("luck")),]),
    );
    let text = results(&[subject, other]).to_string();
    let account = text.split("!!! NOT AS EXPECTED !!!").nth(1).expect("the alarm is raised");
    assert_eq!(
        account,
        "

LockedCounter counts every increment (tests/counter.rs:10)
expected: proved
but loom refutes it: panic in main: an increment is lost

engine  strategy    executions  threads  events  bound  seed   time  verdict
------  --------    ----------  -------  ------  -----  ----   ----  -------
loom    exhaustive           3        2       8      -     -  12 ms  refuted: panic

loom, execution 3 of the exhaustive search:
panic in main: an increment is lost

      main              adder          at
      ────              ─────          ──
1     total load ➜ 0                   counter.rs:31
2                     ▸ total store 1  counter.rs:32

to repeat: run it again; the search takes the same order

what to do: mend the subject, or the property if it asks too much

0 proved, 1 held, 0 refuted as expected, 1 unexpected
"
    );
}

#[test]
fn a_twin_that_only_real_threads_ran_is_left_to_luck() {
    let refuted = json!({"expectation": "refuted", "by": {"defect": "deadlock"}});
    let twin =
        model("UnlockedCounter", 20, &refuted, &json!([run("std", "stress", 100, held("luck")),]));
    let tally = results(&[twin]).tally();
    assert_eq!(
        tally.to_string(),
        "0 proved, 0 held, 0 refuted as expected, 1 left to luck, 0 unexpected"
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
