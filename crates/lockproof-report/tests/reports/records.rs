//! Small records, as models would leave them behind.

use lockproof_check::Record;
use lockproof_report::{Results, Trouble};
use serde_json::{Value, json};

pub(crate) fn results(records: &[Value]) -> Results {
    let read = |record: &Value| serde_json::from_value::<Record>(record.clone());
    records
        .iter()
        .map(|record| read(record).expect("the test writes well-formed records"))
        .collect()
}

/// What an engine did: `verdict` has the verdict's word and its particulars.
pub(crate) fn run(engine: &str, strategy: &str, executions: u64, verdict: Value) -> Value {
    let mut run = json!({
        "engine": engine,
        "controlled": engine != "std",
        "search": {
            "strategy": strategy, "exhaustive": strategy == "exhaustive",
            "executions": executions, "elapsed": {"secs": 0, "nanos": 12_000_000},
            "threads": 2, "events": 8, "preemptions": null, "seed": null, "blind_spots": [],
        },
    });
    let Value::Object(verdict) = verdict else { panic!("a verdict is an object") };
    run.as_object_mut().expect("a run is an object").extend(verdict);
    run
}

pub(crate) fn model(subject: &str, line: u32, expectation: &Value, runs: &Value) -> Value {
    json!({
        "record": "model", "subject": subject, "property": "counts every increment",
        "location": format!("tests/counter.rs:{line}:5"), "test": null,
        "expectation": expectation, "runs": runs,
    })
}

pub(crate) fn lost_update() -> Value {
    json!({"verdict": "refuted", "failure": {
        "defect": {"kind": "panic", "sentence": "panic in main: an increment is lost",
                   "message": "an increment is lost"},
        "execution": 3,
        "trace": {"threads": ["main", "adder"], "events": [
            {"thread": 0, "operation": "load = 0", "object": "total", "location": "counter.rs:31:5"},
            {"thread": 1, "operation": "store 1", "object": "total", "location": "counter.rs:32:5"},
        ]},
    }})
}

pub(crate) fn held(missing: &str) -> Value {
    json!({"verdict": "held", "missing": [missing]})
}

/// A run that an engine gave up.
pub(crate) fn gave_up(reason: &str) -> Value {
    json!({"verdict": "inconclusive", "reason": reason})
}

/// Two threads that wait for each other's locks.
pub(crate) fn deadlock() -> Value {
    json!({"verdict": "refuted", "failure": {
        "defect": {"kind": "deadlock", "sentence": "deadlock: main waits", "blocked": [
            {"thread": "main", "waits_for": "lock state", "location": "registry.rs:84:9",
             "held_by": ["setter"], "holds": [{"lock": "configuration", "since": "registry.rs:81:9"}]},
            {"thread": "setter", "waits_for": "lock configuration", "location": "opposite.rs:36:9",
             "held_by": ["main"], "holds": [{"lock": "state", "since": "opposite.rs:35:9"}]},
        ]},
        "execution": 2,
        "trace": {"threads": ["main", "setter"], "events": [
            {"thread": 0, "operation": "spawn setter", "location": "tests/registry.rs:25:5"},
            {"thread": 0, "operation": "lock", "object": "configuration", "location": "registry.rs:81:9"},
            {"thread": 1, "operation": "lock", "object": "state", "location": "opposite.rs:35:9"},
            {"thread": 1, "operation": "lock", "object": "configuration", "blocked": true,
             "location": "opposite.rs:36:9"},
            {"thread": 0, "operation": "lock", "object": "state", "blocked": true,
             "location": "registry.rs:84:9"},
        ]},
    }})
}

/// One model of each end: proved, refuted as expected, refuted and inconclusive against the
/// expectation, left out; a demonstration, and a trouble.
pub(crate) fn of_every_end() -> Results {
    let refuted = |by: &str| json!({"expectation": "refuted", "by": {"defect": by}});
    let lost = json!({"expectation": "refuted", "by": {"defect": "panic", "text": "is lost"}});
    let records = [
        model(
            "LockedCounter",
            10,
            &json!({"expectation": "proved"}),
            &json!([
                run("std", "stress", 100, held("luck")),
                run("loom", "exhaustive", 1_234, json!({"verdict": "proved"})),
                {"engine": "shuttle", "controlled": true, "verdict": "skipped", "reason": "slow", "search": null},
            ]),
        ),
        model(
            "UnlockedCounter",
            20,
            &lost,
            &json!([
                run("std", "stress", 100, held("luck")),
                run("loom", "exhaustive", 3, lost_update()),
            ]),
        ),
        model(
            "Registry",
            30,
            &json!({"expectation": "proved"}),
            &json!([
                run("std", "stress", 100, held("luck")),
                run("explore", "exhaustive", 2, deadlock()),
            ]),
        ),
        model(
            "ForgetfulRegistry",
            40,
            &refuted("deadlock"),
            &json!([
                run("explore", "exhaustive", 9, json!({"verdict": "proved"})),
                run("shuttle", "random", 500, gave_up("out of budget: 60s")),
            ]),
        ),
        json!({"record": "demonstration", "title": "five threads",
               "lines": ["locked: 500000", "unlocked: 312345"]}),
    ];
    results(&records).with_troubles([Trouble::new(
        "registry, models",
        "the test executable crashed: signal: 6",
        "running 1 test\nmemory allocation failed",
    )])
}
