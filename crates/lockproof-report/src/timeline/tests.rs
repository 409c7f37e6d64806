//! Timelines, character by character, and what is true of all of them.

mod properties;

use lockproof_record::RecordedFailure;
use serde_json::{Value, json};

use super::render;
use crate::Appearance;

fn failure(value: Value) -> RecordedFailure {
    serde_json::from_value(value).expect("the test writes well-formed failures")
}

fn plain(width: usize) -> Appearance {
    Appearance { width, colour: false }
}

fn lost_update() -> RecordedFailure {
    let access = |thread, kind: &str, value, line| {
        let (sign, field) = if kind == "load" { ("= ", "read") } else { ("", "written") };
        json!({
            "thread": thread, "operation": format!("{kind} {sign}{value}"), "object": "total",
            "location": format!("src/counter.rs:{line}:5"),
            "action": {"kind": kind, "name": kind, "object": 0, field: value},
        })
    };
    let other = |thread, operation: &str, kind, line| {
        json!({
            "thread": thread, "operation": operation, "action": {"kind": kind, "threads": [1]},
            "location": format!("src/counter.rs:{line}:5"),
        })
    };
    failure(json!({
        "defect": {
            "kind": "panic",
            "sentence": "panic in main: assertion failed\n  left: 1\n right: 2 at counter.rs:60",
            "message": "assertion failed\n  left: 1\n right: 2",
        },
        "execution": 7,
        "trace": {
            "threads": ["main", "adder"],
            "objects": [{"name": "total", "kind": "atomic", "created": "src/counter.rs:1:1"}],
            "events": [
                other(0, "spawn adder", "spawn", 50),
                access(1, "load", "0", 31),
                access(0, "load", "0", 31),
                access(1, "store", "1", 32),
                other(1, "exit", "exit", 50),
                access(0, "store", "1", 32),
                other(0, "join adder", "join", 55),
                other(0, "panic: assertion failed\n  left: 1\n right: 2", "panic", 60),
            ],
        },
    }))
}

#[test]
fn a_lost_update_reads_from_top_to_bottom() {
    assert_eq!(
        render(&lost_update(), plain(120)),
        "      main                                            adder            at
      ────                                            ─────            ──
1     spawn adder                                                      src/counter.rs:50
2 ●                                                 ▸ load total ➜ 0   src/counter.rs:31
3 ● ▸ load total ➜ 0                                                   src/counter.rs:31
4 ●                                                 ▸ store total ➜ 1  src/counter.rs:32
5                                                     exit             src/counter.rs:50
6 ● ▸ store total ➜ 1                                                  src/counter.rs:32
7     join adder                                                       src/counter.rs:55
8     ✗ panic: assertion failed; left: 1; right: 2                     src/counter.rs:60
"
    );
}

#[test]
fn on_a_narrow_screen_one_event_follows_the_other() {
    assert_eq!(
        render(&lost_update(), plain(36)),
        "\
1    main: spawn adder
     at counter.rs:50
2 ●▸ adder: load total ➜ 0
     at counter.rs:31
3 ●▸ main: load total ➜ 0
     at counter.rs:31
4 ●▸ adder: store total ➜ 1
     at counter.rs:32
5    adder: exit  at counter.rs:50
6 ●▸ main: store total ➜ 1
     at counter.rs:32
7    main: join adder
     at counter.rs:55
8    main: ✗ panic: assertion
     failed; left: 1; right: 2
     at counter.rs:60
"
    );
}

/// A thread waits for a lock that another one holds and releases.
fn waiting() -> Value {
    let lock = |thread, blocked, line| {
        let change = json!({"lock": 0, "before": null, "after": "exclusive"});
        json!({
            "thread": thread, "operation": "lock", "object": "l", "blocked": blocked,
            "location": format!("a.rs:{line}:1"),
            "action": {
                "kind": "lock", "name": "lock", "object": 0,
                "locks": if blocked { json!([]) } else { json!([change]) },
            },
        })
    };
    let unlock = json!({
        "thread": 0, "operation": "unlock", "object": "l", "location": "a.rs:1:1",
        "action": {
            "kind": "unlock", "name": "unlock", "object": 0,
            "locks": [{"lock": 0, "before": "exclusive", "after": null}],
        },
    });
    let other =
        |line| json!({"thread": 0, "operation": "yield", "location": format!("a.rs:{line}:1")});
    json!({
        "defect": {"kind": "panic", "sentence": "panic in main"},
        "execution": 1,
        "trace": {
            "threads": ["main", "A"],
            "objects": [{"name": "l", "kind": "mutex", "created": "a.rs:1:1"}],
            "events": [
                lock(0, false, 1), lock(1, true, 2), other(3), unlock, other(4),
                lock(1, false, 2),
            ],
        },
    })
}

