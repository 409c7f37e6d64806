//! The random walk: the twin that every other strategy has to beat.

use super::Samples;
use crate::identity::ThreadId;
use crate::strategy::{Pick, SearchStrategy, View};

/// Each step a uniform choice among the threads that can go on.
///
/// *Guarantee:* none but that every schedule has a chance: that of one particular order of `k`
/// steps in `n` threads may be as small as 1 in n^k. Schedules in which one thread stands still for
/// long are the rarest. *Cost* of a step: one look at each thread. *When:* to compare with, and
/// where bugs are frequent.
///
/// ```
/// use lockproof_explore::{StopReason, Options, Random, choose, explore, here};
///
/// let outcome = explore(&Options::default(), &mut Random::new(0, 10), &mut (), || {
///     choose(2, here());
/// });
/// assert_eq!((outcome.executions, outcome.stop_reason), (10, StopReason::Exhausted));
/// ```
#[derive(Clone, Debug)]
pub struct Random {
    samples: Samples,
    enabled: Vec<ThreadId>,
}

impl Random {
    /// That many executions from this seed.
    pub fn new(seed: u64, executions: u64) -> Self {
        Self { samples: Samples::new(seed, executions), enabled: Vec::new() }
    }
}

impl SearchStrategy for Random {
    fn begin(&mut self) -> bool {
        self.samples.begin()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        self.enabled.clear();
        self.enabled.extend(view.enabled());
        if self.enabled.is_empty() {
            return Pick::Nothing;
        }
        let index = self.samples.rng.below(self.enabled.len());
        self.samples.run(view, self.enabled[index])
    }
}
