//! Which scenarios a subject is tried with: those that were written by hand first, then those that
//! are generated.

use std::fmt::Debug;
use std::hash::Hash;

use lockproof::sync::Arc;
use proptest::strategy::{BoxedStrategy, ValueTree};

use super::Scenario;
use super::constraints::Constraint;
use super::generation::{Generator, Sizes, Tree};
use super::sequential::{Course, look_ahead};
use crate::Specification;

/// How many scenarios are drawn at most for one that is handed out, before the space counts as
/// worked off.
const DRAWS_FOR_ONE: usize = 20;

/// What scenarios are wanted.
pub(crate) struct Plan<O> {
    pub(crate) by_hand: Vec<Scenario<O>>,
    /// How many are generated.
    pub(crate) generated: usize,
    pub(crate) operations: Option<BoxedStrategy<O>>,
    pub(crate) sizes: Sizes,
    pub(crate) constraints: Vec<Constraint<O>>,
}

/// A scenario to run.
pub(crate) struct Candidate<O> {
    pub(crate) scenario: Arc<Scenario<O>>,
    /// The same, with what makes its calls simpler.
    pub(crate) trees: Scenario<Tree<O>>,
    pub(crate) course: Course,
}

impl<O> Default for Plan<O> {
    fn default() -> Self {
        Self {
            by_hand: Vec::new(),
            generated: 0,
            operations: None,
            sizes: Sizes::default(),
            constraints: Vec::new(),
        }
    }
}

impl<O: Clone + Debug + Eq + Hash + Send + Sync + 'static> Plan<O> {
    /// Gives each scenario to `run` until it has enough.
    ///
    /// # Errors
    ///
    /// What is wrong with the plan or the specification, and how to mend it.
    pub(crate) fn each<S: Specification<Operation = O>>(
        &self,
        specification: &S,
        generated: usize,
        seed: u64,
        mut run: impl FnMut(Candidate<O>) -> Result<bool, String>,
    ) -> Result<(), String> {
        for scenario in &self.by_hand {
            if !run(self.by_hand(specification, scenario)?)? {
                return Ok(());
            }
        }
        let Some(operations) = self.operations.as_ref().filter(|_| generated > 0) else {
            return Ok(());
        };
        let mut generator = Generator::new(seed, operations, &self.sizes, &self.constraints);
        let mut handed_out = 0;
        for _ in 0..generated.saturating_mul(DRAWS_FOR_ONE) {
            let Some(trees) = generator.draw()? else { continue };
            let scenario = Arc::new(trees.map(ValueTree::current));
            let course = look_ahead(specification, &scenario)?;
            if matches!(course, Course::Waits { .. }) {
                continue;
            }
            handed_out += 1;
            if !run(Candidate { scenario, trees, course })? || handed_out == generated {
                return Ok(());
            }
        }
        if handed_out > 0 {
            return Ok(());
        }
        Err("no scenario of these sizes keeps to the constraints and lets the calls before the \
             threads return: widen the sizes, or ask for less with `one_thread` and `at_most`"
            .to_owned())
    }

    /// Whether there is nothing to run.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_hand.is_empty() && self.generated == 0
    }

    /// What is wrong with a scenario, by the constraints.
    pub(crate) fn objection(&self, scenario: &Scenario<O>) -> Option<String> {
        self.constraints.iter().find_map(|constraint| constraint.objection(scenario))
    }

    fn by_hand<S: Specification<Operation = O>>(
        &self,
        specification: &S,
        scenario: &Scenario<O>,
    ) -> Result<Candidate<O>, String> {
        if let Some(objection) = self.objection(scenario) {
            return Err(format!("the scenario `{scenario}` breaks a constraint: {objection}"));
        }
        let course = look_ahead(specification, scenario)?;
        if let Course::Waits { call } = course {
            let when = if call < scenario.before.len() { "before" } else { "after" };
            let (_, operation) = scenario.calls().nth(call).expect("the call is numbered");
            return Err(format!(
                "the scenario `{scenario}` cannot finish: `{operation:?}`, {when} the threads, \
                 waits for ever, since nobody else runs then. Put a call in front of it that ends \
                 its wait, or give it to a thread"
            ));
        }
        let trees = scenario.map(|call| Box::new(Fixed(call.clone())) as Tree<O>);
        Ok(Candidate { scenario: Arc::new(scenario.clone()), trees, course })
    }
}

/// A call that is as simple as it can be.
pub(crate) struct Fixed<O>(pub(crate) O);

impl<O: Clone + Debug> ValueTree for Fixed<O> {
    type Value = O;

    fn current(&self) -> O {
        self.0.clone()
    }

    fn simplify(&mut self) -> bool {
        false
    }

    fn complicate(&mut self) -> bool {
        false
    }
}
