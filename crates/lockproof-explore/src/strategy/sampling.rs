//! Sampling strategies: a number of executions, each picked at random in some way.
//!
//! They find bugs in models too big to exhaust, and prove nothing. All are seeded: the same seed
//! and the same model give the same executions, and the n-th execution depends on the seed and n
//! alone, apart from what a strategy says it learns from earlier ones.

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

/// What all sampling strategies have in common: how many executions, and the dice.
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

    /// Begins the next execution, with dice of its own; false if there have been enough.
    fn begin(&mut self) -> bool {
        if self.begun == self.most {
            return false;
        }
        self.rng = Rng::new(self.seed ^ Rng::new(self.begun).next());
        self.begun += 1;
        true
    }

    /// Lets `thread` go on, with a random outcome.
    fn run(&mut self, view: &View<'_>, thread: ThreadId) -> Pick {
        view.alternatives(thread, &mut self.alternatives);
        let index = self.rng.below(self.alternatives.len());
        Pick::Run(thread, self.alternatives[index])
    }
}
