//! The lock order as JSON, as text and as a graph.

use lockproof_check::Record;
use lockproof_check::lock_order::{self, LockOrder};
use serde_json::{Value, json};

fn order() -> Value {
    json!({
        "executions": 7,
        "locks": [
            {"name": "a \"quoted\"\nname\\", "kind": "mutex", "created": "a.rs:1:5"},
            {"name": "b", "kind": "rwlock", "created": "a.rs:2:5"},
        ],
        "edges": [
            {
                "from": 0, "to": 1, "thread": "main",
                "held": "exclusive", "held_since": "a.rs:10:1",
                "taken": "shared", "taken_at": "a.rs:11:1", "executions": 7,
            },
            {
                "from": 1, "to": 0, "thread": "worker",
                "held": "exclusive", "held_since": "a.rs:20:1",
                "taken": "exclusive", "taken_at": "a.rs:21:1", "executions": 3,
            },
        ],
        "cycles": [{"edges": [0, 1], "status": "potential", "tried": ["nothing"]}],
        "held_across": [{
            "lock": 0, "thread": "main", "held_since": "a.rs:10:1",
            "call": "join worker", "at": "a.rs:12:1", "executions": 1,
        }],
        "longest_sections": [
            {"lock": 0, "thread": "main", "since": "a.rs:10:1", "events": 4, "executions": 7},
        ],
        "left_out": [],
        "unmet": [],
    })
}

fn parsed(value: Value) -> LockOrder {
    serde_json::from_value(value).expect("it is of the form of a lock order")
}

#[test]
fn a_lock_order_reads_as_it_was_written() {
    let order = parsed(order());
    let text = serde_json::to_string(&order).expect("it can be written");
    assert_eq!(serde_json::from_str::<LockOrder>(&text).expect("it can be read"), order);
}

#[test]
fn a_lock_order_that_names_what_it_does_not_have_is_refused() {
    let wrong = [
        ("/edges/0/to", 2, "lock 2"),
        ("/held_across/0/lock", 9, "lock 9"),
        ("/longest_sections/0/lock", 3, "lock 3"),
        ("/cycles/0/edges/1", 5, "edge 5"),
    ];
    for (place, number, named) in wrong {
        let mut value = order();
        *value.pointer_mut(place).expect("the order has the place") = json!(number);
        let error = serde_json::from_value::<LockOrder>(value).expect_err("it is refused");
        assert!(error.to_string().contains(named), "the error names it: {error}");
    }
}

#[test]
fn a_record_cannot_discharge_a_cycle_by_a_proof_that_it_does_not_carry() {
    let run = |strategy: &str| {
        json!({
            "engine": "explore", "ending": "complete", "verdict": "proved", "search": {
                "strategy": strategy, "executions": 7, "elapsed": {"secs": 0, "nanos": 0},
                "threads": 2, "events": 9, "preemptions": null, "seed": null, "blind_spots": [],
            },
        })
    };
    for (strategy, status) in [("exhaustive", "discharged"), ("random", "potential")] {
        let mut order = order();
        order["cycles"] = json!([{"edges": [0, 1], "status": "discharged",
            "reason": {"because": "explored", "engine": "explore"}}]);
        let record = json!({
            "version": Record::VERSION, "record": "model", "subject": "Registry",
            "property": "updates", "location": "a.rs:1:1", "test": null, "expectation": null,
            "runs": [run(strategy)], "lock_order": order,
        });
        let path = std::env::temp_dir().join(format!("lockproof-{strategy}.json"));
        std::fs::write(&path, record.to_string()).expect("the temporary folder can be written");
        let read = Record::read_from(&path).expect("it is a record");
        let _ = std::fs::remove_file(&path);
        let Record::Model(report) = read else { panic!("it is a model") };
        let cycles = &report.lock_order.expect("it has a lock order").cycles;
        assert_eq!(cycles[0].status.word(), status, "a {strategy} search");
    }
}

#[test]
fn the_text_names_threads_locks_modes_and_places() {
    assert_eq!(
        lock_order::details(&parsed(order())),
        "\
lock order in 7 executions: 2 locks, 2 edges, 1 cycle
  main takes b for reading at a.rs:11, holding a \"quoted\"; name\\ since a.rs:10, in 7 executions
  worker takes a \"quoted\"; name\\ at a.rs:21, holding b since a.rs:20, in 3 executions
cycle of locks, a potential deadlock; tried: nothing
  main takes b for reading at a.rs:11, holding a \"quoted\"; name\\ since a.rs:10
  worker takes a \"quoted\"; name\\ at a.rs:21, holding b since a.rs:20
held across a blocking call: main holds a \"quoted\"; name\\ since a.rs:10 at a.rs:12: join worker, in 1 execution
critical section of 4 events: a \"quoted\"; name\\ in main since a.rs:10
"
    );
}

#[test]
fn the_graph_escapes_names_and_colours_cycles() {
    assert_eq!(
        lock_order::dot(&parsed(order())),
        r#"digraph lock_order {
  lock0 [label="a \"quoted\"; name\\\nmutex, a.rs:1"];
  lock1 [label="b\nrwlock, a.rs:2"];
  lock0 -> lock1 [label="main, 7 x\nheld exclusively since a.rs:10\ntaken for reading at a.rs:11", color=orange];
  lock1 -> lock0 [label="worker, 3 x\nheld exclusively since a.rs:20\ntaken exclusively at a.rs:21", color=orange];
}
"#
    );
}
