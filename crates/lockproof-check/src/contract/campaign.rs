//! The scenarios of a contract, one after the other under one engine, up to the first that fails.

use std::time::Instant;

use lockproof::engine::{Ending, Engine, Exploration, Settings};
use lockproof::sync::Arc;

use super::Contract;
use super::judgement::Judgement;
use super::smallest::Failing;
use crate::record::{ProgressFile, Stage};
use crate::report::{EngineRun, Report, ScenarioCounts, Search};
use crate::scenario::Scenario;
use crate::scenario::body::Explored;
use crate::scenario::plan::Candidate;
use crate::scenario::sequential::Course;
use crate::verdict::{Verdict, missing};
use crate::{Specification, Specifies, harness};

/// Why a campaign stopped before the last scenario.
enum Stop<S: Specification> {
    Failing(Box<Failing<S>>),
    GaveUp(String),
}

/// What has been done so far.
struct Campaign<'a, S: Specifies<C>, C> {
    contract: &'a Contract<S, C>,
    engine: Engine,
    /// Of each scenario.
    settings: Settings,
    start: Instant,
    wanted: usize,
    progress: Option<ProgressFile>,
    counts: ScenarioCounts,
    search: Option<Search>,
    missing: Vec<String>,
    stop: Option<Stop<S>>,
}

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// Asks all engines.
    pub(super) fn search(&self, report: &mut Report) {
        report.runs = Engine::available().iter().map(|engine| self.run_on(*engine)).collect();
    }

    fn run_on(&self, engine: Engine) -> EngineRun {
        if let Some(reason) = self.case.left_out(engine) {
            return EngineRun::skipped(engine, reason);
        }
        let generated = self.generated_on(engine);
        let wanted = self.plan.by_hand.len() + generated;
        if self.plan.is_empty() {
            let reason = "a contract without scenarios shows nothing: ask for some with \
                          `scenarios`, or write one with `scenario`";
            let verdict = Verdict::Inconclusive { reason: reason.to_owned() };
            return EngineRun { verdict, ..EngineRun::skipped(engine, reason) };
        }
        if wanted == 0 {
            let reason = "a scenario takes it seconds: ask for some with scenarios_on";
            return EngineRun::skipped(engine, reason);
        }
        let mut campaign = Campaign::new(self, engine, wanted);
        let seed = self.case.settings.seed;
        let result = self
            .plan
            .each(&self.specification, generated, seed, |candidate| campaign.run(candidate));
        campaign.verdict(result)
    }

    /// How many scenarios the engine generates.
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
        let mut settings = contract.case.settings.clone();
        let each = |all: u64| (all / wanted.max(1) as u64).max(1);
        settings.samples = each(settings.samples);
        settings.stress_runs = each(settings.stress_runs);
        Self {
            contract,
            engine,
            settings,
            start: Instant::now(),
            wanted,
            progress: harness::records().map(|directory| {
                ProgressFile::new(&directory, &contract.case.subject, &contract.property(), engine)
            }),
            counts: ScenarioCounts::default(),
            search: None,
            missing: Vec::new(),
            stop: None,
        }
    }

    /// Runs one scenario; says whether another one is wanted.
    fn run(&mut self, candidate: Candidate<S::Operation>) -> Result<bool, String> {
        if candidate.course == Course::MayWait && !judges_standstills(self.engine) {
            self.counts.left_out += 1;
            return Ok(true);
        }
        let contract = self.contract;
        let budget = contract.case.settings.time;
        let Some(left) = budget.checked_sub(self.start.elapsed()).filter(|left| !left.is_zero())
        else {
            self.give_up();
            return Ok(false);
        };
        self.settings.time = left;
        let scenario = &candidate.scenario;
        let explored = self.explore(scenario);
        if let Some(misuse) = explored.misuse.as_ref().or(explored.examiner.misuse.as_ref()) {
            return Err(misuse.clone());
        }
        self.counts.add(scenario, explored.examiner.histories());
        self.add(&explored.exploration);
        // Each scenario is sampled and disturbed in another way.
        self.settings.seed = self.settings.seed.wrapping_add(1);
        match &explored.exploration.ending {
            Ending::Complete => Ok(true),
            Ending::Failed(_) => {
                self.counts.failed_after = Some(self.start.elapsed());
                let failing = Failing { candidate, explored };
                self.stop = Some(Stop::Failing(Box::new(failing)));
                Ok(false)
            }
            Ending::OutOfBudget { .. } => {
                self.give_up();
                Ok(false)
            }
            Ending::Unsupported { reason } => Err(format!("{reason}, in the scenario {scenario}")),
            ending => Err(format!("unknown ending: {ending:?}")),
        }
    }

    fn explore(&mut self, scenario: &Arc<Scenario<S::Operation>>) -> Explored<Judgement<S>> {
        let stage = self.stage();
        let trial = self.contract.trial(self.engine, &self.settings, scenario);
        let judgement = self.contract.judgement(scenario);
        match &mut self.progress {
            Some(file) => {
                file.begin(stage);
                trial.explore_telling::<S, _>(judgement, file.writer(stage))
            }
            None => trial.explore::<S, _>(judgement),
        }
    }

    /// Where the next scenario stands among all.
    fn stage(&self) -> Stage {
        let ScenarioCounts { run, left_out, .. } = self.counts;
        let run = usize::try_from(run).unwrap_or(usize::MAX);
        let left_out = usize::try_from(left_out).unwrap_or(usize::MAX);
        Stage {
            done: run,
            of: self.wanted.saturating_sub(left_out),
            executions: self.search.as_ref().map_or(0, |search| search.executions),
            elapsed: self.start.elapsed(),
        }
    }

    fn give_up(&mut self) {
        let Settings { time, executions, .. } = &self.contract.case.settings;
        let budget = match executions {
            Some(limit) if self.start.elapsed() < *time => format!("executions: {limit}"),
            _ => format!("time: {time:?}"),
        };
        let (done, wanted) = (self.counts.run, self.wanted);
        let reason = format!(
            "out of budget: {budget}, at scenario {done} of {wanted}; ask for fewer, or for \
             smaller ones with `threads` and `calls`"
        );
        self.stop = Some(Stop::GaveUp(reason));
    }

    fn add(&mut self, exploration: &Exploration) {
        self.counts.complete += u64::from(exploration.is_proof());
        for missed in missing(exploration) {
            if !self.missing.contains(&missed) {
                self.missing.push(missed);
            }
        }
        let search = Search::from(exploration.clone());
        match &mut self.search {
            Some(so_far) => so_far.add(search),
            None => self.search = Some(search),
        }
    }

    fn verdict(mut self, result: Result<(), String>) -> EngineRun {
        let verdict = match (result, self.stop.take()) {
            (Err(reason), _) | (_, Some(Stop::GaveUp(reason))) => Verdict::Inconclusive { reason },
            (_, Some(Stop::Failing(failing))) => {
                let settings = &self.settings;
                let failure = failing.smallest(self.contract, self.engine, settings);
                Verdict::Refuted { failure: Box::new(failure) }
            }
            _ if self.counts.run == 0 => Verdict::Skipped {
                reason: "every scenario may end with calls that wait, which only explore judges"
                    .to_owned(),
            },
            _ if self.is_proof() => Verdict::Proved,
            _ => Verdict::Held { missing: self.what_is_missing() },
        };
        if let Some(search) = &mut self.search {
            search.elapsed = self.start.elapsed();
            search.seed = (self.contract.plan.generated > 0 || !search.exhaustive)
                .then_some(self.contract.case.settings.seed);
            search.scenarios = Some(self.counts);
        }
        EngineRun {
            engine: self.engine.to_string(),
            controlled: self.engine.is_controlled(),
            verdict,
            search: self.search,
        }
    }

    /// Whether every scenario that was claimed anything of is proved.
    fn is_proof(&self) -> bool {
        self.contract.plan.generated == 0 && self.counts.complete == self.wanted as u64
    }

    fn what_is_missing(&self) -> Vec<String> {
        let ScenarioCounts { run, complete, left_out, .. } = self.counts;
        let mut missing = Vec::new();
        if self.contract.plan.generated > 0 {
            let each = if run == complete { ", each explored completely" } else { "" };
            missing.push(format!("scenarios other than these {run}{each}"));
        }
        if left_out > 0 {
            missing.push(format!("{left_out} scenarios that may end with calls that wait"));
        }
        missing.extend(self.missing.iter().cloned());
        missing
    }
}

/// Whether the engine goes on after a standstill, so that calls may be left waiting.
pub(super) fn judges_standstills(engine: Engine) -> bool {
    engine == Engine::Explore
}
