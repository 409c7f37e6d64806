//! State of an execution after each of its events: who runs, who waits for what, who holds
//! what, what atomics hold. The rows of a timeline and the script that steps through it show the
//! same states.

use lockproof_record::{
    ActionKind, RecordedEvent, RecordedMode, RecordedState, RecordedTrace, RecordedWait,
};
use serde::Serialize;

use super::safe::{ShownPlace, name, phrase};
use crate::{Labels, timeline};

/// The states before the first event and after each event.
#[derive(Debug, Serialize)]
pub(super) struct Stepper {
    pub(super) threads: Vec<String>,
    pub(super) objects: Vec<String>,
    pub(super) states: Vec<StepState>,
}

/// State of an execution.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StepState {
    /// The event that led here.
    pub(super) event: Option<StepEvent>,
    /// The state of each thread, in the order of their creation.
    pub(super) threads: Vec<ThreadStep>,
    /// The last value of each atomic that is known: an index into the objects, and the value.
    pub(super) values: Vec<(usize, String)>,
}

/// An event in words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct StepEvent {
    pub(super) thread: usize,
    pub(super) text: String,
    pub(super) place: ShownPlace,
}

/// State of a thread.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ThreadStep {
    pub(super) phase: ThreadPhase,
    /// The operation it waits for, and the place.
    pub(super) waits: Option<(String, ShownPlace)>,
    pub(super) holds: Vec<ShownHold>,
}

/// Whether a thread can do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ThreadPhase {
    Unborn,
    Runs,
    Waits,
    Ended,
}

/// A lock that a thread holds.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownHold {
    /// An index into the objects.
    pub(super) lock: usize,
    /// The mode; empty for an exclusive lock.
    pub(super) mode: &'static str,
    pub(super) since: ShownPlace,
}

impl Stepper {
    pub(super) fn of(trace: &RecordedTrace, labels: &Labels) -> Self {
        let mut state = RecordedState::default();
        let mut phases = vec![ThreadPhase::Unborn; trace.threads.len()];
        if let Some(first) = phases.first_mut() {
            *first = ThreadPhase::Runs;
        }
        let mut states = vec![described(labels, &state, &phases, None)];
        for (index, event) in trace.events.iter().enumerate() {
            trace.jump(index, &mut state);
            state.apply(event);
            follow(&mut phases, event);
            states.push(described(labels, &state, &phases, Some(event)));
        }
        let threads = (0..trace.threads.len()).map(|thread| name(labels.thread(thread)));
        let objects = (0..trace.objects.len()).map(|object| name(labels.object(object)));
        Self { threads: threads.collect(), objects: objects.collect(), states }
    }

    /// As JSON that may stand inside an HTML script: no `<` in it can end one.
    pub(super) fn data(&self) -> String {
        let text = serde_json::to_string(self).expect("steps are made of texts and numbers");
        text.replace('<', "\\u003c")
    }
}

fn follow(phases: &mut [ThreadPhase], event: &RecordedEvent) {
    let phase = match event.action.kind {
        _ if event.blocked => ThreadPhase::Waits,
        ActionKind::Wait => ThreadPhase::Waits,
        ActionKind::Exit | ActionKind::Panic => ThreadPhase::Ended,
        _ => ThreadPhase::Runs,
    };
    let spawned = event.action.threads.iter().filter(|_| event.action.kind == ActionKind::Spawn);
    for (thread, phase) in
        spawned.map(|thread| (*thread, ThreadPhase::Runs)).chain([(event.thread, phase)])
    {
        if let Some(slot) = phases.get_mut(thread) {
            *slot = phase;
        }
    }
}

fn described(
    labels: &Labels,
    state: &RecordedState,
    phases: &[ThreadPhase],
    event: Option<&RecordedEvent>,
) -> StepState {
    let threads =
        phases.iter().enumerate().map(|(index, phase)| thread(labels, state, index, *phase));
    StepState {
        event: event.map(|event| StepEvent {
            thread: event.thread,
            text: phrase(&timeline::words(event, labels)),
            place: ShownPlace::of(&event.location, labels),
        }),
        threads: threads.collect(),
        values: state.values.iter().map(|(object, value)| (*object, name(value))).collect(),
    }
}

