//! Timelines, character by character.

use serde_json::{Value, json};

use super::render;
use crate::record::RecordedFailure;

fn failure(value: Value) -> RecordedFailure {
    serde_json::from_value(value).expect("the test writes well-formed failures")
}

#[test]
fn a_lost_update_reads_from_top_to_bottom() {
    let failure = failure(json!({
        "defect": {
            "kind": "panic",
            "sentence": "panic in main: assertion failed\n  left: 1\n right: 2 at counter.rs:60",
            "message": "assertion failed\n  left: 1\n right: 2",
        },
        "execution": 7,
        "trace": {
            "threads": ["main", "adder"],
            "events": [
                {"thread": 0, "operation": "spawn adder", "location": "counter.rs:50:5"},
                {"thread": 1, "operation": "load = 0", "object": "total", "location": "counter.rs:31:5"},
                {"thread": 0, "operation": "load = 0", "object": "total", "location": "counter.rs:31:5"},
                {"thread": 1, "operation": "store 1", "object": "total", "location": "counter.rs:32:5"},
                {"thread": 1, "operation": "exit", "location": "counter.rs:50:5"},
                {"thread": 0, "operation": "store 1", "object": "total", "location": "counter.rs:32:5"},
                {"thread": 0, "operation": "join adder", "location": "counter.rs:55:5"},
                {"thread": 0, "operation": "panic: assertion failed\n  left: 1\n right: 2", "location": "counter.rs:60:5"},
            ],
        },
    }));
    assert_eq!(
        render(&failure),
        "\
panic in main: assertion failed; left: 1; right: 2 at counter.rs:60

main                                        adder           at
----                                        -----           --
spawn adder                                                 counter.rs:50
                                            total load = 0  counter.rs:31
total load = 0                                              counter.rs:31
                                            total store 1   counter.rs:32
                                            exit            counter.rs:50
total store 1                                               counter.rs:32
join adder                                                  counter.rs:55
panic: assertion failed; left: 1; right: 2                  counter.rs:60
"
    );
}

#[test]
fn a_deadlock_says_who_holds_and_waits_for_what() {
    let failure = failure(json!({
        "defect": {
            "kind": "deadlock",
            "sentence": "deadlock: a long story",
            "blocked": [
                {
                    "thread": "main", "waits_for": "lock settings", "location": "registry.rs:40:9",
                    "held_by": ["notifier"],
                    "holds": [{"lock": "component", "since": "registry.rs:38:9"}],
                },
                {
                    "thread": "notifier", "waits_for": "lock component",
                    "location": "registry.rs:72:9", "held_by": ["main"],
                    "holds": [{"lock": "settings", "since": "registry.rs:70:9"}],
                },
            ],
        },
        "execution": 1,
        "trace": {
            "threads": ["main", "notifier"],
            "events": [
                {"thread": 0, "operation": "lock", "object": "component", "location": "registry.rs:38:9"},
                {"thread": 1, "operation": "lock", "object": "settings", "location": "registry.rs:70:9"},
                {"thread": 0, "operation": "lock", "object": "settings", "blocked": true, "location": "registry.rs:40:9"},
                {"thread": 1, "operation": "lock", "object": "component", "blocked": true, "location": "registry.rs:72:9"},
            ],
        },
    }));
    assert_eq!(
        render(&failure),
        "\
deadlock: main and notifier can go no further
  main waits for lock settings at registry.rs:40, held by notifier; it holds component since registry.rs:38
  notifier waits for lock component at registry.rs:72, held by main; it holds settings since registry.rs:70

main                       notifier                    at
----                       --------                    --
component lock                                         registry.rs:38
                           settings lock               registry.rs:70
… waits for lock settings                              registry.rs:40
                           … waits for lock component  registry.rs:72
"
    );
}

#[test]
fn names_cannot_break_the_page() {
    let failure = failure(json!({
        "defect": {"kind": "panic", "sentence": "panic in \u{1b}[2J: \u{7}", "message": "\u{7}"},
        "execution": 1,
        "trace": {
            "threads": ["\u{1b}[2J", "<b>"],
            "events": [
                {"thread": 1, "operation": "store \"\r\n\"", "object": "a\u{202e}b", "location": "x.rs:1:1"},
                {"thread": 1, "operation": format!("store {}", "9".repeat(500)), "location": "x.rs:2:1"},
            ],
        },
    }));
    assert_eq!(
        render(&failure),
        "\
panic in \\u{1b}[2J: \\u{7}

\\u{1b}[2J  <b>                                               at
---------  ---                                               --
           a\\u{202e}b store \"; \"                             x.rs:1
           store 99999999999999999999999999999999999999999…  x.rs:2
"
    );
}

#[test]
fn a_livelock_shows_its_beginning_and_its_end() {
    let events: Vec<_> = (1..=1_000)
        .map(
            |line| json!({"thread": 0, "operation": "yield", "location": format!("x.rs:{line}:1")}),
        )
        .collect();
    let text = render(&failure(json!({
        "defect": {"kind": "livelock", "sentence": "livelock: no end after 1000 scheduling points"},
        "execution": 1,
        "trace": {"threads": ["main"], "events": events},
    })));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4 + 40 + 1 + 80, "a long trace is cut to a page or two");
    assert_eq!(lines[43], "yield  x.rs:40");
    assert_eq!(lines[44], "       … 880 events are left out here");
    assert_eq!(lines[45], "yield  x.rs:921");
    assert_eq!(lines[124], "yield  x.rs:1000");
}

#[test]
fn an_execution_that_nobody_watched_says_so() {
    let text = render(&failure(json!({
        "defect": {"kind": "hang", "sentence": "hang: no end after 10000 ms"},
        "execution": 1,
        "trace": {"threads": [], "events": []},
    })));
    assert_eq!(text, "hang: no end after 10000 ms\n\nno timeline: nobody watched this execution\n");
}

#[test]
fn a_trace_with_an_unknown_thread_is_no_trace() {
    let result = serde_json::from_value::<RecordedFailure>(json!({
        "defect": {"kind": "panic", "sentence": "panic"},
        "execution": 1,
        "trace": {
            "threads": ["main"],
            "events": [{"thread": 4_000_000_000_u64, "operation": "exit", "location": "x.rs:1:1"}],
        },
    }));
    let message = result.expect_err("the thread does not exist").to_string();
    assert!(message.contains("thread 4000000000"), "the thread is named: {message}");
}
