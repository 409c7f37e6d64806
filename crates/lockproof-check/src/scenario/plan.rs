//! Plan of the scenarios of a subject: those that were written by hand first, then those that are
//! generated.

use std::fmt::Debug;
use std::hash::Hash;

use lockproof::sync::Arc;
use lockproof_record::{GeneratedScenario, ScenarioOrigin, ScenarioSource};
use proptest::strategy::{BoxedStrategy, ValueTree};

use super::Scenario;
use super::constraints::Constraint;
use super::generation::{Generator, Sizes, Tree};
use super::sequential::{Outlook, look_ahead};
use crate::Specification;

/// The draws for one scenario, after which the space counts as worked off.
const DRAWS_FOR_ONE: usize = 20;

/// The scenarios that a contract asks for.
pub(crate) struct ScenarioPlan<O> {
    pub(crate) by_hand: Vec<Scenario<O>>,
    /// The number of generated ones.
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
    pub(crate) outlook: Outlook,
    /// Its number among the generated ones; `None` if it was written by hand.
    pub(crate) generated: Option<GeneratedScenario>,
}

impl<O: Clone + Debug + Eq + Hash + Send + Sync + 'static> ScenarioPlan<O> {
    /// Gives each scenario to `run` until it has enough.
    ///
    /// # Errors
    ///
    /// A mistake in the plan or the specification, with the way out.
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
        if generated == 0 {
            return Ok(());
        }
        let mut handed_out = 0;
        for candidate in self.generated(specification, generated, seed) {
            handed_out += 1;
            if !run(candidate?)? {
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

    /// The scenario that is said to have been found, if the plan still has it. Of the generated
    /// ones none is looked for beyond the first `most`.
    ///
    /// # Errors
    ///
    /// The scenario that is there instead, in the middle of a sentence.
    pub(crate) fn find<S: Specification<Operation = O>>(
        &self,
        specification: &S,
        origin: &ScenarioOrigin,
        most: usize,
    ) -> Result<Candidate<O>, String> {
        let calls = &origin.calls;
        let Some(generated @ GeneratedScenario { seed, number }) = origin.generated else {
            let scenario = self.by_hand.iter().find(|scenario| scenario.to_string() == *calls);
            let scenario = scenario
                .ok_or_else(|| format!("the contract has no scenario `{calls}` any more"))?;
            return self.by_hand(specification, scenario);
        };
        let which = format!("scenario {number} of seed {seed}");
        if number > most {
            return Err(format!("{which} is beyond the {most} that are looked through"));
        }
        let mut candidates = self.generated(specification, number, seed);
        let is_it = |candidate: &Result<_, _>| match candidate {
            Ok(Candidate { generated: found, .. }) => *found == Some(generated),
            Err(_) => true,
        };
        let candidate = candidates.find(is_it).unwrap_or_else(|| {
            Err(format!("the contract does not generate {which} any more, which was `{calls}`"))
        })?;
        match candidate.scenario.to_string() {
            now if now == *calls => Ok(candidate),
            now => Err(format!("{which} was `{calls}`, and is `{now}` now")),
        }
    }

    /// The reason that there is nothing to run, if so.
    pub(crate) fn nothing_to_run(&self) -> Option<String> {
        let is_empty = self.by_hand.is_empty() && self.generated == 0;
        let reason = "a contract without scenarios shows nothing: ask for some with `scenarios`, \
                      or write one with `scenario`";
        is_empty.then(|| reason.to_owned())
    }

    /// The source of the scenarios, which decides how much they show.
    pub(crate) fn source(&self) -> ScenarioSource {
        if self.generated > 0 { ScenarioSource::Generated } else { ScenarioSource::ByHand }
    }

    /// The objection of the constraints to a scenario.
    pub(crate) fn objection(&self, scenario: &Scenario<O>) -> Option<String> {
        self.constraints.iter().find_map(|constraint| constraint.objection(scenario))
    }

    /// `count` scenarios of this seed, or as many as there are. A longer list begins with a shorter
    /// one.
    fn generated<'a, S: Specification<Operation = O>>(
        &'a self,
        specification: &'a S,
        count: usize,
        seed: u64,
    ) -> impl Iterator<Item = Result<Candidate<O>, String>> + 'a {
        let draws = count.saturating_mul(DRAWS_FOR_ONE);
        let generators = self.operations.iter().map(move |operations| {
            Generator::new(seed, operations, &self.sizes, &self.constraints)
        });
        let scenarios = generators.flat_map(move |mut generator| {
            (0..draws).filter_map(move |_| fit(&mut generator, specification).transpose())
        });
        (1..=count).zip(scenarios).map(move |(number, candidate)| {
            Ok(Candidate { generated: Some(GeneratedScenario { seed, number }), ..candidate? })
        })
    }

    fn by_hand<S: Specification<Operation = O>>(
        &self,
        specification: &S,
        scenario: &Scenario<O>,
    ) -> Result<Candidate<O>, String> {
        if scenario.size() == 0 {
            return Err("a scenario without a call shows nothing: give one of its threads a call"
                .to_owned());
        }
        if let Some(objection) = self.objection(scenario) {
            return Err(format!("the scenario `{scenario}` breaks a constraint: {objection}"));
        }
        let outlook = look_ahead(specification, scenario).map_err(|misuse| misuse.to_string())?;
        if let Outlook::Waits { call } = outlook {
            let when = if call < scenario.before.len() { "before" } else { "after" };
            let (_, operation) = scenario.calls().nth(call).expect("the call is numbered");
            return Err(format!(
                "the scenario `{scenario}` cannot finish: `{operation:?}`, {when} the threads, \
                 waits for ever, since no other thread runs then. Put a call in front of it that ends \
                 its wait, or give it to a thread"
            ));
        }
        let trees = scenario.map(|call| Box::new(Fixed(call.clone())) as Tree<O>);
        Ok(Candidate { scenario: Arc::new(scenario.clone()), trees, outlook, generated: None })
    }
}

/// Draws once; `None` if that gives no new scenario, or one that cannot finish.
fn fit<S: Specification>(
    generator: &mut Generator<'_, S::Operation>,
    specification: &S,
) -> Result<Option<Candidate<S::Operation>>, String> {
    let Some(trees) = generator.draw()?.filter(|trees| trees.size() > 0) else { return Ok(None) };
    let scenario = Arc::new(trees.map(ValueTree::current));
    let outlook = look_ahead(specification, &scenario).map_err(|misuse| misuse.to_string())?;
    let is_fit = !matches!(outlook, Outlook::Waits { .. });
    Ok(is_fit.then_some(Candidate { scenario, trees, outlook, generated: None }))
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
