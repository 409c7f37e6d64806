//! Bounded search: every schedule with at most so many preemptions.
//!
//! Most bugs need few preemptions (Musuvathi, Qadeer, "Iterative Context Bounding for Systematic
//! Testing of Multithreaded Programs", PLDI 2007), and there are only polynomially many schedules
//! with few. A preemption is a switch away from a thread that could go on and did not yield.
//!
//! There is no reduction but one: an operation that nothing can interfere with is no place to
//! switch. If no schedule was left out for its preemptions, the search was exhaustive.

use crate::event::Alternative;
use crate::executor::divergence;
use crate::identity::ThreadId;
use crate::operation::{Operation, OperationKind};
use crate::strategy::{Pick, Strategy, View};

/// A step with the ways to go on from it; the last is the one being explored.
#[derive(Clone, Debug)]
struct Fork {
    ways: Vec<(ThreadId, Alternative)>,
    /// The thread that could have gone on: to take another is a preemption.
    running: Option<ThreadId>,
    /// Preemptions before this step.
    preemptions: u32,
}

/// Every schedule with at most so many preemptions.
#[derive(Clone, Debug)]
pub struct Bounded {
    most: u32,
    forks: Vec<Fork>,
    depth: usize,
    begun: bool,
    bound_met: bool,
    alternatives: Vec<Alternative>,
}

impl Bounded {
    /// At most that many preemptions in each execution.
    pub fn new(preemptions: u32) -> Self {
        Self {
            most: preemptions,
            forks: Vec::new(),
            depth: 0,
            begun: false,
            bound_met: false,
            alternatives: Vec::new(),
        }
    }

    fn preemptions(&self) -> u32 {
        self.forks.last().map_or(0, |fork| {
            let taken = fork.ways.last().map(|(thread, _)| *thread);
            fork.preemptions + u32::from(fork.running.is_some() && taken != fork.running)
        })
    }

    fn fork(&mut self, view: &View<'_>) -> Option<Fork> {
        let preemptions = self.preemptions();
        let current = view.current();
        let yields = view.pending(current).is_some_and(|o| o.kind == OperationKind::Yield);
        let running = (view.is_enabled(current) && !yields).then_some(current);
        let alone = running.filter(|thread| view.pending(*thread).is_some_and(is_private));
        let mut ways = Vec::new();
        for thread in view.enabled() {
            let is_preemption = running.is_some_and(|running| running != thread);
            if alone.is_some_and(|alone| alone != thread) {
                continue;
            }
            if is_preemption && preemptions >= self.most {
                self.bound_met = true;
                continue;
            }
            view.alternatives(thread, &mut self.alternatives);
            ways.extend(self.alternatives.iter().map(|alternative| (thread, *alternative)));
        }
        // The last is explored first: the running thread.
        ways.sort_by_key(|(thread, alternative)| {
            (Some(*thread) == running, std::cmp::Reverse((*thread, *alternative)))
        });
        (!ways.is_empty()).then_some(Fork { ways, running, preemptions })
    }
}

/// Whether nothing that other threads do can interfere with the operation once it is enabled.
fn is_private(operation: &Operation) -> bool {
    use OperationKind::{Choose, Exit, Join, Spawn};
    matches!(operation.kind, Choose | Exit | Join | Spawn)
}

impl Strategy for Bounded {
    fn begin(&mut self) -> bool {
        self.depth = 0;
        if !std::mem::replace(&mut self.begun, true) {
            return true;
        }
        while let Some(fork) = self.forks.last_mut() {
            fork.ways.pop();
            if !fork.ways.is_empty() {
                return true;
            }
            self.forks.pop();
        }
        false
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        if self.depth == self.forks.len() {
            let Some(fork) = self.fork(view) else { return Pick::Nothing };
            self.forks.push(fork);
        }
        self.depth += 1;
        let fork = &self.forks[self.depth - 1];
        match fork.ways.last() {
            Some((thread, alternative)) if view.is_enabled(*thread) => {
                Pick::Run(*thread, *alternative)
            }
            Some((thread, _)) => {
                divergence(self.depth, format!("thread {}", thread.index()), view, *thread)
            }
            None => Pick::Nothing,
        }
    }

    fn is_exhaustive(&self) -> bool {
        !self.bound_met
    }

    fn has_met_preemption_bound(&self) -> bool {
        self.bound_met
    }
}
