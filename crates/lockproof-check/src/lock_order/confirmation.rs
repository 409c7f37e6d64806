//! Runs a model again, directed towards one deadlock.

use std::time::Instant;

use lockproof::engine::{Approach, Engine, Settings, Task};
use lockproof::sync::Arc;
use lockproof_record::RecordedFailure;
use lockproof_report::plain_text::count;

use crate::conversion;

/// The directed executions for each cycle. `DeadlockFuzzer` found most real deadlocks by the first
/// one; the others are for threads that must get past each other first.
const ATTEMPTS: u64 = 100;

/// Confirms cycles on the exploring engine, if that is there.
pub(crate) struct DirectedRuns {
    model: Arc<dyn Fn() + Send + Sync>,
    settings: Settings,
    /// The reason that nothing can be run, if so.
    obstacle: Option<String>,
    began: Instant,
}

impl DirectedRuns {
    /// `left_out` says why the exploring engine must not run the model.
    pub(crate) fn new(
        model: Arc<dyn Fn() + Send + Sync>,
        settings: &Settings,
        left_out: Option<&str>,
    ) -> Self {
        let is_there = Engine::available().contains(&Engine::Explore);
        let obstacle = match left_out {
            Some(reason) => Some(format!("explore, which confirms cycles, is left out: {reason}")),
            None if !is_there => {
                Some("explore, which confirms cycles, is not in this build".to_owned())
            }
            None => None,
        };
        Self { model, settings: settings.clone(), obstacle, began: Instant::now() }
    }

    /// Tries to end an execution in the deadlock of these approaches; `fits` says whether a failure
    /// is that one. `Err` says what was tried.
    pub(super) fn confirm(
        &self,
        approaches: &[Approach],
        fits: impl Fn(&RecordedFailure) -> bool,
    ) -> Result<RecordedFailure, String> {
        if let Some(obstacle) = &self.obstacle {
            return Err(obstacle.clone());
        }
        let mut other = None;
        for attempt in 0..ATTEMPTS {
            // The budget is for all cycles of the model together.
            let Some(left) = self.settings.time.checked_sub(self.began.elapsed()) else {
                return Err(format!("{} directed schedules; then time was up", count(attempt)));
            };
            let mut settings = self.settings.clone();
            (settings.samples, settings.time) = (1, left);
            settings.seed = self.settings.seed.wrapping_add(attempt);
            let task = self.task(&settings).directed_by(approaches.to_vec());
            // One random schedule towards the deadlock; the next attempt has another seed.
            let exploration = task.explore();
            let Some(failure) = exploration.failure() else { continue };
            let recorded = conversion::failure(failure);
            if fits(&recorded) {
                let shorter = self.task(&self.settings).shorten(failure);
                let shorter = shorter.ok().map(|failure| conversion::failure(&failure));
                return Ok(shorter.filter(&fits).unwrap_or(recorded));
            }
            // Another defect, or another deadlock: it confirms nothing about this cycle.
            other = Some(recorded.defect.kind);
        }
        let other = other.map_or_else(String::new, |kind| format!("; some end in another {kind}"));
        Err(format!("{} directed schedules, none of which ends in it{other}", count(ATTEMPTS)))
    }

    fn task(&self, settings: &Settings) -> Task {
        let model = Arc::clone(&self.model);
        Task::new(Engine::Explore, settings, move || model())
    }
}
