//! Runs a model on the engines of the build, and makes what it shows to people short.

use lockproof::engine::{DefectKind, Engine, Failure, Unseen};
use lockproof::sync::Arc;

use super::Model;
use crate::harness;
use crate::lock_order::{DirectedRuns, Gathering, LockOrder};
use crate::record::{ProgressFile, RecordedFailure, Stage};
use crate::report::{EngineRun, Report};
use crate::verdict::Verdict;
use crate::witness::{Replayable, WitnessState};

impl Model {
    /// Asks all engines.
    pub(super) fn search(&self, report: &mut Report) {
        let gathering = Unseen::new(self.order_demands.gathering());
        let engines = Engine::available().iter();
        let outcomes = engines.map(|&engine| self.run_on(engine, &gathering));
        let (runs, failures): (Vec<_>, Vec<_>) = outcomes.unzip();
        report.runs = runs;
        report.lock_order = self.order_of(&gathering, &report.runs);
        if let Some(order) = &mut report.lock_order {
            order.hand_over(&mut report.runs);
        }
        self.shorten(report, &failures);
    }

    /// Runs the execution of a witness.
    pub(super) fn replay(&self, replayable: &Replayable) -> (WitnessState, Option<EngineRun>) {
        let task = match self.task(replayable.schedule.engine()) {
            Ok(task) => task,
            Err(reason) => return (WitnessState::NotReplayed { reason: reason.to_owned() }, None),
        };
        // What an execution says about the order of locks is said to someone who knows no other.
        let gathering = Unseen::new(self.order_demands.gathering());
        let exploration = task.watched_by(gathering.as_watcher()).replay(&replayable.schedule);
        (replayable.state(&exploration), Some(EngineRun::from(exploration)))
    }

    /// What `engine` says, with the failure that it found in full.
    fn run_on(
        &self,
        engine: Engine,
        gathering: &Unseen<Gathering>,
    ) -> (EngineRun, Option<Failure>) {
        let mut task = match self.task(engine) {
            Ok(task) => task.watched_by(gathering.as_watcher()),
            Err(reason) => return (EngineRun::skipped(engine, reason), None),
        };
        if let Some(directory) = harness::records() {
            let file = ProgressFile::new(&directory, &self.case.subject, &self.property, engine);
            task = task.reporting_to(file.writer(Stage::ONLY));
        }
        let exploration = task.explore();
        let failed = exploration.failure().map(|failure| &failure.trace);
        gathering.with(|gathering| gathering.search_ended(failed));
        let failure = exploration.failure().cloned();
        (EngineRun::from(exploration), failure)
    }

    fn order_of(&self, gathering: &Unseen<Gathering>, runs: &[EngineRun]) -> Option<LockOrder> {
        let left_out = self.case.left_out(Engine::Explore);
        let mut confirm = DirectedRuns::new(Arc::clone(&self.body), &self.case.settings, left_out);
        gathering.with(|gathering| {
            let mut order = gathering.lock_order(runs, &mut confirm)?;
            order.unmet = self.order_demands.unmet(gathering, &order, runs);
            Some(order)
        })
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
        // An order of locks is inverted by two lines of code, whatever the schedule.
        let is_of_schedule = failure.defect.kind() != DefectKind::LockOrderInversion;
        if !is_there || !is_of_schedule || self.case.settings.shortening.is_zero() {
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