fn thread(labels: &Labels, state: &RecordedState, index: usize, phase: ThreadPhase) -> ThreadStep {
    let wait = state.waits.iter().find(|wait| wait.thread == index);
    let wait = wait.filter(|_| phase == ThreadPhase::Waits);
    let holds = state.holds.iter().filter(|hold| hold.thread == index).map(|hold| ShownHold {
        lock: hold.lock,
        mode: match hold.mode {
            RecordedMode::Exclusive => "",
            RecordedMode::Shared => "for reading",
            RecordedMode::Upgradable => "for reading, upgradable",
        },
        since: ShownPlace::of(&hold.since, labels),
    });
    ThreadStep {
        phase,
        waits: wait
            .map(|wait| (wait_in_words(wait, labels), ShownPlace::of(&wait.location, labels))),
        holds: holds.collect(),
    }
}

fn wait_in_words(wait: &RecordedWait, labels: &Labels) -> String {
    let RecordedWait { operation, object, .. } = wait;
    phrase(&match object.map(|object| labels.object(object)) {
        // A wait that has begun; one that never ends is recorded as what it waits for.
        Some(object) if operation == "wait" => format!("waits on {object}"),
        Some(object) => format!("waits for {operation} {object}"),
        None => format!("waits for {operation}"),
    })
}

#[cfg(test)]
mod tests {
    use lockproof_record::RecordedFailure;
    use serde_json::{Value, json};

    use super::*;

    fn steps(trace: &Value) -> Stepper {
        let failure = json!({
            "defect": {"kind": "panic", "sentence": "panic"}, "execution": 1, "trace": trace,
        });
        let failure: RecordedFailure =
            serde_json::from_value(failure).expect("the test writes failures");
        Stepper::of(&failure.trace, &Labels::of(&failure))
    }

    fn event(thread: usize, operation: &str, action: &Value) -> Value {
        json!({"thread": thread, "operation": operation, "location": "a.rs:1:1", "action": action})
    }

    #[test]
    fn a_thread_begins_holds_waits_and_ends() {
        let take = json!({"kind": "lock", "name": "lock", "object": 0,
            "locks": [{"lock": 0, "before": null, "after": "exclusive"}]});
        let wait = json!({"kind": "wait", "name": "wait", "object": 1,
            "locks": [{"lock": 0, "before": "exclusive", "after": null}]});
        let steps = steps(&json!({
            "threads": ["main", "worker"],
            "objects": [{"name": "queue", "kind": "mutex", "created": "a.rs:1:1"},
                        {"name": "filled", "kind": "condvar", "created": "a.rs:1:1"}],
            "events": [
                event(0, "spawn worker", &json!({"kind": "spawn", "name": "spawn", "threads": [1]})),
                event(1, "lock", &take),
                event(1, "wait", &wait),
                event(0, "exit", &json!({"kind": "exit", "name": "exit"})),
            ],
        }));
        let phases: Vec<_> = steps.states.iter().map(|state| state.threads[1].phase).collect();
        let expected = [
            ThreadPhase::Unborn,
            ThreadPhase::Runs,
            ThreadPhase::Runs,
            ThreadPhase::Waits,
            ThreadPhase::Waits,
        ];
        assert_eq!(phases, expected, "before the first event and after each");
        let holds: Vec<_> = steps.states.iter().map(|state| state.threads[1].holds.len()).collect();
        assert_eq!(holds, [0, 0, 1, 0, 0], "the wait gives the lock back");
        let waits = steps.states[3].threads[1].waits.as_ref().expect("it waits");
        assert_eq!(waits.0, "waits on filled");
        assert_eq!(steps.states[4].threads[0].phase, ThreadPhase::Ended);
    }

    #[test]
    fn a_gap_is_jumped_over() {
        let load = json!({"kind": "load", "name": "load", "object": 0, "read": "1"});
        let steps = steps(&json!({
            "threads": ["main"],
            "objects": [{"name": "total", "kind": "atomic", "created": "a.rs:1:1"}],
            "events": [event(0, "load = 1", &load),
                       event(0, "exit", &json!({"kind": "exit", "name": "exit"}))],
            "gap": {"before": 1, "events": 8_000,
                    "state": {"holds": [], "waits": [], "values": [[0, "8001"]]}},
        }));
        let values: Vec<_> = steps.states.iter().flat_map(|state| &state.values).collect();
        let values: Vec<_> = values.iter().map(|(_, value)| value.as_str()).collect();
        assert_eq!(values, ["1", "8001"], "after the first event and after the gap");
    }
}
