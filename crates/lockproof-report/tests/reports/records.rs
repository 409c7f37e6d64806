//! Small records, as models would leave them behind.

use lockproof_record::Record;
use lockproof_report::{Results, RunError};
use serde_json::{Value, json};

pub(crate) fn results(records: &[Value]) -> Results {
    let read = |record: &Value| serde_json::from_value::<Record>(record.clone());
    records
        .iter()
        .map(|record| read(record).expect("the test writes well-formed records"))
        .collect()
}

/// What an engine did: `ending` has the ending's word and its particulars.
pub(crate) fn run(engine: &str, strategy: &str, executions: u64, ending: Value) -> Value {
    let mut run = json!({"engine": engine, "search": search(strategy, executions)});
    let Value::Object(ending) = ending else { panic!("an ending is an object") };
    run.as_object_mut().expect("a run is an object").extend(ending);
    run
}

fn search(strategy: &str, executions: u64) -> Value {
    json!({
        "strategy": strategy, "executions": executions,
        "elapsed": {"secs": 0, "nanos": 12_000_000}, "threads": 2, "events": 8,
        "preemptions": null, "seed": null, "blind_spots": [],
    })
}

pub(crate) fn model(subject: &str, line: u32, expectation: &Value, runs: &Value) -> Value {
    json!({
        "record": "model", "subject": subject, "property": "counts every increment",
        "location": format!("tests/counter.rs:{line}:5"), "test": null,
        "expectation": expectation, "runs": runs,
    })
}

pub(crate) fn lost_update() -> Value {
    json!({"ending": "failed", "failure": {
        "defect": {"kind": "panic", "sentence": "panic in main: an increment is lost",
                   "message": "an increment is lost"},
        "execution": 3,
        "trace": {
            "threads": ["main", "adder"],
            "objects": [{"name": "total", "kind": "atomic", "created": "counter.rs:20:5"}],
            "events": [
                {"thread": 0, "operation": "load = 0", "object": "total", "location": "counter.rs:31:5",
                 "action": {"kind": "load", "name": "load", "object": 0, "read": "0"}},
                {"thread": 1, "operation": "store 1", "object": "total", "location": "counter.rs:32:5",
                 "action": {"kind": "store", "name": "store", "object": 0, "written": "1"}},
            ],
        },
    }})
}

/// A table of outcomes; one of them is forbidden, and so many interleavings give it.
pub(crate) fn outcomes(forbidden: u64) -> Value {
    json!({
        "title": "Counter in add() | <get()>", "engine": "explore",
        "search": search("exhaustive", 1_200 + forbidden),
        "rows": [
            {"outcome": "1 | 0", "executions": 1_200, "grade": "required"},
            {"outcome": "0 | 0", "executions": forbidden, "grade": "forbidden"},
        ],
    })
}

/// A run that came to its end: the facts of its search decide what that shows.
pub(crate) fn complete() -> Value {
    json!({"ending": "complete"})
}

/// A run that an engine gave up.
pub(crate) fn gave_up(reason: &str) -> Value {
    json!({"ending": "gave_up", "reason": reason})
}

/// Two threads that wait for each other's locks.
pub(crate) fn deadlock() -> Value {
    json!({"ending": "failed", "failure": {
        "defect": {"kind": "deadlock", "sentence": "deadlock: main waits", "blocked": [
            {"thread": "main", "waits_for": "lock state", "location": "registry.rs:84:9",
             "held_by": ["setter"], "holds": [{"lock": "configuration", "since": "registry.rs:81:9"}]},
            {"thread": "setter", "waits_for": "lock configuration", "location": "opposite.rs:36:9",
             "held_by": ["main"], "holds": [{"lock": "state", "since": "opposite.rs:35:9"}]},
        ]},
        "execution": 2,
        "schedule": "explore 1: main main setter setter main",
        "minimality": {
            "preemptions": 1, "context_switches": 2, "events": 5, "established": true,
            "is_shortest": true, "sentence": "needs 1 preemption; none fails with fewer",
        },
        "trace": {
            "threads": ["main", "setter"],
            "objects": [
                {"name": "configuration", "kind": "mutex", "created": "registry.rs:40:9"},
                {"name": "state", "kind": "mutex", "created": "registry.rs:41:9"},
            ],
            "events": [
                {"thread": 0, "operation": "spawn setter", "location": "tests/registry.rs:25:5",
                 "action": {"kind": "spawn", "name": "spawn", "threads": [1]}},
                locking(0, 0, "configuration", "registry.rs:81:9"),
                locking(1, 1, "state", "opposite.rs:35:9"),
                waiting(1, 0, "configuration", "opposite.rs:36:9"),
                waiting(0, 1, "state", "registry.rs:84:9"),
            ],
        },
    }})
}

