//! The scenarios of a contract, one after the other under one engine, up to the first that fails.

use lockproof::engine::{Ending, Engine, Settings};
use lockproof::sync::Arc;
use lockproof_record::{EngineRun, Report, RunEnding, ScenarioCounts};

use super::Contract;
use super::coverage::Coverage;
use super::judgement::{Judgement, judges_standstills};
use super::smallest::Failing;
use crate::Specifies;
use crate::conversion::named;
use crate::progress::{ProgressFile, ProgressStage};
use crate::scenario::Scenario;
use crate::scenario::body::Explored;
use crate::scenario::plan::Candidate;
use crate::scenario::sequential::Outlook;

/// The run of a contract on one engine.
struct Campaign<'a, S: Specifies<C>, C> {
    contract: &'a Contract<S, C>,
    /// Of each scenario.
    settings: Settings,
    wanted: usize,
    progress: Option<ProgressFile>,
    coverage: Coverage,
    /// The scenario that ended it.
    failing: Option<Failing<S>>,
}

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// Asks all engines.
    pub(super) fn search(&self, report: &mut Report) {
        report.runs = Engine::available().iter().map(|engine| self.run_on(*engine)).collect();
    }

    fn run_on(&self, engine: Engine) -> EngineRun {
        if let Some(reason) = self.test.left_out(engine) {
            return EngineRun::skipped(named(engine), reason);
        }
        let generated = self.generated_on(engine);
        let wanted = self.plan.by_hand.len() + generated;
        if let Some(reason) = self.plan.nothing_to_run() {
            return EngineRun::new(named(engine), RunEnding::GaveUp { reason }, None);
        }
        if wanted == 0 {
            let reason = "a scenario takes it seconds: ask for some with scenarios_on";
            return EngineRun::skipped(named(engine), reason);
        }
        let mut campaign = Campaign::new(self, engine, wanted);
        let seed = self.test.settings.seed;
        let result = self
            .plan
            .each(&self.specification, generated, seed, |candidate| campaign.run(candidate));
        campaign.into_run(result)
    }

    /// The number of scenarios that the engine generates.
    pub(super) fn generated_on(&self, engine: Engine) -> usize {
        let on = self.scenarios_on.iter().rev().find(|(on, _)| *on == engine);
        match on {
            Some(&(_, count)) => count,
            None if engine == Engine::Loom => 0,
            None => self.plan.generated,
        }
    }
}

impl<'a, S: Specifies<C>, C: Send + Sync + 'static> Campaign<'a, S, C> {
    fn new(contract: &'a Contract<S, C>, engine: Engine, wanted: usize) -> Self {
        let mut settings = contract.test.settings.clone();
        let each = |all: u64| (all / wanted.max(1) as u64).max(1);
        settings.samples = each(settings.samples);
        settings.stress_runs = each(settings.stress_runs);
        Self {
            contract,
            settings,
            wanted,
            progress: ProgressFile::of(&contract.test.subject, &contract.property(), engine),
            coverage: Coverage::new(engine, contract.plan.source()),
            failing: None,
        }
    }

    /// Runs one scenario; says whether another one is wanted.
    fn run(&mut self, candidate: Candidate<S::Operation>) -> Result<bool, String> {
        if candidate.outlook == Outlook::MayWait && !judges_standstills(self.coverage.engine) {
            self.coverage.counts.left_out += 1;
            return Ok(true);
        }
        let contract = self.contract;
        let left = self.coverage.time_left(contract.test.settings.time);
        self.settings.time = left.ok_or_else(|| self.out_of_budget())?;
        let scenario = &candidate.scenario;
        let explored = self.explore(scenario);
        if let Some(misuse) = explored.misuse.as_ref().or(explored.examiner.misuse.as_ref()) {
            return Err(misuse.clone());
        }
        self.coverage.add_scenario(scenario, explored.examiner.histories());
        self.coverage.counts.complete += u64::from(self.coverage.add(&explored.exploration));
        // Each scenario is sampled and disturbed in another way.
        self.settings.seed = self.settings.seed.wrapping_add(1);
        match &explored.exploration.ending {
            Ending::Complete => Ok(true),
            Ending::Failed(_) => {
                self.coverage.counts.failed_after = Some(self.coverage.start.elapsed());
                self.failing = Some(Failing { candidate, explored });
                Ok(false)
            }
            Ending::OutOfBudget { .. } => Err(self.out_of_budget()),
            Ending::Unsupported { reason } => Err(format!("{reason}, in the scenario {scenario}")),
            ending => Err(format!("unknown ending: {ending:?}")),
        }
    }

    fn explore(&mut self, scenario: &Arc<Scenario<S::Operation>>) -> Explored<Judgement<S>> {
        let stage = self.stage();
        let trial = self.contract.trial(self.coverage.engine, &self.settings, scenario);
        let judgement = self.contract.judgement(scenario);
        let progress = self.progress.as_mut().map(|file| file.begin(stage));
        trial.run::<S, _>(judgement, |task| match progress {
            Some(progress) => task.reporting_to(progress).explore(),
            None => task.explore(),
        })
    }

    /// The place of the next scenario among all.
    fn stage(&self) -> ProgressStage {
        let ScenarioCounts { run, left_out, .. } = self.coverage.counts;
        let run = usize::try_from(run).unwrap_or(usize::MAX);
        let left_out = usize::try_from(left_out).unwrap_or(usize::MAX);
        ProgressStage {
            done: run,
            of: self.wanted.saturating_sub(left_out),
            executions: self.coverage.executions(),
            elapsed: self.coverage.start.elapsed(),
        }
    }

    fn out_of_budget(&self) -> String {
        let Settings { time, executions, .. } = &self.contract.test.settings;
        let budget = match executions {
            Some(limit) if self.coverage.start.elapsed() < *time => format!("executions: {limit}"),
            _ => format!("time: {time:?}"),
        };
        let (done, wanted) = (self.coverage.counts.run, self.wanted);
        format!(
            "out of budget: {budget}, at scenario {done} of {wanted}; ask for fewer, or for \
             smaller ones with `threads` and `calls`"
        )
    }

    fn into_run(mut self, result: Result<(), String>) -> EngineRun {
        let ending = match (result, self.failing.take()) {
            (Err(reason), _) => RunEnding::GaveUp { reason },
            (_, Some(failing)) => {
                let engine = self.coverage.engine;
                let failure = self.contract.smallest(failing, engine, &self.settings);
                RunEnding::Failed { failure: Box::new(failure) }
            }
            _ if self.coverage.counts.run == 0 => RunEnding::Skipped {
                reason: "every scenario may end with calls that wait, which only explore judges"
                    .to_owned(),
            },
            _ => RunEnding::Complete,
        };
        self.coverage.end(self.contract.test.settings.seed);
        self.coverage.into_run(ending)
    }
}
