//! Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized
//! Scheduler with Probabilistic Guarantees of Finding Bugs", ASPLOS 2010.
//!
//! Priorities have three ranges, from high to low: those that threads begin with, those of the change
//! points, and those of threads that have yielded.

use super::Samples;
use super::priorities::Priorities;
use crate::event::VisibleEvent;
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::strategy::{Pick, SearchStrategy, View};

/// The assumed length of the first execution.
const FIRST_GUESS: usize = 100;

/// Threads that have yielded are below this, and change points above.
const YIELDED: u64 = Priorities::MIDDLE / 2;

/// Random priorities of threads, with a few random changes: probabilistic concurrency testing
/// (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic
/// Guarantees of Finding Bugs", ASPLOS 2010).
///
/// Each thread begins with a random priority, and the enabled one with the highest priority runs. At
/// `depth - 1` random steps, the change points, the thread that would run falls below all others. Of
/// two threads that have fallen, either is above the other with the same probability.
///
/// *Guarantee:* a bug that occurs whenever `depth` pairs of steps are in the right order is found by
/// an execution of `k` steps in `n` threads with a probability of at least 1 in n * k^(depth - 1).
/// `k` is the length of the longest execution so far, and 100 for the first. The guarantee is for
/// threads that do not wait for each other by spinning: a thread that yields falls below all
/// others, or it would starve the one that it waits for. *Cost* of a step: a visit of each thread.
/// *When:* the bug needs one or two preemptions in executions that are long for other reasons.
///
/// ```
/// use lockproof_explore::{Atomic, Options, Pct, explore, here, join, spawn};
/// use std::sync::atomic::Ordering::SeqCst;
///
/// let outcome = explore(&Options::default(), &mut Pct::new(0, 100, 2), &mut (), || {
///     let total = Atomic::new(0);
///     let add = move || total.store(total.load(SeqCst, here()) + 1, SeqCst, here());
///     let child = spawn(add, here());
///     add();
///     join(child, here()).unwrap();
///     assert_eq!(total.load(SeqCst, here()), 2);
/// });
/// assert!(outcome.failure.is_some(), "an update is lost");
/// ```
#[derive(Clone, Debug)]
pub struct Pct {
    samples: Samples,
    depth: usize,
    priorities: Priorities,
    /// The steps of the change points, in no order. The index of each decides how low the thread falls.
    changes: Vec<usize>,
    steps: usize,
    longest: usize,
    /// The number of yields.
    yields: u64,
}

impl Pct {
    /// This number of executions from this seed, for bugs that need `depth` ordering constraints.
    ///
    /// # Panics
    ///
    /// If `depth` is 0: every bug needs one.
    pub fn new(seed: u64, executions: u64, depth: usize) -> Self {
        assert!(depth > 0, "a bug needs at least one ordering constraint");
        Self {
            samples: Samples::new(seed, executions),
            depth,
            priorities: Priorities::default(),
            changes: Vec::new(),
            steps: 0,
            longest: FIRST_GUESS,
            yields: 0,
        }
    }

    fn highest(&mut self, view: &View<'_>) -> Option<ThreadId> {
        self.priorities.highest(&mut self.samples.rng, view.enabled())
    }
}

impl SearchStrategy for Pct {
    fn begin(&mut self) -> bool {
        if self.samples.begun > 0 {
            let first = self.samples.begun == 1;
            self.longest = if first { self.steps } else { self.longest.max(self.steps) }.max(1);
        }
        (self.steps, self.yields) = (0, 0);
        self.priorities.clear();
        let goes_on = self.samples.begin();
        self.changes.clear();
        let rng = &mut self.samples.rng;
        self.changes.extend((1..self.depth).map(|_| rng.below(self.longest)));
        goes_on
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let Some(mut thread) = self.highest(view) else { return Pick::Nothing };
        if let Some(place) = self.changes.iter().position(|step| *step == self.steps) {
            self.priorities.set(thread, YIELDED + place as u64);
            thread = self.highest(view).unwrap_or(thread);
        }
        self.samples.run(view, thread)
    }

    fn executed(&mut self, event: &VisibleEvent, _view: &View<'_>) {
        self.steps += 1;
        if event.operation.kind == OperationKind::Yield {
            self.yields += 1;
            self.priorities.set(event.thread, YIELDED - self.yields);
        }
    }
}
