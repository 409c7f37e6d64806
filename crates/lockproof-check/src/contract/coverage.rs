//! Adds up what an engine ran of the scenarios of a contract, whatever it looked for in them.

use std::time::{Duration, Instant};

use lockproof::engine::{Ending, Engine, Exploration};
use lockproof_record::{EngineRun, RunEnding, ScenarioCounts, ScenarioSource, Search, Verdict};

use crate::conversion::{self, named};
use crate::scenario::Scenario;

/// Scenarios and executions that an engine has run so far.
pub(super) struct Coverage {
    pub(super) engine: Engine,
    pub(super) start: Instant,
    pub(super) counts: ScenarioCounts,
    search: Option<Search>,
}

impl Coverage {
    pub(super) fn new(engine: Engine, source: ScenarioSource) -> Self {
        let counts = ScenarioCounts { source, ..ScenarioCounts::default() };
        Self { engine, start: Instant::now(), counts, search: None }
    }

    /// The executions so far.
    pub(super) fn executions(&self) -> u64 {
        self.search.as_ref().map_or(0, |search| search.executions)
    }

    /// What is left of the time for all scenarios, if anything is.
    pub(super) fn time_left(&self, budget: Duration) -> Option<Duration> {
        budget.checked_sub(self.start.elapsed()).filter(|left| !left.is_zero())
    }

    /// Counts a scenario that ran, its largest sizes and the histories that were told apart.
    pub(super) fn add_scenario<O>(&mut self, scenario: &Scenario<O>, histories: u64) {
        let counts = &mut self.counts;
        counts.run += 1;
        counts.histories += histories;
        counts.threads = counts.threads.max(scenario.threads.len());
        let calls = scenario.threads.iter().map(Vec::len).max();
        counts.calls = counts.calls.max(calls.unwrap_or(0));
        counts.before = counts.before.max(scenario.before.len());
        counts.after = counts.after.max(scenario.after.len());
    }

    /// Adds an exploration of a scenario, and says whether by itself it is a proof.
    pub(super) fn add(&mut self, exploration: &Exploration) -> bool {
        let search = conversion::search(exploration);
        let engine = named(self.engine);
        let is_complete = matches!(exploration.ending, Ending::Complete)
            && Verdict::of(engine, RunEnding::Complete, Some(&search)).is_proved();
        match &mut self.search {
            Some(so_far) => so_far.add(search),
            None => self.search = Some(search),
        }
        is_complete
    }

    /// The whole campaign is over: its time counts, not that of its searches alone. `seed` is where
    /// all that was random started, if anything was.
    pub(super) fn end(&mut self, seed: u64) {
        let is_generated = self.counts.source == ScenarioSource::Generated;
        if let Some(search) = &mut self.search {
            search.elapsed = self.start.elapsed();
            search.seed = (is_generated || !search.is_exhaustive()).then_some(seed);
        }
    }

    /// The run of all scenarios.
    pub(super) fn into_run(self, ending: RunEnding) -> EngineRun {
        let Self { engine, counts, search, .. } = self;
        let search = search.map(|search| Search { scenarios: Some(counts), ..search });
        EngineRun::new(named(engine), ending, search)
    }
}
