//! A witness of a contract: its scenario is made again as it was found and made smaller, without
//! running the subject, and then its one execution is.

use lockproof::engine::{Ending, Engine, Exploration, Task};
use lockproof::sync::Arc;
use lockproof_record::{EngineRun, ScenarioOrigin, ScenarioSource, WitnessState};

use super::Contract;
use super::coverage::Coverage;
use super::smallest::{FAILS, FailingScenario};
use crate::runner::Replayable;
use crate::scenario::Scenario;
use crate::scenario::shrinking::shrink;
use crate::{Specifies, conversion};

/// Generated scenarios are looked through up to this one at least, however few the contract wants;
/// not much further, so that a number that was never found does not take for ever.
const MOST_LOOKED_THROUGH: usize = 10_000;

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// Runs the execution of a witness; where its schedule no longer fits, all executions of its
    /// scenario.
    pub(super) fn replay(&self, replayable: &Replayable) -> (WitnessState, Option<EngineRun>) {
        let Replayable { path, witness, schedule } = replayable;
        let recorded = witness.failure.scenario.as_ref();
        let Some((calls, origin)) =
            recorded.and_then(|one| Some((&one.calls, one.origin.as_ref()?)))
        else {
            let reason = format!(
                "the witness {path} does not say which scenario it is of; restore it from version \
                 control, or delete it"
            );
            return (WitnessState::Unreadable { reason }, None);
        };
        let engine = schedule.engine();
        let scenario = match self.made_again(calls, origin, engine) {
            Ok(scenario) => scenario,
            Err(divergence) => return (WitnessState::Stale { divergence }, None),
        };
        let trial = self.trial(engine, &self.test.settings, &scenario);
        let judgement = || self.judgement(&scenario);
        let replayed = trial.run::<S, _>(judgement().forgetting(), |task| task.replay(schedule));
        let (state, explored) = match &replayed.exploration.ending {
            Ending::Diverged(divergence) => {
                let searched = trial.run::<S, _>(judgement(), Task::explore);
                match found_instead(replayable, &searched.exploration, &divergence.to_string()) {
                    Some(state) => (state, searched),
                    None => (replayable.state(&replayed.exploration), replayed),
                }
            }
            _ => (replayable.state(&replayed.exploration), replayed),
        };
        if let Some(misuse) = explored.misuse.as_ref().or(explored.examiner.misuse.as_ref()) {
            return (WitnessState::NotReplayed { reason: misuse.clone() }, None);
        }
        (state, Some(self.run_of((scenario, explored), origin.clone())))
    }

    /// The scenario of a witness, which has these calls.
    ///
    /// # Errors
    ///
    /// The reason that the contract does not have it any more.
    fn made_again(
        &self,
        calls: &str,
        origin: &ScenarioOrigin,
        engine: Engine,
    ) -> Result<Arc<Scenario<S::Operation>>, String> {
        let most = MOST_LOOKED_THROUGH.max(self.generated_on(engine));
        let found = self.plan.find(&self.specification, origin, most)?;
        let mut answers = origin.shrinking.chars();
        let smallest = shrink(found.trees, |_| answers.next() == Some(FAILS));
        let now = smallest.to_string();
        if now != *calls {
            return Err(format!(
                "its scenario was made smaller to `{calls}`, and the same steps lead to `{now}` now"
            ));
        }
        if !self.is_fit(&smallest, engine) {
            return Err(format!(
                "its scenario `{calls}` does not keep to the constraints now, or {engine} cannot \
                 judge it"
            ));
        }
        Ok(Arc::new(smallest))
    }

    /// The run of a scenario alone, which says nothing of others.
    fn run_of(&self, found: FailingScenario<S>, origin: ScenarioOrigin) -> EngineRun {
        let (scenario, explored) = &found;
        let exploration = &explored.exploration;
        let engine = exploration.engine;
        let mut coverage = Coverage::new(engine, ScenarioSource::Witness);
        coverage.add_scenario(scenario, explored.examiner.histories());
        coverage.counts.complete = u64::from(coverage.add(exploration));
        let mut run = coverage.into_run(conversion::ending(exploration));
        if run.verdict().failure().is_some() {
            let is_searched = engine == Engine::Explore && run.is_exhaustive();
            let settings = &self.test.settings;
            let found = if is_searched { self.shortest(found, settings) } else { found };
            run.refute(self.recorded(found, origin));
        }
        run
    }
}

/// The state that a search shows in place of a schedule that does not fit, if it shows one.
fn found_instead(
    replayable: &Replayable,
    searched: &Exploration,
    divergence: &str,
) -> Option<WitnessState> {
    match replayable.state(searched) {
        WitnessState::FailsAgain { .. } => {
            let change = Some(format!("in another execution of its scenario: {divergence}"));
            Some(WitnessState::FailsAgain { change })
        }
        state @ WitnessState::FailsOtherwise { .. } => Some(state),
        _ => conversion::run(searched).verdict().is_proved().then_some(WitnessState::Gone),
    }
}
