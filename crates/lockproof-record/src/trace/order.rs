//! Happens-before in an execution: each event keeps the earlier events of other threads that it
//! directly had to come after.
//!
//! Conservative: every operation on a common object counts as an order, whatever its memory
//! ordering, so an event that is *not* ordered after another one could really have come before it.

use std::collections::BTreeMap;

use super::RecordedTrace;
use super::event::{Predecessor, RecordedEvent, Through};
use crate::action::ActionKind;

impl RecordedTrace {
    /// Whether the event `second` had to come after `first`, leaving out the order that some
    /// objects add: both are indices of events, and an event comes after itself.
    pub fn forces(&self, first: usize, second: usize, ignored: &[usize]) -> bool {
        let is_ignored =
            |through| matches!(through, Through::Object(object) if ignored.contains(&object));
        let mut threads = vec![false; self.threads.len()];
        let mut events = vec![false; second + 1];
        events[second] = true;
        // Backwards, so that each event is met after all that come after it. Once one event of a
        // thread precedes `second`, all earlier ones of that thread do.
        for index in (first..=second).rev() {
            let event = &self.events[index];
            if !events[index] && !threads[event.thread] {
                continue;
            }
            if index == first {
                return true;
            }
            threads[event.thread] = true;
            let kept = event.after.iter().filter(|before| !is_ignored(before.through));
            kept.for_each(|before| events[before.event] = true);
        }
        false
    }
}

/// Finds the predecessors of events, one event after the other.
#[derive(Default)]
pub(super) struct Predecessors {
    /// By thread: its last event so far, or the one that spawned it.
    last: BTreeMap<usize, usize>,
    /// By thread that was spawned and has done nothing so far: the spawn.
    spawned: BTreeMap<usize, usize>,
    /// The last event at each object and token, with its thread.
    visits: BTreeMap<Through, (usize, usize)>,
}

impl Predecessors {
    /// The predecessors of the event at this place of the execution.
    pub(super) fn of(&mut self, place: usize, event: &RecordedEvent) -> Vec<Predecessor> {
        let mut found = Vec::new();
        let thread = event.thread;
        let spawn = self.spawned.remove(&thread);
        found.extend(spawn.map(|event| Predecessor { event, through: Through::Thread(thread) }));
        if !event.blocked {
            self.meet(place, event, &mut found);
        }
        self.last.insert(thread, place);
        found
    }

    fn meet(&mut self, place: usize, event: &RecordedEvent, found: &mut Vec<Predecessor>) {
        let action = &event.action;
        for &other in &action.threads {
            match action.kind {
                ActionKind::Spawn => {
                    self.spawned.insert(other, place);
                    self.last.insert(other, place);
                }
                ActionKind::Join => {
                    let end = self.last.get(&other).copied();
                    let through = Through::Thread(other);
                    found.extend(end.map(|event| Predecessor { event, through }));
                }
                ActionKind::Unpark => self.visit(place, event, Through::Token(other), found),
                _ => {}
            }
        }
        if action.kind == ActionKind::Park {
            self.visit(place, event, Through::Token(event.thread), found);
        }
        let locks = action.locks.iter().map(|change| change.lock);
        for object in action.object.into_iter().chain(locks) {
            self.visit(place, event, Through::Object(object), found);
        }
    }

    /// Comes after the last visit by another thread; a thread's own events are in order anyway.
    fn visit(
        &mut self,
        place: usize,
        event: &RecordedEvent,
        through: Through,
        found: &mut Vec<Predecessor>,
    ) {
        let before = self.visits.insert(through, (place, event.thread));
        let others = before.filter(|(_, thread)| *thread != event.thread);
        found.extend(others.map(|(event, _)| Predecessor { event, through }));
    }
}
