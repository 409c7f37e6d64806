//! Runs a model on the engines of the build, and shortens the failure that is shown.

use lockproof::engine::{DefectKind, Engine, Failure, Untracked};
use lockproof::sync::Arc;
use lockproof_record::{EngineRun, LockOrder, RecordedFailure, Report, WitnessState};

use super::Model;
use crate::conversion::{self, named};
use crate::lock_order::{Collector, DirectedRuns, hand_over};
use crate::progress::{ProgressFile, ProgressStage};
use crate::runner::Replayable;

impl Model {
    /// Asks all engines.
    pub(super) fn search(&self, report: &mut Report) {
        let collector = Untracked::new(self.order_demands.collector());
        let engines = Engine::available().iter();
        let outcomes = engines.map(|&engine| self.run_on(engine, &collector));
        let (runs, failures): (Vec<_>, Vec<_>) = outcomes.unzip();
        report.runs = runs;
        report.lock_order = self.order_of(&collector, &report.runs);
        if let Some(order) = &mut report.lock_order {
            hand_over(order, &mut report.runs);
        }
        self.shorten(report, &failures);
    }

    /// Runs the execution of a witness.
    pub(super) fn replay(&self, replayable: &Replayable) -> (WitnessState, Option<EngineRun>) {
        let task = match self.task(replayable.schedule.engine()) {
            Ok(task) => task,
            Err(reason) => return (WitnessState::NotReplayed { reason: reason.to_owned() }, None),
        };
        // A fresh collector: a replay must not add to the searches' lock order.
        let collector = Untracked::new(self.order_demands.collector());
        let exploration = task.watched_by(collector.as_watcher()).replay(&replayable.schedule);
        (replayable.state(&exploration), Some(conversion::run(&exploration)))
    }

    /// What `engine` says, with the failure that it found in full.
    fn run_on(
        &self,
        engine: Engine,
        collector: &Untracked<Collector>,
    ) -> (EngineRun, Option<Failure>) {
        let mut task = match self.task(engine) {
            Ok(task) => task.watched_by(collector.as_watcher()),
            Err(reason) => return (EngineRun::skipped(named(engine), reason), None),
        };
        // Kept until the search is over: the file goes with it.
        let mut progress = ProgressFile::of(&self.test.subject, &self.property, engine);
        if let Some(file) = &mut progress {
            task = task.reporting_to(file.begin(ProgressStage::ONLY));
        }
        let exploration = task.explore();
        let failed = exploration.failure().map(|failure| &failure.trace);
        collector.with(|collector| collector.search_ended(failed));
        (conversion::run(&exploration), exploration.failure().cloned())
    }

    fn order_of(&self, collector: &Untracked<Collector>, runs: &[EngineRun]) -> Option<LockOrder> {
        let left_out = self.test.left_out(Engine::Explore);
        let directed = DirectedRuns::new(Arc::clone(&self.body), &self.test.settings, left_out);
        collector.with(|collector| {
            let mut order = collector.lock_order(runs, &directed)?;
            order.unmet = self.order_demands.unmet(collector, &order, runs);
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
        if !is_there || !is_of_schedule || self.test.settings.shortening.is_zero() {
            return;
        }
        let Ok(task) = self.task(Engine::Explore) else { return };
        let recorded = match task.shorten(failure) {
            Ok(shortest) => conversion::failure(&shortest),
            Err(reason) => {
                RecordedFailure { not_shortened: Some(reason), ..conversion::failure(failure) }
            }
        };
        report.runs[index].refute(recorded);
    }
}
