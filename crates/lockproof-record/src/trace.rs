//! The events of an execution in the form of a record: all of a short one, and of a long one its
//! beginning and its end.

mod bounds;
mod event;
mod notifications;
mod order;
mod state;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use self::bounds::left_out;
use self::notifications::{Notifications, Woken};
use self::order::Predecessors;
use crate::bounds::{LONGEST_TEXT, cut};
use crate::location::RecordedLocation;

pub use event::{Predecessor, RecordedEvent, Through};
pub use state::{RecordedState, RecordedWait};

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
    /// The events, oldest first.
    pub events: Vec<RecordedEvent>,
    /// The events that were left out of a long trace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<RecordedGap>,
}

/// A primitive that a model used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedObject {
    /// Its name, or its kind and number.
    pub name: String,
    /// The kind, such as `mutex` or `atomic`.
    pub kind: String,
    /// The place at which it was made.
    pub created: RecordedLocation,
}

/// Events that were left out of a trace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedGap {
    /// The event that the gap comes before: an index into [`RecordedTrace::events`].
    pub before: usize,
    /// The number of events that were left out.
    pub events: u64,
    /// The state at the end of the gap.
    pub state: RecordedState,
}

impl RecordedTrace {
    /// The state before the event with this index.
    pub fn state_before(&self, index: usize) -> RecordedState {
        let mut state = RecordedState::default();
        for (place, event) in self.events.iter().enumerate().take(index) {
            self.jump(place, &mut state);
            state.apply(event);
        }
        self.jump(index, &mut state);
        state
    }

    /// Takes `state` over the gap, if it is before the event with this index.
    pub fn jump(&self, index: usize, state: &mut RecordedState) {
        if let Some(gap) = self.gap.as_ref().filter(|gap| gap.before == index) {
            *state = gap.state.clone();
        }
    }
}

impl RecordedTrace {
    /// The trace of these events, which are complete but for what needs the events before: in which
    /// mode a reader held its lock, whom a notification woke, and what each event came after. Of a
    /// long execution the middle is left out.
    pub fn of_events(
        threads: impl IntoIterator<Item = String>,
        objects: Vec<RecordedObject>,
        events: impl ExactSizeIterator<Item = RecordedEvent>,
    ) -> Self {
        let threads = threads.into_iter().map(|name| cut(name, LONGEST_TEXT)).collect();
        let mut recorded = Self { threads, objects, ..Self::default() };
        let left_out = left_out(events.len());
        let (mut state, mut notifications) = (RecordedState::default(), Notifications::default());
        let mut predecessors = Predecessors::default();
        for (index, mut event) in events.enumerate() {
            event.operation = cut(event.operation, LONGEST_TEXT);
            settle_mode(&mut event, &state);
            let woken = notifications.follow(index, &mut event);
            if let Some(Woken { notification, thread }) = woken
                && let Some(place) = kept_place(notification, &left_out)
            {
                recorded.events[place].action.threads.push(thread);
            }
            event.after = predecessors.of(index, &event);
            event.after.retain_mut(|before| {
                let place = kept_place(before.event, &left_out);
                before.event = place.unwrap_or_default();
                place.is_some()
            });
            state.apply(&event);
            if !left_out.contains(&index) {
                recorded.events.push(event);
            } else if index + 1 == left_out.end {
                let (before, events) = (left_out.start, left_out.len() as u64);
                recorded.gap = Some(RecordedGap { before, events, state: state.clone() });
            }
        }
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

/// An upgradable reader releases its lock by the same operation as any reader.
fn settle_mode(event: &mut RecordedEvent, state: &RecordedState) {
    for change in event.action.locks.iter_mut().filter(|change| change.before.is_some()) {
        let affected = state.holds.affected(event.thread, *change);
        change.before = affected.map(|holding| holding.mode).or(change.before);
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
        if gap.as_ref().is_some_and(|gap| gap.before > events.len()) {
            return Err("a gap before an event that is unknown".to_owned());
        }
        for (index, event) in events.iter().enumerate() {
            if let Some(before) = event.after.iter().find(|before| before.event >= index) {
                return Err(format!("an event after event {}, which is not earlier", before.event));
            }
        }
        let actions = || events.iter().map(|event| &event.action);
        let states = || gap.iter().map(|gap| &gap.state);
        let used = events.iter().map(|event| event.thread);
        let used = used.chain(actions().flat_map(|action| action.threads.iter().copied()));
        let used = used.chain(states().flat_map(|state| state.holds.iter().map(|one| one.thread)));
        let used = used.chain(states().flat_map(|state| state.waits.iter().map(|one| one.thread)));
        known("thread", used, threads.len())?;
        let used = actions().filter_map(|action| action.object);
        let locks = actions().flat_map(|action| action.locks.iter().map(|change| change.lock));
        let held = states().flat_map(|state| state.holds.iter().map(|one| one.lock));
        let awaited = states().flat_map(|state| state.waits.iter().filter_map(|one| one.object));
        let values = states().flat_map(|state| state.values.keys().copied());
        known("object", used.chain(locks).chain(held).chain(awaited).chain(values), objects.len())?;
        Ok(Self { threads, objects, events, gap })
    }
}

/// Checks that all of these are below `count`.
fn known(what: &str, used: impl Iterator<Item = usize>, count: usize) -> Result<(), String> {
    let unknown = used.into_iter().find(|index| *index >= count);
    unknown.map_or(Ok(()), |index| Err(format!("an event of {what} {index}, which is unknown")))
}
