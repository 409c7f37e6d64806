//! The random walk.

use super::Samples;
use crate::identity::ThreadId;
use crate::strategy::{Pick, Strategy, View};

/// Each step a uniform choice among the threads that can go on.
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

impl Strategy for Random {
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
