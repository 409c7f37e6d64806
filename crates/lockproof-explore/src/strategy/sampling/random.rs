//! The random walk: the baseline for the other sampling strategies.

use super::Samples;
use crate::identity::ThreadId;
use crate::strategy::{Pick, SearchStrategy, View};

/// Picks each step uniformly among the enabled threads.
///
/// *Guarantee:* every schedule has a probability above 0. That of one particular order of `k` steps
/// in `n` threads may be as small as n^-k. Schedules that delay one thread for long are the rarest.
/// *Cost* of a step: a visit of each thread. *When:* as a baseline, and if bugs are frequent.
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
    /// This number of executions from this seed.
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
