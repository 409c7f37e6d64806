//! The cost of an execution for a person who has to follow it, whichever strategy picks it.

use super::{Pick, SearchStrategy, View, could_continue};
use crate::event::{Alternative, VisibleEvent};
use crate::identity::ThreadId;

/// The cost of an execution for a person who has to follow it. It is compared field by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Cost {
    /// Steps of another thread although the thread of the last step could continue: see
    /// [`Bounded`](crate::Bounded).
    pub preemptions: u32,
    /// Context switches: steps of another thread than the one before.
    pub switches: u32,
    /// All steps.
    pub events: usize,
}

/// A strategy, and the cost of the executions that it picks.
///
/// ```
/// use lockproof_explore::{Exhaustive, Measured, Options, explore, here, join, spawn};
///
/// let mut exhaustive = Exhaustive::new();
/// let mut measured = Measured::new(&mut exhaustive);
/// explore(&Options::default(), &mut measured, &mut (), || {
///     join(spawn(|| {}, here()), here()).unwrap();
/// });
/// assert_eq!(measured.cost().preemptions, 0);
/// assert_eq!(measured.cost().switches, 2, "to the child and back");
/// ```
pub struct Measured<'a> {
    strategy: &'a mut dyn SearchStrategy,
    cost: Cost,
    last: ThreadId,
    alternatives: Vec<Alternative>,
}

impl<'a> Measured<'a> {
    /// Measures what `strategy` picks.
    pub fn new(strategy: &'a mut dyn SearchStrategy) -> Self {
        let (cost, last) = (Cost::default(), ThreadId::MAIN);
        Self { strategy, cost, last, alternatives: Vec::new() }
    }

    /// The cost of the current execution, or of the last one.
    pub fn cost(&self) -> Cost {
        self.cost
    }
}

impl SearchStrategy for Measured<'_> {
    fn begin(&mut self) -> bool {
        let begins = self.strategy.begin();
        if begins {
            (self.cost, self.last) = (Cost::default(), ThreadId::MAIN);
        }
        begins
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let pick = self.strategy.pick(view);
        if let Pick::Run(thread, _) = &pick {
            let preempts = *thread != view.current()
                && could_continue(view, view.current(), &mut self.alternatives);
            self.cost.preemptions += u32::from(preempts);
        }
        pick
    }

    fn executed(&mut self, event: &VisibleEvent, view: &View<'_>) {
        self.cost.switches += u32::from(event.thread != self.last);
        self.cost.events += 1;
        self.last = event.thread;
        self.strategy.executed(event, view);
    }

    fn end(&mut self, view: &View<'_>) {
        self.strategy.end(view);
    }

    fn is_exhaustive(&self) -> bool {
        self.strategy.is_exhaustive()
    }

    fn estimate(&self) -> Option<f64> {
        self.strategy.estimate()
    }
}
