//! Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized
//! Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
//!
//! Each thread has a random priority, and the highest that can go on does. At `depth - 1` random
//! steps the running thread falls to the bottom. A bug that needs `depth` ordering constraints is
//! found with a probability of at least 1 in (threads * steps^(depth - 1)) per execution.
//!
//! The number of steps is taken from the longest execution so far. A thread that yields falls
//! behind all others, or a spin loop would starve the thread it waits for.

use super::{Samples, entry};
use crate::event::Event;
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::strategy::{Pick, Strategy, View};

/// The first execution has nothing to go by.
const FIRST_GUESS: usize = 100;

/// Random priorities with a few random changes.
#[derive(Clone, Debug)]
pub struct Pct {
    samples: Samples,
    depth: usize,
    /// By thread; 0 for none yet. Initial ones are above `u64::MAX / 2`.
    priorities: Vec<u64>,
    changes: Vec<usize>,
    steps: usize,
    longest: usize,
    /// The next priority for a thread that falls behind all others.
    bottom: u64,
}

impl Pct {
    /// That many executions from this seed, for bugs that need `depth` ordering constraints.
    ///
    /// # Panics
    ///
    /// If `depth` is 0: every bug needs one.
    pub fn new(seed: u64, executions: u64, depth: usize) -> Self {
        assert!(depth > 0, "a bug needs at least one ordering constraint");
        Self {
            samples: Samples::new(seed, executions),
            depth,
            priorities: Vec::new(),
            changes: Vec::new(),
            steps: 0,
            longest: FIRST_GUESS,
            bottom: 0,
        }
    }

    fn highest(&mut self, view: &View<'_>) -> Option<ThreadId> {
        for thread in view.enabled() {
            let priority = entry(&mut self.priorities, thread);
            if *priority == 0 {
                *priority = self.samples.rng.next() | 1 << 63;
            }
        }
        view.enabled().max_by_key(|thread| self.priorities[thread.index()])
    }

    fn demote(&mut self, thread: ThreadId) {
        self.bottom -= 1;
        *entry(&mut self.priorities, thread) = self.bottom;
    }
}

impl Strategy for Pct {
    fn begin(&mut self) -> bool {
        if self.samples.begun > 0 {
            let first = self.samples.begun == 1;
            self.longest = if first { self.steps } else { self.longest.max(self.steps) }.max(1);
        }
        (self.steps, self.bottom) = (0, u64::MAX / 2);
        self.priorities.fill(0);
        let goes_on = self.samples.begin();
        self.changes.clear();
        let rng = &mut self.samples.rng;
        self.changes.extend((1..self.depth).map(|_| rng.below(self.longest)));
        goes_on
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let Some(mut thread) = self.highest(view) else { return Pick::Nothing };
        if self.changes.contains(&self.steps) {
            self.demote(thread);
            thread = self.highest(view).unwrap_or(thread);
        }
        self.samples.run(view, thread)
    }

    fn executed(&mut self, event: &Event, _view: &View<'_>) {
        self.steps += 1;
        if event.operation.kind == OperationKind::Yield {
            self.demote(event.thread);
        }
    }
}