#[test]
fn a_thread_that_waits_has_a_line_in_its_column() {
    let text = render(&failure(waiting()), plain(80));
    assert_eq!(
        text,
        "      main        A                   at
      ────        ─                   ──
1     lock l                          a.rs:1
2               ▸ … waits for lock l  a.rs:2
3   ▸ yield     │                     a.rs:3
4     unlock l  │                     a.rs:1
5     yield                           a.rs:4
6               ▸ lock l              a.rs:2
"
    );
}

#[test]
fn a_spin_loop_is_folded() {
    let events: Vec<_> = (0..40)
        .map(|round| {
            json!({
                "thread": 0, "operation": if round % 2 == 0 { "load = 0" } else { "yield" },
                "location": "x.rs:1:1",
            })
        })
        .collect();
    let text = render(
        &failure(json!({
            "defect": {"kind": "livelock", "sentence": "livelock: main spins"},
            "execution": 1,
            "trace": {"threads": ["main"], "events": events},
        })),
        plain(80),
    );
    assert_eq!(
        text,
        "       main      at
       ────      ──
 1     load ➜ 0  x.rs:1
 2     yield     x.rs:1
       … 19 more rounds of these 2 rows
"
    );
}

#[test]
fn a_long_execution_shows_its_beginning_and_its_end() {
    let events: Vec<_> = (1..=1_000)
        .map(
            |line| json!({"thread": 0, "operation": "yield", "location": format!("x.rs:{line}:1")}),
        )
        .collect();
    let text = render(
        &failure(json!({
            "defect": {"kind": "livelock", "sentence": "livelock: no end after 1000 scheduling points"},
            "execution": 1,
            "trace": {"threads": ["main"], "events": events},
        })),
        plain(80),
    );
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    assert_eq!(lines.len(), 2 + 40 + 1 + 80, "a long trace is cut to a page or two");
    assert_eq!(lines[41], "40     yield  x.rs:40");
    assert_eq!(lines[42], "… 880 rows are left out here");
    assert_eq!(lines[43], "921     yield  x.rs:921");
    assert_eq!(lines[122], "1000     yield  x.rs:1000");
}

#[test]
fn what_a_record_left_out_is_noted_where_it_was() {
    let mut failure = lost_update();
    let gap = json!({"before": 3, "events": 12_345, "state": {}});
    failure.trace.gap = Some(serde_json::from_value(gap).expect("a gap is well-formed"));
    let text = render(&failure, plain(120));
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    assert_eq!(lines[5], "… 12,345 events are left out here");
    assert!(lines[6].starts_with("12349 "), "what follows is counted from there: {}", lines[6]);
}

#[test]
fn names_cannot_break_the_page() {
    let text = render(
        &failure(json!({
            "defect": {"kind": "panic", "sentence": "panic in \u{1b}[2J: \u{7}", "message": "\u{7}"},
            "execution": 1,
            "trace": {
                "threads": ["\u{1b}[2J", "<b>"],
                "events": [
                    {"thread": 1, "operation": "store \"\r\n\"", "object": "a\u{202e}b", "location": "x.rs:1:1"},
                ],
            },
        })),
        plain(80),
    );
    assert_eq!(
        text,
        "      \\u{1b}[2J    <b>                    at
      ─────────    ───                    ──
1                  a\\u{202e}b store \"; \"  x.rs:1
"
    );
}

#[test]
fn an_execution_that_nobody_watched_says_so() {
    let failure = failure(json!({
        "defect": {"kind": "hang", "sentence": "hang: no end after 10000 ms"},
        "execution": 1,
        "trace": {"threads": [], "events": []},
    }));
    assert_eq!(render(&failure, plain(80)), "no timeline: nobody watched this execution\n");
}

#[test]
fn colours_add_nothing_but_colours() {
    let coloured = render(&lost_update(), Appearance { width: 120, colour: true });
    assert!(coloured.contains("\u{1b}[36m"), "it has colours");
    let mut text = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        text += before;
        rest = after.split_once('m').expect("a colour ends").1;
    }
    assert_eq!(text + rest, render(&lost_update(), plain(120)));
}

#[test]
fn a_trace_with_an_unknown_thread_is_no_trace() {
    let trace = |event: Value| {
        serde_json::from_value::<RecordedFailure>(json!({
            "defect": {"kind": "panic", "sentence": "panic"},
            "execution": 1,
            "trace": {"threads": ["main"], "events": [event]},
        }))
    };
    let event = json!({"thread": 4_000_000_000_u64, "operation": "exit", "location": "x.rs:1:1"});
    let message = trace(event).expect_err("the thread does not exist").to_string();
    assert!(message.contains("thread 4000000000"), "the thread is named: {message}");
    let event = json!({
        "thread": 0, "operation": "load", "location": "x.rs:1:1", "action": {"object": 7},
    });
    let message = trace(event).expect_err("the object does not exist").to_string();
    assert!(message.contains("object 7"), "the object is named: {message}");
}
