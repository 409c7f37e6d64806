//! Executions for tests of the detectors, written down event by event.

use lockproof_record::{RecordedFailure, RecordedTrace};
use serde_json::{Value, json};

use crate::diagnosis;

/// An execution of the threads `main`, `A` and `B`, which share the atomics `x` and `y` and the
/// locks `l` and `m`, and wait at `c`. Each event stands in a line of its own.
pub(super) struct Story {
    events: Vec<Value>,
    blocked: Vec<Value>,
}

pub(super) const MAIN: usize = 0;
pub(super) const A: usize = 1;
pub(super) const B: usize = 2;

const THREADS: [&str; 3] = ["main", "A", "B"];
const OBJECTS: [(&str, &str); 5] =
    [("x", "atomic"), ("y", "atomic"), ("l", "mutex"), ("m", "mutex"), ("c", "condvar")];

impl Story {
    pub(super) fn new() -> Self {
        Self { events: vec![], blocked: vec![] }
    }

    pub(super) fn load(self, thread: usize, object: &str, value: u32) -> Self {
        self.on(thread, object, "load", json!({"kind": "load", "read": value.to_string()}))
    }

    /// A load that weak memory let miss a store.
    pub(super) fn stale_load(self, thread: usize, object: &str, value: u32) -> Self {
        let mut story = self.load(thread, object, value);
        story.events.last_mut().expect("one was just added")["stale"] = json!(true);
        story
    }

    pub(super) fn store(self, thread: usize, object: &str, value: u32) -> Self {
        self.on(thread, object, "store", json!({"kind": "store", "written": value.to_string()}))
    }

    pub(super) fn fetch_add(self, thread: usize, object: &str, before: u32) -> Self {
        let after = (before + 1).to_string();
        let fields = json!({"kind": "update", "read": before.to_string(), "written": after});
        self.on(thread, object, "fetch_add", fields)
    }

    /// A critical section in which the guard is not borrowed mutably.
    pub(super) fn reads(self, thread: usize, lock: &str) -> Self {
        self.lock(thread, lock).unlock(thread, lock, Some(false))
    }

    /// A critical section in which it is.
    pub(super) fn writes(self, thread: usize, lock: &str) -> Self {
        self.lock(thread, lock).unlock(thread, lock, Some(true))
    }

    pub(super) fn lock(self, thread: usize, lock: &str) -> Self {
        let locks = json!([{"lock": index(lock), "before": null, "after": "exclusive"}]);
        self.on(thread, lock, "lock", json!({"kind": "lock", "locks": locks}))
    }

    pub(super) fn unlock(self, thread: usize, lock: &str, changes: Option<bool>) -> Self {
        let locks = json!([{"lock": index(lock), "before": "exclusive", "after": null}]);
        let fields = json!({"kind": "unlock", "locks": locks, "changes": changes});
        self.on(thread, lock, "unlock", fields)
    }

    /// A wait at `c` that gives `l` back.
    pub(super) fn wait(self, thread: usize) -> Self {
        let locks = json!([{"lock": index("l"), "before": "exclusive", "after": null}]);
        self.on(thread, "c", "wait", json!({"kind": "wait", "locks": locks}))
    }

    pub(super) fn wake_up(self, thread: usize, by: &str) -> Self {
        let locks = json!([{"lock": index("l"), "before": null, "after": "exclusive"}]);
        let notified = by == "notified";
        let fields = json!({
            "kind": "wake_up", "locks": locks, "succeeded": notified, "woken_by": by,
        });
        self.on(thread, "c", &format!("wake up: {by}"), fields)
    }

    pub(super) fn notify(self, thread: usize, woken: &[usize]) -> Self {
        let fields = json!({"kind": "notify", "threads": woken, "woken": woken.len()});
        self.on(thread, "c", "notify_one", fields)
    }

    pub(super) fn spawn(self, child: usize) -> Self {
        self.with(MAIN, "spawn", json!({"kind": "spawn", "threads": [child]}))
    }

