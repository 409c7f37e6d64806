//! Happens-before in a recorded execution: which events were forced to come after which others,
//! and which merely did.
//!
//! Conservative: every operation on a common object counts as an order, whatever its memory
//! ordering, so an event that is *not* ordered after another one could really have come before it.

use std::collections::BTreeMap;

use crate::record::{ActionKind, RecordedEvent, RecordedTrace};

/// For each thread, how many of its events are known.
type Clock = Vec<usize>;

/// The order of the events of a trace, without what a few objects add to it.
pub(super) struct Order {
    /// The clock of each event, itself included.
    clocks: Vec<Clock>,
    /// The place of each event among those of its thread, from 1.
    places: Vec<usize>,
    threads: Vec<usize>,
}

impl Order {
    /// The order that spawns, joins and all objects but those of `ignored` force.
    pub(super) fn without(trace: &RecordedTrace, ignored: &[usize]) -> Self {
        let mut builder = Builder {
            now: vec![vec![0; trace.threads.len()]; trace.threads.len()],
            left: BTreeMap::new(),
            ignored,
        };
        let mut order = Self { clocks: vec![], places: vec![], threads: vec![] };
        for event in &trace.events {
            let clock = builder.step(event);
            order.places.push(clock[event.thread]);
            order.clocks.push(clock);
            order.threads.push(event.thread);
        }
        order
    }

    /// Whether `first` had to come before `second`, both indices of events.
    pub(super) fn forces(&self, first: usize, second: usize) -> bool {
        self.clocks[second][self.threads[first]] >= self.places[first]
    }
}

struct Builder<'a> {
    /// What each thread knows now.
    now: Vec<Clock>,
    /// What was known at each place where threads meet.
    left: BTreeMap<Meeting, Clock>,
    ignored: &'a [usize],
}

/// Where one thread learns from another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meeting {
    Object(usize),
    /// The token that a thread parks for.
    Token(usize),
}

impl Builder<'_> {
    fn step(&mut self, event: &RecordedEvent) -> Clock {
        let thread = event.thread;
        self.now[thread][thread] += 1;
        if !event.blocked {
            self.meet(event);
        }
        self.now[thread].clone()
    }

    fn meet(&mut self, event: &RecordedEvent) {
        let (thread, action) = (event.thread, &event.action);
        match action.kind {
            ActionKind::Spawn => {
                for &child in &action.threads {
                    let known = self.now[thread].clone();
                    join(&mut self.now[child], &known);
                }
            }
            ActionKind::Join => {
                for &child in &action.threads {
                    let known = self.now[child].clone();
                    join(&mut self.now[thread], &known);
                }
            }
            ActionKind::Park => self.visit(thread, Meeting::Token(thread)),
            ActionKind::Unpark => {
                for &other in &action.threads {
                    self.visit(thread, Meeting::Token(other));
                }
            }
            _ => {}
        }
        let locks = action.locks.iter().map(|change| change.lock);
        for object in action.object.into_iter().chain(locks) {
            if !self.ignored.contains(&object) {
                self.visit(thread, Meeting::Object(object));
            }
        }
    }

    /// The thread learns what was left there, and leaves what it knows.
    fn visit(&mut self, thread: usize, meeting: Meeting) {
        let left = self.left.entry(meeting).or_default();
        join(&mut self.now[thread], left);
        left.clone_from(&self.now[thread]);
    }
}

fn join(clock: &mut Clock, other: &[usize]) {
    for (known, more) in clock.iter_mut().zip(other) {
        *known = (*known).max(*more);
    }
}
