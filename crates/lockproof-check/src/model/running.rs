//! Runs a model on the engines of the build, and makes what it shows to people short.

use lockproof::engine::{Engine, Failure};

use super::Model;
use crate::harness;
use crate::record::{ProgressFile, RecordedFailure};
use crate::report::{EngineRun, Report};
use crate::verdict::Verdict;

impl Model {
    /// The witnesses first, and if none of them fails, all engines.
    pub(super) fn run_in_full(&self, report: &mut Report) {
        let shelf = harness::shelf();
        if !self.replay_all(&shelf, report) {
            let outcomes = Engine::available().iter().map(|&engine| self.run_on(engine));
            let (runs, failures): (Vec<_>, Vec<_>) = outcomes.unzip();
            report.runs = runs;
            self.shorten(report, &failures);
            self.keep_witness_of(report, &shelf);
        }
        Self::tell(report);
    }

    /// What `engine` says, with the failure that it found in full.
    fn run_on(&self, engine: Engine) -> (EngineRun, Option<Failure>) {
        let task = match self.task(engine) {
            Ok(task) => task,
            Err(reason) => return (EngineRun::skipped(engine, reason), None),
        };
        let exploration = match harness::records() {
            None => task.explore(),
            Some(directory) => {
                let file = ProgressFile::new(&directory, &self.subject, &self.property, engine);
                task.reporting_to(file.writer()).explore()
            }
        };
        let failure = exploration.failure().cloned();
        (EngineRun::from(exploration), failure)
    }

    /// Puts the shortest execution that fails in the same way in place of the one that is shown,
    /// if this build and this test have the exploring engine.
    fn shorten(&self, report: &mut Report, failures: &[Option<Failure>]) {
        let Some(shown) = report.surprise().or_else(|| report.witness()) else { return };
        let Some(index) = report.runs.iter().position(|run| std::ptr::eq(run, shown)) else {
            return;
        };
        let Some(failure) = failures[index].as_ref().filter(|failure| failure.schedule.is_some())
        else {
            return;
        };
        let is_there = Engine::available().contains(&Engine::Explore);
        if !is_there || self.settings.shortening.is_zero() {
            return;
        }
        let Ok(task) = self.task(Engine::Explore) else { return };
        let recorded = match task.shorten(failure) {
            Ok(shortest) => RecordedFailure::from(&shortest),
            Err(reason) => {
                RecordedFailure { not_shortened: Some(reason), ..RecordedFailure::from(failure) }
            }
        };
        report.runs[index].verdict = Verdict::Refuted { failure: Box::new(recorded) };
    }
}
