//! From a scenario that fails to the smallest, and to its shortest execution that fails.

use lockproof::engine::{DefectKind, Ending, Engine, Settings, Task};
use lockproof::sync::Arc;
use lockproof_record::{RecordedFailure, RecordedScenario, ScenarioOrigin};

use super::Contract;
use super::judgement::{Judgement, judges_standstills};
use crate::scenario::body::{Explored, Trial};
use crate::scenario::plan::Candidate;
use crate::scenario::sequential::{Outlook, look_ahead};
use crate::scenario::shrinking::shrink;
use crate::scenario::{Scenario, pasted};
use crate::{Specification, Specifies, conversion};

/// The executions that a smaller scenario may take beyond those of the one that failed.
const MORE_EXECUTIONS: u64 = 1_000;

/// Mark of a smaller scenario that failed, too, in [`ScenarioOrigin::shrinking`].
pub(super) const FAILS: char = '+';
const PASSES: char = '-';

/// A scenario that fails, as it was found.
pub(super) struct Failing<S: Specification> {
    pub(super) candidate: Candidate<S::Operation>,
    pub(super) explored: Explored<Judgement<S>>,
}

/// A scenario, and what an engine found in it.
pub(super) type FailingScenario<S> =
    (Arc<Scenario<<S as Specification>::Operation>>, Explored<Judgement<S>>);

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// The record of the smallest scenario that fails in the same way. On real threads, where
    /// a failure is luck, of this one.
    pub(super) fn smallest(
        &self,
        Failing { candidate, explored }: Failing<S>,
        engine: Engine,
        settings: &Settings,
    ) -> RecordedFailure {
        let Candidate { scenario, trees, generated, .. } = candidate;
        let calls = scenario.to_string();
        let mut origin = ScenarioOrigin { calls, generated, shrinking: String::new() };
        let failure = explored.exploration.failure().expect("the scenario fails");
        let kind = failure.defect.kind();
        let mut settings = settings.clone();
        settings.executions = Some(explored.exploration.executions + MORE_EXECUTIONS);
        let mut last = (scenario, explored);
        if engine.is_controlled() {
            shrink(trees, |scenario| {
                let found = self.fails(scenario, engine, &settings, kind);
                origin.shrinking.push(if found.is_some() { FAILS } else { PASSES });
                found.map(|found| last = found).is_some()
            });
        }
        if engine == Engine::Explore {
            last = self.shortest(last, &settings);
        }
        self.recorded(last, origin)
    }

    /// Runs a smaller scenario; `None` if it does not fail in this way, or cannot be used.
    fn fails(
        &self,
        scenario: &Scenario<S::Operation>,
        engine: Engine,
        settings: &Settings,
        kind: DefectKind,
    ) -> Option<FailingScenario<S>> {
        if !self.is_fit(scenario, engine) {
            return None;
        }
        let scenario = Arc::new(scenario.clone());
        let trial = self.trial(engine, settings, &scenario);
        let explored = trial.run::<S, _>(self.judgement(&scenario), Task::explore);
        let failure = explored.exploration.failure()?;
        (failure.defect.kind() == kind).then_some((scenario, explored))
    }

    /// Whether the engine can judge every execution of the scenario, and it keeps to the
    /// constraints.
    pub(super) fn is_fit(&self, scenario: &Scenario<S::Operation>, engine: Engine) -> bool {
        let can_be_judged = match look_ahead(&self.specification, scenario) {
            Ok(Outlook::Ends) => true,
            Ok(Outlook::MayWait) => judges_standstills(engine),
            Ok(Outlook::Waits { .. }) | Err(_) => false,
        };
        can_be_judged && self.plan.objection(scenario).is_none()
    }

    /// The shortest execution of a scenario that fails in the same way.
    pub(super) fn shortest(
        &self,
        found: FailingScenario<S>,
        settings: &Settings,
    ) -> FailingScenario<S> {
        let (scenario, explored) = &found;
        let trial = self.trial(Engine::Explore, settings, scenario);
        let judgement = || self.judgement(scenario).forgetting();
        let shortest = explored.exploration.failure().and_then(|failure| {
            let shorter = trial.shorten::<S, _>(failure, judgement())?;
            let schedule = shorter.schedule.as_ref()?;
            let mut replayed = trial.run::<S, _>(judgement(), |task| task.replay(schedule));
            let Ending::Failed(failure) = &mut replayed.exploration.ending else { return None };
            failure.minimality = shorter.minimality;
            Some(replayed)
        });
        match shortest {
            Some(shortest) => (found.0, shortest),
            None => found,
        }
    }

    pub(super) fn trial<'a>(
        &'a self,
        engine: Engine,
        settings: &'a Settings,
        scenario: &'a Arc<Scenario<S::Operation>>,
    ) -> Trial<'a, S::Operation, C> {
        Trial { engine, settings, subject: &self.subject, scenario }
    }

    pub(super) fn judgement(&self, scenario: &Scenario<S::Operation>) -> Judgement<S> {
        Judgement::new(self.condition, &self.specification, scenario)
    }

    pub(super) fn recorded(
        &self,
        (scenario, explored): FailingScenario<S>,
        origin: ScenarioOrigin,
    ) -> RecordedFailure {
        let failure = explored.exploration.failure().expect("the scenario fails");
        let account = explored.examiner.account;
        let recorded = RecordedScenario {
            calls: scenario.to_string(),
            table: account.map(|account| account.table).unwrap_or_default(),
            test: pasted::test(&self.test.subject, self.condition.adjective(), &scenario),
            origin: Some(origin),
        };
        conversion::failure_in(failure, recorded)
    }
}
