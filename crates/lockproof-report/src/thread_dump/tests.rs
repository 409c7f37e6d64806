//! Thread dumps, character by character.

use lockproof_record::RecordedFailure;
use serde_json::{Value, json};

use super::lines;
use crate::appearance::{self, Appearance};
use crate::labels::Labels;

fn dump(failure: Value) -> String {
    let failure: RecordedFailure =
        serde_json::from_value(failure).expect("the test writes well-formed failures");
    let lines = lines(&failure, &Labels::of(&failure));
    appearance::lines(&lines, 4, Appearance { width: 90, colour: false })
}

fn block(index: usize, thread: &str, waits_for: &str, actors: &[usize], holds: &Value) -> Value {
    json!({
        "thread": thread, "waits_for": waits_for, "location": format!("a.rs:{}:1", 10 + index),
        "held_by": [], "holds": holds, "index": index, "actors": actors,
    })
}

/// The event that a thread stands at.
fn stands(thread: usize, kind: &str) -> Value {
    json!({
        "thread": thread, "operation": kind, "blocked": true, "location": "a.rs:9:1",
        "action": {"kind": kind},
    })
}

fn exit(thread: usize) -> Value {
    json!({
        "thread": thread, "operation": "exit", "location": "a.rs:9:1", "action": {"kind": "exit"},
    })
}

#[test]
fn a_cycle_is_told_thread_by_thread_and_closed() {
    let text = dump(json!({
        "defect": {"kind": "deadlock", "sentence": "deadlock", "blocked": [
            block(0, "main", "lock m", &[1], &json!([{"lock": "l", "since": "a.rs:1:1"}])),
            block(1, "A", "lock l", &[0], &json!([{"lock": "m", "since": "a.rs:2:1"}])),
        ]},
        "execution": 1,
        "trace": {"threads": ["main", "A", "B", "C"], "events": [
            stands(0, "lock"), stands(1, "lock"), exit(2),
        ]},
    }));
    assert_eq!(
        text,
        "\
main
  holds l, since a.rs:1
  waits for lock m at a.rs:10; A would have to release it
A
  holds m, since a.rs:2
  waits for lock l at a.rs:11; main would have to release it
B has ended
C has not begun
cycle: main → A → main
"
    );
}

#[test]
fn each_wait_says_what_would_end_it() {
    let waits = ["wait", "park", "receive", "send", "arrive", "join", "begin_initialization"];
    let names: Vec<_> = waits.iter().map(|kind| format!("in {kind}")).collect();
    let acts = |index: usize| if index < 5 { vec![] } else { vec![0] };
    let blocked: Vec<_> = (0..waits.len())
        .map(|index| block(index, &names[index], "it", &acts(index), &json!([])))
        .collect();
    let events: Vec<_> =
        waits.iter().enumerate().map(|(thread, kind)| stands(thread, kind)).collect();
    let text = dump(json!({
        "defect": {"kind": "lost wake-up", "sentence": "lost wake-up", "blocked": blocked},
        "execution": 1,
        "trace": {"threads": names, "events": events},
    }));
    let says: Vec<_> = text.lines().filter_map(|line| Some(line.split_once("; ")?.1)).collect();
    assert_eq!(
        says,
        [
            "another thread would have to notify it",
            "another thread would have to unpark it",
            "another thread would have to send to it",
            "another thread would have to receive from it",
            "other threads would have to arrive",
            "in wait would have to end",
            "in wait would have to finish",
        ]
    );
}

#[test]
fn a_holder_that_has_ended_will_not_act() {
    let text = dump(json!({
        "defect": {"kind": "deadlock", "sentence": "deadlock", "blocked": [
            block(0, "main", "lock l", &[1], &json!([])),
        ]},
        "execution": 1,
        "trace": {"threads": ["main", "A"], "events": [exit(1), stands(0, "lock")]},
    }));
    assert_eq!(
        text,
        "\
main
  waits for lock l at a.rs:10; A has ended and will not release it
A has ended
"
    );
}

#[test]
fn a_livelock_says_what_each_thread_did_last_and_holds() {
    let lock = json!({
        "thread": 0, "operation": "lock", "object": "l", "location": "a.rs:1:1",
        "action": {
            "kind": "lock", "object": 0,
            "locks": [{"lock": 0, "before": null, "after": "exclusive"}],
        },
    });
    let spin = json!({"thread": 0, "operation": "yield", "location": "a.rs:2:1"});
    let text = dump(json!({
        "defect": {"kind": "livelock", "sentence": "livelock: main spins"},
        "execution": 1,
        "trace": {
            "threads": ["main", "A", "B"],
            "objects": [{"name": "l", "kind": "mutex", "created": "a.rs:1:1"}],
            "events": [lock, stands(1, "lock"), exit(2), spin],
        },
    }));
    assert_eq!(
        text,
        "\
main
  holds l, since a.rs:1
  did last: yield at a.rs:2
A
  waits for lock at a.rs:9
B has ended
"
    );
}

#[test]
fn a_hang_on_real_threads_says_what_would_show_more() {
    let text = dump(json!({
        "defect": {"kind": "hang", "sentence": "hang: no end after 10 ms"},
        "execution": 1,
        "trace": {"threads": [], "events": []},
    }));
    assert!(text.starts_with("no thread dump: nobody watches real threads"), "{text}");
    assert!(text.contains("--features lockproof/explore"), "the way out: {text}");
}

#[test]
fn a_panic_leaves_no_thread_standing() {
    let text = dump(json!({
        "defect": {"kind": "panic", "sentence": "panic"},
        "execution": 1,
        "trace": {"threads": ["main"], "events": [exit(0)]},
    }));
    assert_eq!(text, "");
}
