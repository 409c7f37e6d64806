//! Partial order sampling: Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.

use super::Samples;
use super::priorities::Priorities;
use crate::event::VisibleEvent;
use crate::operation::VisibleOperation;
use crate::strategy::{Pick, SearchStrategy, View};

/// Random priorities for operations, renewed where operations interfere: partial order sampling
/// (Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018).
///
/// Each pending operation has a random priority, and the enabled one with the highest priority takes
/// effect. Then every pending operation that may have raced with it gets a new priority, so their
/// order is random again.
///
/// *Guarantee:* every order of the operations that interfere has a probability above 0 in each
/// execution. The paper gives a lower bound above that of a random walk. *Cost* of a step: two visits
/// of each thread. *When:* first of all. It needs no parameter and learns nothing from earlier
/// executions.
///
/// ```
/// use lockproof_explore::{Atomic, Options, Pos, explore, here, join, spawn};
/// use std::sync::atomic::Ordering::SeqCst;
///
/// let outcome = explore(&Options::default(), &mut Pos::new(0, 100), &mut (), || {
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
pub struct Pos {
    samples: Samples,
    /// Of the pending operations.
    priorities: Priorities,
}

impl Pos {
    /// This number of executions from this seed.
    pub fn new(seed: u64, executions: u64) -> Self {
        Self { samples: Samples::new(seed, executions), priorities: Priorities::default() }
    }
}

impl SearchStrategy for Pos {
    fn begin(&mut self) -> bool {
        self.priorities.clear();
        self.samples.begin()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let highest = self.priorities.highest(&mut self.samples.rng, view.enabled());
        highest.map_or(Pick::Nothing, |thread| self.samples.run(view, thread))
    }

    fn executed(&mut self, event: &VisibleEvent, view: &View<'_>) {
        self.priorities.forget(event.thread);
        for thread in view.unfinished() {
            if view.pending(thread).is_some_and(|other| interfere(&event.operation, other)) {
                self.priorities.forget(thread);
            }
        }
    }
}

/// Whether the operations may depend on each other: they share an object, and one of them does more
/// than read it.
fn interfere(one: &VisibleOperation, other: &VisibleOperation) -> bool {
    let shares = |object| Some(object) == other.object() || Some(object) == other.released_mutex();
    let share = one.object().is_some_and(shares) || one.released_mutex().is_some_and(shares);
    share && !(one.kind.only_reads() && other.kind.only_reads())
}
