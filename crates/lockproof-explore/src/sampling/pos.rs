//! Partial order sampling: Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling", CAV 2018.
//!
//! Each pending operation has a random priority, and the highest that can take effect does. Then
//! every pending operation that it might have raced with gets a new priority: their order is
//! thrown afresh, and orders of independent operations are not preferred for being many.

use super::{Samples, entry};
use crate::event::Event;
use crate::operation::Operation;
use crate::strategy::{Pick, Strategy, View};

/// Random priorities for operations, renewed where operations interfere.
#[derive(Clone, Debug)]
pub struct Pos {
    samples: Samples,
    /// By thread: the priority of its pending operation; 0 for none yet.
    priorities: Vec<u64>,
}

impl Pos {
    /// That many executions from this seed.
    pub fn new(seed: u64, executions: u64) -> Self {
        Self { samples: Samples::new(seed, executions), priorities: Vec::new() }
    }
}

impl Strategy for Pos {
    fn begin(&mut self) -> bool {
        self.priorities.fill(0);
        self.samples.begin()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        for thread in view.enabled() {
            let priority = entry(&mut self.priorities, thread);
            if *priority == 0 {
                *priority = self.samples.rng.next() | 1;
            }
        }
        let highest = view.enabled().max_by_key(|thread| self.priorities[thread.index()]);
        highest.map_or(Pick::Nothing, |thread| self.samples.run(view, thread))
    }

    fn executed(&mut self, event: &Event, view: &View<'_>) {
        *entry(&mut self.priorities, event.thread) = 0;
        for thread in view.unfinished() {
            if view.pending(thread).is_some_and(|other| interfere(&event.operation, other)) {
                *entry(&mut self.priorities, thread) = 0;
            }
        }
    }
}

/// Whether the operations may depend on each other: they share an object, and not only look at it.
pub(super) fn interfere(one: &Operation, other: &Operation) -> bool {
    let shares = |object| Some(object) == other.object() || Some(object) == other.released_mutex();
    let share = one.object().is_some_and(shares) || one.released_mutex().is_some_and(shares);
    share && !(one.kind.only_looks() && other.kind.only_looks())
}