    pub(super) fn join(self, child: usize) -> Self {
        let story = self.with(child, "exit", json!({"kind": "exit"}));
        story.with(MAIN, "join", json!({"kind": "join", "threads": [child]}))
    }

    pub(super) fn exit(self, thread: usize) -> Self {
        self.with(thread, "exit", json!({"kind": "exit"}))
    }

    pub(super) fn unpark(self, thread: usize, other: usize) -> Self {
        self.with(thread, "unpark", json!({"kind": "unpark", "threads": [other]}))
    }

    pub(super) fn park(self, thread: usize) -> Self {
        self.with(thread, "park", json!({"kind": "park"}))
    }

    /// `thread` stands for ever: it waits for `object`, or for what `kind` waits for, until
    /// `actors` act; what it holds was taken in the line next to it.
    pub(super) fn stands(
        mut self,
        thread: usize,
        (kind, object): (&str, Option<&str>),
        actors: &[usize],
        holds: &[(&str, usize)],
    ) -> Self {
        let hold = |(lock, line): &(&str, usize)| json!({"lock": lock, "since": place(*line)});
        let line = self.events.len() + 1;
        self.events.push(json!({
            "thread": thread, "operation": kind, "object": object, "blocked": true,
            "location": place(line), "action": {"kind": kind, "object": object.map(index)},
        }));
        let waits_for = object.map_or_else(|| format!("a {kind}"), |name| format!("{kind} {name}"));
        self.blocked.push(json!({
            "thread": THREADS[thread], "waits_for": waits_for, "location": place(line),
            "held_by": [], "holds": holds.iter().map(hold).collect::<Vec<_>>(),
            "index": thread, "actors": actors,
        }));
        self
    }

    /// What is said of the execution, which ends in a panic of `main`.
    pub(super) fn of_a_panic(self) -> String {
        self.with(MAIN, "panic", json!({"kind": "panic"})).told("panic")
    }

    /// What is said of the execution, which ends in a defect of this kind.
    pub(super) fn told(self, kind: &str) -> String {
        diagnosis::of(&self.failure(kind)).sentence
    }

    pub(super) fn failure(self, kind: &str) -> RecordedFailure {
        let objects =
            OBJECTS.map(|(name, kind)| json!({"name": name, "kind": kind, "created": place(1)}));
        let failure = json!({
            "defect": {"kind": kind, "sentence": NOTHING_FOUND, "blocked": self.blocked},
            "execution": 1,
            "trace": {"threads": THREADS, "objects": objects, "events": self.events},
        });
        let mut failure: RecordedFailure =
            serde_json::from_value(failure).expect("the test writes well-formed failures");
        let RecordedTrace { threads, objects, events, .. } = failure.trace.clone();
        let ordered = RecordedTrace::of_events(threads, objects, events.into_iter());
        for (event, ordered) in failure.trace.events.iter_mut().zip(ordered.events) {
            event.after = ordered.after;
        }
        failure
    }

    fn on(self, thread: usize, object: &str, operation: &str, mut fields: Value) -> Self {
        fields["object"] = json!(index(object));
        let mut story = self.with(thread, operation, fields);
        let event = story.events.last_mut().expect("one was just added");
        event["object"] = json!(object);
        story
    }

    fn with(mut self, thread: usize, operation: &str, mut fields: Value) -> Self {
        fields["name"] = json!(operation.split(':').next());
        let line = self.events.len() + 1;
        self.events.push(json!({
            "thread": thread, "operation": operation, "location": place(line), "action": fields,
        }));
        self
    }
}

/// The sentence of the defect, which stands where no detector has a better one.
pub(super) const NOTHING_FOUND: &str = "panic in main: the assertion's own words";

fn place(line: usize) -> String {
    format!("a.rs:{line}:1")
}

fn index(object: &str) -> usize {
    let found = OBJECTS.iter().position(|(name, _)| *name == object);
    found.expect("the test names an object that there is")
}
