//! A contract: a concurrent type, what it promises, and the scenarios in which it is tried.

mod campaign;
mod coverage;
mod judgement;
mod outcomes;
mod refinement;
mod replaying;
mod smallest;

use std::ops::RangeInclusive;

use lockproof::engine::{Condition, Engine};
use lockproof::sync::Arc;
use lockproof_record::{Expectation, Expected};
use proptest::arbitrary::{Arbitrary, any};
use proptest::strategy::{BoxedStrategy, Strategy};

use crate::endings::test_endings;
use crate::scenario::Scenario;
use crate::scenario::body::Subject;
use crate::scenario::constraints::Constraint;
use crate::scenario::generation::Sizes;
use crate::scenario::plan::ScenarioPlan;
use crate::settings::{TestSettings, test_settings};
use crate::{Specifies, conversion};

pub use outcomes::GradedOutcomes;
pub use refinement::Refinement;

/// A concurrent type, what it promises, and the scenarios in which it is tried.
///
/// In a scenario a few threads make a few calls. An engine runs it in every interleaving, and in
/// each of them what the calls returned must be explained by the sequential counterpart: by some
/// order of the calls, made one at a time, that keeps real time. A contract does nothing until one
/// of its endings is called: [`passes`](Self::passes), [`is_proved`](Self::is_proved),
/// [`is_refuted`](Self::is_refuted) or [`check`](Self::check).
///
/// **Limits first.** Generated scenarios are samples: they can show that a promise is broken, never
/// that it is kept. So however many there are, the verdict is *passed*; *proved* is said of scenarios
/// that are written by hand, and of nothing but these.
///
/// The settings are those of each scenario, except that `time` is for all of them together, and
/// `samples` and `stress_runs` are divided among them: each gets one at least.
///
/// [`specification!`](crate::specification!) has an example.
#[must_use = "a contract is tried at its ending: passes, is_proved, is_refuted or check"]
pub struct Contract<S: Specifies<C>, C> {
    test: TestSettings,
    specification: S,
    subject: Subject<C>,
    condition: Condition,
    plan: ScenarioPlan<S::Operation>,
    /// The number of scenarios that an engine generates, if it is another one than the plan's.
    scenarios_on: Vec<(Engine, usize)>,
}

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// The contract of the type that `make` makes and reports call `name`: to do as
    /// `specification` does, which is the counterpart in the state that `make` gives the type.
    ///
    /// The caller's place is where reports say that the contract stands.
    #[track_caller]
    pub fn new(
        name: impl Into<String>,
        make: impl Fn() -> C + Send + Sync + 'static,
        specification: S,
    ) -> Self {
        let plan = ScenarioPlan {
            by_hand: Vec::new(),
            generated: 0,
            operations: None,
            sizes: Sizes::default(),
            constraints: Vec::new(),
        };
        let subject =
            Subject { make: Arc::new(make), invariants: Vec::new(), validations: Vec::new() };
        Self {
            test: TestSettings::new(name),
            specification,
            subject,
            condition: Condition::Linearizability,
            plan,
            scenarios_on: Vec::new(),
        }
    }

    /// Tries the type in a scenario that is written by hand; may be said more than once.
    pub fn scenario(mut self, scenario: Scenario<S::Operation>) -> Self {
        self.plan.by_hand.push(scenario);
        self
    }

    /// Tries the type in this number of generated scenarios, all of which differ. The same seed
    /// gives the same ones, on every engine.
    ///
    /// loom, for which a scenario is a matter of seconds, generates none unless
    /// [`scenarios_on`](Self::scenarios_on) says so.
    pub fn scenarios(mut self, count: usize) -> Self
    where
        S::Operation: Arbitrary,
        <S::Operation as Arbitrary>::Strategy: 'static,
    {
        self.plan.generated = count;
        self.plan.operations.get_or_insert_with(|| any::<S::Operation>().boxed());
        self
    }

    /// As [`scenarios`](Self::scenarios), with calls that a strategy of proptest generates.
    pub fn scenarios_of(mut self, count: usize, calls: BoxedStrategy<S::Operation>) -> Self {
        self.plan.generated = count;
        self.plan.operations = Some(calls);
        self
    }

    /// Limits the generated scenarios that an engine runs.
    pub fn scenarios_on(mut self, engine: Engine, count: usize) -> Self {
        self.scenarios_on.push((engine, count));
        self
    }

    /// The threads of a generated scenario. Default: 2 or 3.
    pub fn threads(mut self, count: RangeInclusive<usize>) -> Self {
        self.plan.sizes.threads = count;
        self
    }

    /// The calls of each thread of a generated scenario. Default: 1 or 2.
    pub fn calls(mut self, count: RangeInclusive<usize>) -> Self {
        self.plan.sizes.calls = count;
        self
    }

    /// The calls of a generated scenario before the threads. Default: up to 2.
    pub fn before(mut self, count: RangeInclusive<usize>) -> Self {
        self.plan.sizes.before = count;
        self
    }

    /// The calls of a generated scenario after the threads. Default: up to 1.
    pub fn after(mut self, count: RangeInclusive<usize>) -> Self {
        self.plan.sizes.after = count;
        self
    }

    /// Such calls are for one thread alone, such as the consumer of a single-consumer queue. Which
    /// one, each scenario chooses; the calls before and after the threads are free to any.
    pub fn one_thread(
        mut self,
        which: impl Fn(&S::Operation) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.plan.constraints.push(Constraint::OneThread(Arc::new(which)));
        self
    }

    /// Allows at most this number of such calls in a scenario, such as one that closes.
    pub fn at_most(
        mut self,
        count: usize,
        which: impl Fn(&S::Operation) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.plan.constraints.push(Constraint::AtMost(count, Arc::new(which)));
        self
    }

    /// The condition that the results must meet. Default: [`Condition::Linearizability`].
    pub fn under(mut self, condition: Condition) -> Self {
        self.condition = condition;
        self
    }

    /// Asserts something of the type after each call, by the thread that made it. What `assertion`
    /// looks at is part of the interleavings, so each lock that it takes costs some.
    pub fn invariant(mut self, assertion: impl Fn(&C) + Send + Sync + 'static) -> Self {
        self.subject.invariants.push(Arc::new(assertion));
        self
    }

    /// Asserts something of the type when all calls have returned.
    pub fn validation(mut self, assertion: impl Fn(&C) + Send + Sync + 'static) -> Self {
        self.subject.validations.push(Arc::new(assertion));
        self
    }

    test_settings!();
    test_endings!();

    /// Demands that every engine that controls the schedule finds the contract broken: calls whose
    /// returns nothing explains.
    ///
    /// # Panics
    ///
    /// If an engine that controls the schedule finds no defect, another one, or gives up; also if
    /// the record cannot be written.
    #[track_caller]
    pub fn is_refuted(self) {
        let by = Expected::violation(conversion::condition(self.condition));
        self.demand(Expectation::Refuted { by });
    }

    /// The claim: of scenarios written by hand, of these alone.
    fn property(&self) -> String {
        let is = format!("is {}", self.condition.adjective());
        match (self.plan.generated, self.plan.by_hand.as_slice()) {
            (0, [scenario]) => format!("{is} in {scenario}"),
            (0, scenarios) => format!("{is} in {} scenarios", scenarios.len()),
            _ => is,
        }
    }
}
