//! A witness that is to be replayed: whether it can be, and what its replay shows.

use std::path::Path;

use lockproof::engine::{Ending, Engine, Exploration, Schedule};
use lockproof_record::{EngineRun, Report, RunEnding, Witness, WitnessState};

use crate::conversion::{self, named};
use crate::harness::shown;
use crate::settings::TestSettings;

/// A witness that was read, and that its engine can replay.
pub(crate) struct Replayable {
    /// Its file, as reports show it.
    pub(crate) path: String,
    pub(crate) witness: Witness,
    pub(crate) schedule: Schedule,
}

impl Replayable {
    /// What a replay of the witness shows, or a search in its place.
    pub(crate) fn state(&self, exploration: &Exploration) -> WitnessState {
        match (conversion::ending(exploration), &exploration.ending) {
            (RunEnding::Failed { failure: now }, _) if self.witness.is_of(&now.defect) => {
                WitnessState::FailsAgain { change: self.witness.change(&now.trace) }
            }
            (RunEnding::Failed { .. }, _) => {
                let then = self.witness.failure.defect.summary();
                WitnessState::FailsOtherwise { then }
            }
            (RunEnding::Complete, _) => WitnessState::Gone,
            (RunEnding::GaveUp { reason: divergence }, Ending::Diverged(_)) => {
                WitnessState::Stale { divergence }
            }
            (RunEnding::GaveUp { reason }, Ending::Unsupported { .. }) => {
                let path = &self.path;
                WitnessState::Unreadable { reason: format!("the witness {path}: {reason}") }
            }
            (RunEnding::GaveUp { reason } | RunEnding::Skipped { reason }, _) => {
                WitnessState::NotReplayed { reason }
            }
        }
    }
}

/// The witness in this file; or why it cannot be replayed.
pub(super) fn replayable(
    path: &Path,
    report: &Report,
    test: &TestSettings,
) -> Result<Replayable, WitnessState> {
    let unreadable = |reason| WitnessState::Unreadable { reason };
    let witness = Witness::read_from(path).map_err(|error| unreadable(error.to_string()))?;
    if !owns(report, &witness) {
        return Err(unreadable(format!(
            "the witness {} is of another model: {} {}; move it back, or delete it",
            shown(path),
            witness.subject,
            witness.property
        )));
    }
    let schedule = witness.failure.schedule.as_deref().unwrap_or_default().parse::<Schedule>();
    let schedule = schedule.map_err(|error| {
        unreadable(format!("the schedule of the witness {} is damaged: {error}", shown(path)))
    })?;
    let engine = schedule.engine();
    let reason = if !Engine::available().contains(&engine) {
        format!(
            "this build does not contain the engine {engine}; test with the feature \
             `lockproof/{engine}`"
        )
    } else if let Some(reason) = test.left_out(engine) {
        format!("the test leaves {engine} out: {reason}")
    } else {
        return Ok(Replayable { path: shown(path), witness, schedule });
    };
    Err(WitnessState::NotReplayed { reason })
}

pub(super) fn owns(report: &Report, witness: &Witness) -> bool {
    (&witness.subject, &witness.property) == (&report.subject, &report.property)
}

/// The run that fails, and why the other engines did not run.
pub(super) fn instead_of_searching(run: EngineRun) -> Vec<EngineRun> {
    let engines = Engine::available().iter().map(named);
    let others = engines.filter(|engine| *engine != run.engine());
    let skipped = others.map(|engine| EngineRun::skipped(engine, "a witness fails already"));
    let skipped = skipped.collect::<Vec<_>>();
    std::iter::once(run).chain(skipped).collect()
}
