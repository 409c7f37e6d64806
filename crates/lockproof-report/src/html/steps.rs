//! Where an execution stands after each of its events: who goes on, who waits for what, who holds
//! what, what atomics hold. The rows of a timeline and the script that steps through it show the
//! same states.

use lockproof_check::record::{ActionKind, LockMode, RecordedEvent, RecordedState, RecordedTrace};
use serde::Serialize;

use super::safe::{Place, name, phrase};

/// The states before the first event and after each event.
#[derive(Debug, Serialize)]
pub(super) struct Steps {
    pub(super) threads: Vec<String>,
    pub(super) objects: Vec<String>,
    pub(super) states: Vec<State>,
}

/// Where an execution stands.
#[derive(Clone, Debug, Serialize)]
pub(super) struct State {
    /// The event that led here.
    pub(super) event: Option<Event>,
    /// What each thread is up to, in the order of their creation.
    pub(super) threads: Vec<Thread>,
    /// The last value of each atomic that is known: an index into the objects, and the value.
    pub(super) values: Vec<(usize, String)>,
}

/// An event in words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Event {
    pub(super) thread: usize,
    pub(super) text: String,
    pub(super) place: Place,
}

/// What a thread is up to.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Thread {
    pub(super) phase: Phase,
    /// What it waits for, and where.
    pub(super) waits: Option<(String, Place)>,
    pub(super) holds: Vec<Hold>,
}

/// Whether a thread can do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    Unborn,
    Runs,
    Waits,
    Ended,
}

/// A lock that a thread holds.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Hold {
    /// An index into the objects.
    pub(super) lock: usize,
    /// How, where that is worth saying.
    pub(super) mode: &'static str,
    pub(super) since: Place,
}

impl Steps {
    pub(super) fn of(trace: &RecordedTrace) -> Self {
        let mut state = RecordedState::default();
        let mut phases = vec![Phase::Unborn; trace.threads.len()];
        if let Some(first) = phases.first_mut() {
            *first = Phase::Runs;
        }
        let mut states = vec![described(trace, &state, &phases, None)];
        for (index, event) in trace.events.iter().enumerate() {
            if let Some(gap) = trace.gap.as_ref().filter(|gap| gap.before == index) {
                state = gap.state.clone();
            }
            state.apply(event);
            follow(&mut phases, event);
            states.push(described(trace, &state, &phases, Some(event)));
        }
        let objects = trace.objects.iter().map(|object| name(&object.name)).collect();
        Self { threads: trace.threads.iter().map(|thread| name(thread)).collect(), objects, states }
    }

    /// As JSON that may stand inside an HTML script: no `<` in it can end one.
    pub(super) fn data(&self) -> String {
        let text = serde_json::to_string(self).expect("steps are made of texts and numbers");
        text.replace('<', "\\u003c")
    }
}

/// The event in words: what the thread did, or what it waits for.
pub(super) fn words(event: &RecordedEvent) -> String {
    let RecordedEvent { operation, object, blocked, .. } = event;
    let waits = if *blocked { "waits for " } else { "" };
    match object {
        Some(object) if *blocked => phrase(&format!("{waits}{operation} {object}")),
        Some(object) => phrase(&format!("{object} {operation}")),
        None => phrase(&format!("{waits}{operation}")),
    }
}

fn follow(phases: &mut [Phase], event: &RecordedEvent) {
    let phase = match event.action.kind {
        _ if event.blocked => Phase::Waits,
        ActionKind::Wait => Phase::Waits,
        ActionKind::Exit | ActionKind::Panic => Phase::Ended,
        _ => Phase::Runs,
    };
    let spawned = event.action.threads.iter().filter(|_| event.action.kind == ActionKind::Spawn);
    for (thread, phase) in
        spawned.map(|thread| (*thread, Phase::Runs)).chain([(event.thread, phase)])
    {
        if let Some(slot) = phases.get_mut(thread) {
            *slot = phase;
        }
    }
}

fn described(
    trace: &RecordedTrace,
    state: &RecordedState,
    phases: &[Phase],
    event: Option<&RecordedEvent>,
) -> State {
    let threads =
        phases.iter().enumerate().map(|(index, phase)| thread(trace, state, index, *phase));
    State {
        event: event.map(|event| Event {
            thread: event.thread,
            text: words(event),
            place: (&event.location).into(),
        }),
        threads: threads.collect(),
        values: state.values.iter().map(|(object, value)| (*object, name(value))).collect(),
    }
}

fn thread(trace: &RecordedTrace, state: &RecordedState, index: usize, phase: Phase) -> Thread {
    let wait = state.waits.iter().find(|wait| wait.thread == index);
    let waits = wait.filter(|_| phase == Phase::Waits).map(|wait| {
        let object = wait.object.and_then(|object| trace.objects.get(object));
        let object = object.map_or_else(String::new, |object| format!(" {}", object.name));
        (phrase(&format!("{}{object}", wait.operation)), (&wait.location).into())
    });
    let holds = state.holds.iter().filter(|hold| hold.thread == index).map(|hold| Hold {
        lock: hold.lock,
        mode: match hold.mode {
            LockMode::Exclusive => "",
            LockMode::Shared => "for reading",
            LockMode::Upgradable => "for reading, upgradable",
        },
        since: (&hold.since).into(),
    });
    Thread { phase, waits, holds: holds.collect() }
}
