//! Scenarios that proptest writes: the same ones for the same seed.
//!
//! Invariant: nothing here writes files or reads the environment; a scenario that is handed out
//! has sizes within the ranges, keeps to the constraints, and was not handed out before, whatever
//! the order of its threads.

use std::collections::HashSet;
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::RangeInclusive;

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::constraints::Constraint;
use super::{Part, Scenario};

/// The attempts to draw a call that the constraints allow at its place.
const MOST_ATTEMPTS: usize = 32;

/// A call that was drawn and can be made simpler.
pub(crate) type Tree<O> = Box<dyn ValueTree<Value = O>>;

/// Sizes of a generated scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) before: RangeInclusive<usize>,
    pub(crate) threads: RangeInclusive<usize>,
    /// Of each thread.
    pub(crate) calls: RangeInclusive<usize>,
    pub(crate) after: RangeInclusive<usize>,
}

impl Default for Sizes {
    fn default() -> Self {
        Self { before: 0..=2, threads: 2..=3, calls: 1..=2, after: 0..=1 }
    }
}

/// Writes one scenario after the other.
pub(crate) struct Generator<'a, O> {
    runner: TestRunner,
    operations: &'a BoxedStrategy<O>,
    sizes: &'a Sizes,
    constraints: &'a [Constraint<O>],
    written: HashSet<u64>,
}

impl<'a, O: Clone + Debug + Hash + 'static> Generator<'a, O> {
    pub(crate) fn new(
        seed: u64,
        operations: &'a BoxedStrategy<O>,
        sizes: &'a Sizes,
        constraints: &'a [Constraint<O>],
    ) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let config = Config { failure_persistence: None, ..Config::default() };
        let runner = TestRunner::new_with_rng(config, random);
        Self { runner, operations, sizes, constraints, written: HashSet::new() }
    }

    /// Another scenario; `None` if what was drawn has been there, or does not keep to the
    /// constraints at this size.
    pub(crate) fn draw(&mut self) -> Result<Option<Scenario<Tree<O>>>, String> {
        let threads = self.size(&self.sizes.threads.clone())?;
        let mut trees = Scenario::empty(threads);
        let mut scenario = Scenario::empty(threads);
        let parts = [Part::Before].into_iter().chain((0..threads).map(Part::Thread));
        for part in parts.chain([Part::After]) {
            let calls = self.size(&self.sizes.of(part).clone())?;
            for _ in 0..calls {
                let Some(tree) = self.call(&scenario, part)? else { return Ok(None) };
                scenario.push(part, tree.current());
                trees.push(part, tree);
            }
        }
        Ok(self.written.insert(fingerprint(&scenario)).then_some(trees))
    }

    fn size(&mut self, range: &RangeInclusive<usize>) -> Result<usize, String> {
        let tree = range.new_tree(&mut self.runner);
        tree.map(|tree| tree.current()).map_err(|reason| no_draw(&reason))
    }

    /// A call that may be made there next.
    fn call(&mut self, scenario: &Scenario<O>, part: Part) -> Result<Option<Tree<O>>, String> {
        for _ in 0..MOST_ATTEMPTS {
            let tree = self.operations.new_tree(&mut self.runner);
            let tree = tree.map_err(|reason| no_draw(&reason))?;
            let call = tree.current();
            if self.constraints.iter().all(|constraint| constraint.allows(scenario, part, &call)) {
                return Ok(Some(tree));
            }
        }
        Ok(None)
    }
}

impl Sizes {
    fn of(&self, part: Part) -> &RangeInclusive<usize> {
        match part {
            Part::Before => &self.before,
            Part::Thread(_) => &self.calls,
            Part::After => &self.after,
        }
    }
}

fn no_draw(reason: &impl std::fmt::Display) -> String {
    format!("proptest generates no call: {reason}; give the strategy values to choose from")
}

/// The same for scenarios that differ in the order of their threads alone.
fn fingerprint<O: Hash>(scenario: &Scenario<O>) -> u64 {
    let mut threads: Vec<u64> = scenario.threads.iter().map(hash_of).collect();
    threads.sort_unstable();
    hash_of(&(&scenario.before, threads, &scenario.after))
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
