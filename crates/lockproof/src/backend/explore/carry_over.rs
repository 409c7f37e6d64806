//! Leads the exploring engine along an execution of another engine, by the events that the facade
//! wrote down.
//!
//! The engines' steps differ, their events do not: at each step the thread goes on whose event
//! comes next in the trace. Where it cannot, the next one in the trace that can goes on; so the
//! result is an execution, if not always the one that was meant.

use std::collections::HashMap;

use lockproof_explore::{Turn, TurnOutcome, View};

use crate::execution::Execution;
use crate::trace::{Operation, Phase, Trace, WakeUp};

/// What the other engine saw, and how far this one has come with it.
pub(super) struct Guide {
    wishes: Vec<Wish>,
    /// The wishes before this one have come true.
    next: usize,
    actual: FollowedEvents,
}

/// An event of the trace to follow.
struct Wish {
    turn: Turn,
    /// It is the thread's so-manieth event, from 1.
    ordinal: usize,
}

/// The events of the current execution, as far as they were looked at.
#[derive(Default)]
struct FollowedEvents {
    seen: usize,
    paths: Paths,
    /// By path.
    events: HashMap<String, usize>,
}

impl Guide {
    /// Follows `trace`.
    pub(super) fn new(trace: &Trace) -> Self {
        let mut paths = Paths::default();
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut wishes = Vec::new();
        let events = trace.events.iter().filter(|event| event.phase == Phase::Done);
        for event in events {
            if let Operation::Spawn { child } = event.operation {
                paths.spawn(event.thread, child);
            }
            let thread = paths.of(event.thread);
            let ordinal = counts.entry(thread.clone()).or_default();
            *ordinal += 1;
            let turn = Turn::of(thread).with(outcome(&event.operation));
            wishes.push(Wish { turn, ordinal: *ordinal });
        }
        Self { wishes, next: 0, actual: FollowedEvents::default() }
    }

    /// Who is to go on.
    pub(super) fn wish(&mut self, view: &View<'_>) -> Option<Turn> {
        if let Some(execution) = Execution::current() {
            self.actual.look_at(&execution.trace());
        }
        let is_done = |wish: &Wish, actual: &FollowedEvents| {
            actual.events.get(&wish.turn.thread).is_some_and(|count| *count >= wish.ordinal)
        };
        while self.wishes.get(self.next).is_some_and(|wish| is_done(wish, &self.actual)) {
            self.next += 1;
        }
        let mut open = self.wishes[self.next..].iter().filter(|wish| !is_done(wish, &self.actual));
        let can_go_on = |wish: &&Wish| {
            view.thread(&wish.turn.thread).is_some_and(|thread| view.is_enabled(thread))
        };
        open.find(can_go_on).map(|wish| wish.turn.clone())
    }
}

impl FollowedEvents {
    fn look_at(&mut self, trace: &Trace) {
        for event in &trace.events[self.seen..] {
            if let Operation::Spawn { child } = event.operation {
                self.paths.spawn(event.thread, child);
            }
            if event.phase == Phase::Done {
                *self.events.entry(self.paths.of(event.thread)).or_default() += 1;
            }
        }
        self.seen = trace.events.len();
    }
}

/// Which outcome of its step an event shows, where the environment had a choice.
fn outcome(operation: &Operation) -> TurnOutcome {
    match operation {
        Operation::Choose { chosen, .. } => {
            u16::try_from(*chosen).map_or(TurnOutcome::Ordinary, TurnOutcome::Numbered)
        }
        Operation::WakeUp { by: WakeUp::TimeOut, .. } => TurnOutcome::TIMED_OUT,
        Operation::WakeUp { by: WakeUp::Spurious, .. } => TurnOutcome::SPURIOUS,
        _ => TurnOutcome::Ordinary,
    }
}

/// The paths of threads, as the exploring engine names them: numbers of threads differ from engine
/// to engine, who spawned whom does not.
#[derive(Default)]
struct Paths {
    /// By the number of the thread.
    paths: HashMap<usize, String>,
    children: HashMap<usize, usize>,
}

impl Paths {
    fn of(&self, thread: usize) -> String {
        self.paths.get(&thread).cloned().unwrap_or_else(|| "0".to_owned())
    }

    fn spawn(&mut self, creator: usize, child: usize) {
        let count = self.children.entry(creator).or_default();
        let number = *count;
        *count += 1;
        self.paths.insert(child, format!("{}.{number}", self.of(creator)));
    }
}
