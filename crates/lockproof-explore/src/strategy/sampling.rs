//! Sampling strategies: a number of random executions.
//!
//! They find bugs in models that are too large to exhaust, and prove nothing. All are seeded: the
//! same seed and the same model give the same executions. The n-th execution depends on the seed and
//! n alone, except for what a strategy says that it learns from earlier ones.

mod directed;
mod pct;
mod pos;
mod priorities;
mod random;
mod rng;
mod surw;

use crate::event::Alternative;
use crate::identity::ThreadId;
use crate::strategy::{Pick, View};

pub use directed::{CycleEdge, Directed, NamedPlace};
pub use pct::Pct;
pub use pos::Pos;
pub use random::Random;
pub use surw::Surw;

use rng::Rng;

/// The part that all sampling strategies share: the number of executions, and the random numbers.
#[derive(Clone, Debug)]
struct Samples {
    seed: u64,
    begun: u64,
    most: u64,
    rng: Rng,
    alternatives: Vec<Alternative>,
}

impl Samples {
    fn new(seed: u64, most: u64) -> Self {
        Self { seed, begun: 0, most, rng: Rng::new(seed), alternatives: Vec::new() }
    }

    /// Begins the next execution, with random numbers of its own. False if there have been enough.
    fn begin(&mut self) -> bool {
        if self.begun == self.most {
            return false;
        }
        self.rng = Rng::new(self.seed ^ Rng::new(self.begun).next());
        self.begun += 1;
        true
    }

    /// Picks `thread`, with a random outcome.
    fn run(&mut self, view: &View<'_>, thread: ThreadId) -> Pick {
        view.alternatives(thread, &mut self.alternatives);
        let index = self.rng.below(self.alternatives.len());
        Pick::Run(thread, self.alternatives[index])
    }
}
