//! What one execution did with its locks: who held what while taking or waiting for what.
//!
//! Invariant: a thread's holds are in the order in which it took them, and an event is looked at
//! once.

use std::hash::{Hash, Hasher};

use lockproof::trace::{Event, Operation, Phase, SourceLocation, Trace};

use super::effect::{Effect, call, effect};
use super::graph::LockMode;
use super::segments::{Clock, Segments};
use crate::numbering::Numbering;

/// The course that an execution took. Threads and objects are indices of its trace.
#[derive(Default)]
pub(super) struct Course<'a> {
    /// Every lock that was waited for, or would have been had it not been free; each way once.
    pub(super) takes: Vec<Take<'a>>,
    /// Every blocking call that was made under a lock.
    pub(super) calls: Vec<Call<'a>>,
    /// Every critical section that came to its end.
    pub(super) sections: Vec<Section<'a>>,
}

/// A thread takes a lock, and waits for it if it must.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Take<'a> {
    pub(super) thread: usize,
    pub(super) object: usize,
    pub(super) mode: LockMode,
    pub(super) at: &'a SourceLocation,
    pub(super) held: Vec<Hold<'a>>,
    pub(super) clock: Clock,
}

/// A lock that a thread holds.
#[derive(Clone, Copy)]
pub(super) struct Hold<'a> {
    pub(super) object: usize,
    pub(super) mode: LockMode,
    pub(super) since: &'a SourceLocation,
    /// The thread's count of events, the acquisition included.
    after: usize,
}

impl PartialEq for Hold<'_> {
    /// When it was taken makes no difference, where it was does.
    fn eq(&self, other: &Self) -> bool {
        (self.object, self.mode, self.since) == (other.object, other.mode, other.since)
    }
}

impl Eq for Hold<'_> {}

impl Hash for Hold<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.object, self.mode, self.since).hash(state);
    }
}

/// A blocking call under a lock.
pub(super) struct Call<'a> {
    pub(super) thread: usize,
    pub(super) hold: Hold<'a>,
    pub(super) words: String,
    pub(super) at: &'a SourceLocation,
}

/// What a thread did under a lock.
pub(super) struct Section<'a> {
    pub(super) thread: usize,
    pub(super) object: usize,
    pub(super) since: &'a SourceLocation,
    pub(super) events: usize,
}

impl<'a> Course<'a> {
    /// Walks through a trace.
    pub(super) fn of(trace: &'a Trace) -> Self {
        let count = trace.threads.len();
        let threads = std::iter::repeat_with(Thread::default).take(count).collect();
        let segments = Segments::new(count);
        let (takes, course) = (Numbering::default(), Self::default());
        let mut walk = Walk { trace, threads, segments, takes, course };
        for event in &trace.events {
            walk.step(event);
        }
        for thread in 0..count {
            if let Some(event) = walk.threads[thread].waits.take() {
                walk.end_waiting(event);
            }
        }
        Self { takes: walk.takes.into_things(), ..walk.course }
    }
}

#[derive(Default)]
struct Thread<'a> {
    holds: Vec<Hold<'a>>,
    events: usize,
    /// The wait that its last event announced.
    waits: Option<&'a Event>,
}

struct Walk<'a> {
    trace: &'a Trace,
    threads: Vec<Thread<'a>>,
    segments: Segments,
    takes: Numbering<Take<'a>>,
    course: Course<'a>,
}

impl<'a> Walk<'a> {
    fn step(&mut self, event: &'a Event) {
        let thread = &mut self.threads[event.thread];
        if event.phase == Phase::Blocked {
            thread.waits = Some(event);
            return;
        }
        let waited = thread.waits.take().is_some();
        thread.events += 1;
        let object = event.object;
        match effect(&event.operation) {
            Effect::Takes { mode, waits } => self.take(event, object, mode, waits),
            Effect::Gives(mode) => self.give(event, object, mode),
            Effect::Changes { to, waits } => self.change(event, to, waits),
            Effect::Leaves { mutex } => {
                self.give(event, Some(mutex), LockMode::Exclusive);
                self.call(event);
            }
            Effect::Returns { mutex } => self.take(event, Some(mutex), LockMode::Exclusive, true),
            Effect::Finds if waited => self.want(event, object, LockMode::Exclusive),
            Effect::Calls { surely } if surely || waited => self.call(event),
            Effect::None | Effect::Finds | Effect::Calls { .. } => {}
            Effect::Spawns { child } => self.segments.spawn(event.thread, child),
            Effect::Joins { child } => {
                self.call(event);
                self.segments.join(event.thread, child);
            }
        }
    }

    /// A thread still waits at the end of the execution.
    fn end_waiting(&mut self, event: &'a Event) {
        match effect(&event.operation) {
            Effect::Takes { mode, .. } => self.want(event, event.object, mode),
            Effect::Changes { to, .. } => self.want(event, event.object, to),
            Effect::Finds => self.want(event, event.object, LockMode::Exclusive),
            Effect::Leaves { .. } | Effect::Calls { .. } | Effect::Joins { .. } => self.call(event),
            _ => {}
        }
    }

    fn take(&mut self, event: &'a Event, object: Option<usize>, mode: LockMode, waits: bool) {
        let Some(object) = object else { return };
        if waits {
            self.want(event, Some(object), mode);
        }
        let thread = &mut self.threads[event.thread];
        let after = thread.events;
        thread.holds.push(Hold { object, mode, since: &event.location, after });
    }

    /// Notes what the thread holds while it takes the lock. One that changes its own hold of a lock
    /// does not wait for itself.
    fn want(&mut self, event: &'a Event, object: Option<usize>, mode: LockMode) {
        let Some(object) = object else { return };
        let changes = matches!(event.operation, Operation::Upgrade);
        let holds = self.threads[event.thread].holds.iter();
        let held = holds.filter(|hold| !changes || hold.object != object).copied().collect();
        let clock = self.segments.now(event.thread).clone();
        let (thread, at) = (event.thread, &event.location);
        self.takes.number(&Take { thread, object, mode, at, held, clock });
    }

    fn give(&mut self, event: &Event, object: Option<usize>, mode: LockMode) {
        let is_reader = |mode| mode != LockMode::Exclusive;
        let thread = &mut self.threads[event.thread];
        let place = thread.holds.iter().rposition(|hold| {
            Some(hold.object) == object && is_reader(hold.mode) == is_reader(mode)
        });
        let Some(place) = place else { return };
        let hold = thread.holds.remove(place);
        let events = thread.events - 1 - hold.after;
        let Hold { object, since, .. } = hold;
        self.course.sections.push(Section { thread: event.thread, object, since, events });
    }

    fn change(&mut self, event: &'a Event, to: LockMode, waits: bool) {
        if waits {
            self.want(event, event.object, to);
        }
        let holds = &mut self.threads[event.thread].holds;
        if let Some(hold) = holds.iter_mut().rfind(|hold| Some(hold.object) == event.object) {
            hold.mode = to;
        }
    }

    fn call(&mut self, event: &'a Event) {
        let holds = &self.threads[event.thread].holds;
        let object = || self.trace.object_of(event).map(ToString::to_string);
        for hold in holds {
            let words = call(event, &self.trace.threads, object());
            let (thread, at) = (event.thread, &event.location);
            self.course.calls.push(Call { thread, hold: *hold, words, at });
        }
    }
}