fn locking(thread: usize, lock: usize, name: &str, location: &str) -> Value {
    json!({"thread": thread, "operation": "lock", "object": name, "location": location,
           "action": {"kind": "lock", "name": "lock", "object": lock,
                      "locks": [{"lock": lock, "before": null, "after": "exclusive"}]}})
}

fn waiting(thread: usize, lock: usize, name: &str, location: &str) -> Value {
    json!({"thread": thread, "operation": "lock", "object": name, "location": location,
           "blocked": true, "action": {"kind": "lock", "name": "lock", "object": lock}})
}

/// The lock order of two threads that take two locks in opposite orders.
fn opposite_orders() -> Value {
    let edge = |from: usize, thread: &str, since: &str, at: &str| {
        json!({"from": from, "to": 1 - from, "thread": thread, "held": "exclusive",
               "held_since": since, "taken": "exclusive", "taken_at": at, "executions": 2})
    };
    json!({
        "executions": 3,
        "locks": [
            {"name": "configuration", "kind": "mutex", "created": "registry.rs:40:9"},
            {"name": "state", "kind": "mutex", "created": "registry.rs:41:9"},
        ],
        "edges": [
            edge(0, "main", "registry.rs:81:9", "registry.rs:84:9"),
            edge(1, "setter", "opposite.rs:35:9", "opposite.rs:36:9"),
        ],
        "cycles": [{"edges": [0, 1], "status": "potential", "tried": ["too little time"]}],
        "held_across": [{"lock": 0, "thread": "main", "held_since": "registry.rs:81:9",
                         "call": "join setter", "at": "registry.rs:90:9", "executions": 1}],
        "longest_sections": [{"lock": 0, "thread": "main", "since": "registry.rs:81:9",
                              "events": 4, "executions": 3}],
        "left_out": [], "unmet": [],
    })
}

/// One model of each end: proved, refuted as expected, refuted and inconclusive against the
/// expectation, left out; a demonstration, and what went wrong beside the models.
pub(crate) fn of_every_end() -> Results {
    let refuted = |by: &str| json!({"expectation": "refuted", "by": {"defect": by}});
    let lost = json!({"expectation": "refuted", "by": {"defect": "panic", "text": "is lost"}});
    let mut records = [
        model(
            "LockedCounter",
            10,
            &json!({"expectation": "proved"}),
            &json!([
                run("std", "stress", 100, complete()),
                run("loom", "exhaustive", 1_234, complete()),
                {"engine": "shuttle", "ending": "skipped", "reason": "slow", "search": null},
            ]),
        ),
        model(
            "UnlockedCounter",
            20,
            &lost,
            &json!([
                run("std", "stress", 100, complete()),
                run("loom", "exhaustive", 3, lost_update()),
            ]),
        ),
        model(
            "Registry",
            30,
            &json!({"expectation": "proved"}),
            &json!([
                run("std", "stress", 100, complete()),
                run("explore", "exhaustive", 2, deadlock()),
            ]),
        ),
        model(
            "ForgetfulRegistry",
            40,
            &refuted("deadlock"),
            &json!([
                run("explore", "exhaustive", 9, complete()),
                run("shuttle", "random", 500, gave_up("out of budget: 60s")),
            ]),
        ),
        json!({"record": "demonstration", "title": "five threads",
               "lines": ["locked: 500000", "unlocked: 312345"]}),
    ];
    records[2]["lock_order"] = opposite_orders();
    records[2]["witness_files"] =
        json!([{"path": "lockproof-witnesses/Registry.json", "state": "written"}]);
    results(&records).with_troubles([RunError::new(
        "registry, models",
        "the test executable crashed: signal: 6",
        "running 1 test\nmemory allocation failed",
    )])
}
