//! The events of an execution in the form of a record: all of a short one, and of a long one its
//! beginning and its end.

use std::ops::Range;

use lockproof::trace::{Object, Trace};
use serde::{Deserialize, Serialize};

use super::bounds::{LONGEST_TEXT, cut, left_out};
use super::notifications::{Notifications, Woken};
use super::{LockChange, LockMode, RecordedEvent, RecordedLocation, RecordedState, event};

/// The events of one execution, in the order in which they took effect.
///
/// A trace that was read back names only threads and objects that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedTrace")]
pub struct RecordedTrace {
    /// The threads in the order of their creation; the first is the model's own.
    pub threads: Vec<String>,
    /// The primitives that were used, in the order of their first use.
    pub objects: Vec<RecordedObject>,
    /// What happened, oldest first.
    pub events: Vec<RecordedEvent>,
    /// Where events of a long trace were left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<RecordedGap>,
}

/// A primitive that a model used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedObject {
    /// Its name, or its kind and number.
    pub name: String,
    /// What it is, such as `mutex` or `atomic`.
    pub kind: String,
    /// Where it was made.
    pub created: RecordedLocation,
}

impl From<&Object> for RecordedObject {
    fn from(object: &Object) -> Self {
        Self {
            name: object.to_string(),
            kind: object.kind.to_string(),
            created: (&object.created).into(),
        }
    }
}

/// Events that were left out of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedGap {
    /// The event that the gap comes before: an index into [`RecordedTrace::events`].
    pub before: usize,
    /// How many events were left out.
    pub events: u64,
    /// Where the execution stood at the end of the gap.
    pub state: RecordedState,
}

impl RecordedTrace {
    /// Where the execution stood before the event with this index.
    pub fn state_before(&self, index: usize) -> RecordedState {
        let mut state = RecordedState::default();
        for (place, event) in self.events.iter().enumerate().take(index) {
            self.jump(place, &mut state);
            state.apply(event);
        }
        self.jump(index, &mut state);
        state
    }

    /// Notes that the notification at this place woke `thread`.
    fn name_woken(&mut self, place: Option<usize>, thread: usize) {
        if let Some(notification) = place.and_then(|place| self.events.get_mut(place)) {
            notification.action.threads.push(thread);
        }
    }

    /// Takes `state` over the gap, if it is before the event with this index.
    pub(crate) fn jump(&self, index: usize, state: &mut RecordedState) {
        if let Some(gap) = self.gap.as_ref().filter(|gap| gap.before == index) {
            *state = gap.state.clone();
        }
    }
}

impl From<&Trace> for RecordedTrace {
    fn from(trace: &Trace) -> Self {
        let threads: Vec<_> =
            trace.threads.iter().map(|name| cut(name.clone(), LONGEST_TEXT)).collect();
        let left_out = left_out(trace.events.len());
        let mut recorded = Self {
            objects: trace.objects.iter().map(RecordedObject::from).collect(),
            ..Self::default()
        };
        let (mut state, mut notifications) = (RecordedState::default(), Notifications::default());
        for (index, event) in trace.events.iter().enumerate() {
            let mut event = event::recorded(trace, event, &threads);
            settle_mode(&mut event, &state);
            let woken = notifications.follow(index, &mut event);
            if let Some(Woken { notification, thread }) = woken {
                recorded.name_woken(kept_place(notification, &left_out), thread);
            }
            state.apply(&event);
            if !left_out.contains(&index) {
                recorded.events.push(event);
            } else if index + 1 == left_out.end {
                let (before, events) = (left_out.start, left_out.len() as u64);
                recorded.gap = Some(RecordedGap { before, events, state: state.clone() });
            }
        }
        recorded.threads = threads;
        recorded
    }
}

/// The place of an event among those that are kept, if it is.
fn kept_place(place: usize, left_out: &Range<usize>) -> Option<usize> {
    match place {
        _ if place < left_out.start || left_out.is_empty() => Some(place),
        _ if place < left_out.end => None,
        _ => Some(place - left_out.len()),
    }
}

/// An upgradable reader lets go of its lock by the same operation as any reader.
fn settle_mode(event: &mut RecordedEvent, state: &RecordedState) {
    let thread = event.thread;
    for change in &mut event.action.locks {
        if let LockChange { lock, before: before @ Some(LockMode::Shared), after: None } = change {
            *before = state.hold(thread, *lock).map(|hold| hold.mode).or(*before);
        }
    }
}

#[derive(Deserialize)]
struct UncheckedTrace {
    threads: Vec<String>,
    #[serde(default)]
    objects: Vec<RecordedObject>,
    events: Vec<RecordedEvent>,
    #[serde(default)]
    gap: Option<RecordedGap>,
}

impl TryFrom<UncheckedTrace> for RecordedTrace {
    type Error = String;

    fn try_from(trace: UncheckedTrace) -> Result<Self, String> {
        let UncheckedTrace { threads, objects, events, gap } = trace;
        let known = Known { threads: threads.len(), objects: objects.len() };
        events.iter().try_for_each(|event| known.check_event(event))?;
        if let Some(gap) = &gap {
            known.check_state(&gap.state)?;
            if gap.before > events.len() {
                return Err(format!("a gap before event {}, which is unknown", gap.before));
            }
        }
        Ok(Self { threads, objects, events, gap })
    }
}

/// How many threads and objects a trace has.
struct Known {
    threads: usize,
    objects: usize,
}

impl Known {
    fn check_event(&self, event: &RecordedEvent) -> Result<(), String> {
        let action = &event.action;
        self.check_thread(event.thread)?;
        action.threads.iter().try_for_each(|thread| self.check_thread(*thread))?;
        let locks = action.locks.iter().map(|change| change.lock);
        action.object.into_iter().chain(locks).try_for_each(|object| self.check_object(object))
    }

    fn check_state(&self, state: &RecordedState) -> Result<(), String> {
        for hold in &state.holds {
            self.check_thread(hold.thread)?;
            self.check_object(hold.lock)?;
        }
        for wait in &state.waits {
            self.check_thread(wait.thread)?;
            wait.object.map_or(Ok(()), |object| self.check_object(object))?;
        }
        state.values.keys().try_for_each(|object| self.check_object(*object))
    }

    fn check_thread(&self, thread: usize) -> Result<(), String> {
        let known = thread < self.threads;
        known.then_some(()).ok_or_else(|| format!("an event of thread {thread}, which is unknown"))
    }

    fn check_object(&self, object: usize) -> Result<(), String> {
        let known = object < self.objects;
        known.then_some(()).ok_or_else(|| format!("an event of object {object}, which is unknown"))
    }
}
