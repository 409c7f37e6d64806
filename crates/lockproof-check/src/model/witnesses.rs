//! What a model does with witness files: replays those that are there, and writes new ones.

use std::path::Path;

use lockproof::engine::{Ending, Engine, Exploration, Unseen};

use super::Model;
use crate::harness;
use crate::plain_text::one_line;
use crate::record::RecordedFailure;
use crate::report::{EngineRun, Report};
use crate::witness::{FileNames, Shelf, Witness, WitnessFile, WitnessState};

impl Model {
    /// Replays the model's witnesses, and says whether one of them stands against what the test
    /// expects; the search is then not needed.
    pub(super) fn replay_all(&self, place: &Shelf, report: &mut Report) -> bool {
        let Some(folder) = place.folder.as_ref().filter(|_| report.expectation.is_some()) else {
            return false;
        };
        for path in FileNames::of(&self.subject, &self.property).existing(folder) {
            let (file, run) = self.replay(&path);
            let fails = file.state.is_failure() && !report.is_of_a_twin();
            report.witness_files.push(file);
            if let Some(run) = run.filter(|_| fails) {
                report.runs = instead_of_searching(run);
                return true;
            }
        }
        false
    }

    /// Replays this witness and runs nothing else; says whether it is one of this model.
    pub(super) fn replay_only(&self, path: &Path, report: &mut Report) -> bool {
        match Witness::read_from(path) {
            Ok(witness) if !self.owns(&witness) => false,
            _ => {
                let (file, run) = self.replay(path);
                report.witness_files.push(file);
                report.runs.extend(run);
                true
            }
        }
    }

    /// Says which witnesses there are.
    pub(super) fn list_witnesses(&self, report: &mut Report) {
        let Some(folder) = harness::shelf().folder else { return };
        let paths = FileNames::of(&self.subject, &self.property).existing(&folder);
        report.witness_files.extend(paths.iter().map(|path| {
            let reason = "models were only listed".to_owned();
            WitnessFile { path: shown(path), state: WitnessState::NotReplayed { reason } }
        }));
    }

    /// Writes the failure that is shown to a file, if it is to be kept.
    pub(super) fn keep_witness_of(&self, report: &mut Report, place: &Shelf) {
        let surprise = report.surprise().filter(|_| !report.is_of_a_twin());
        let run = match self.keeps_witness {
            None => surprise,
            Some(true) => report.surprise().or_else(|| report.witness()),
            Some(false) => None,
        };
        let Some(run) = run else { return };
        let (path, state) = match self.write(report, run, place) {
            Ok(path) => (path, WitnessState::Written),
            Err(reason) => (String::new(), WitnessState::NotWritten { reason }),
        };
        report.witness_files.push(WitnessFile { path, state });
    }

    /// Tells what became of witness files, where a passing test would hide it.
    pub(super) fn tell(report: &Report) {
        for file in report.witness_files.iter().filter(|_| report.is_as_expected()) {
            harness::tell(&one_line(&format!("{report}: {file}")));
        }
    }

    fn owns(&self, witness: &Witness) -> bool {
        (&witness.subject, &witness.property) == (&self.subject, &self.property)
    }

    fn write(&self, report: &Report, run: &EngineRun, place: &Shelf) -> Result<String, String> {
        let Some(witness) = Witness::of(report, run) else {
            return Err("real threads leave no schedule; test with the feature \
                        `lockproof/explore` to find one"
                .to_owned());
        };
        if let Some(why) = &place.closed {
            return Err(why.clone());
        }
        let Some(folder) = &place.folder else {
            let variable = crate::WITNESSES_VARIABLE;
            return Err(format!(
                "CARGO_MANIFEST_DIR is not set, so nobody knows the crate's folder; let \
                 {variable} name one"
            ));
        };
        let Some(path) = FileNames::of(&self.subject, &self.property).free(folder) else {
            return Err(format!(
                "{} has as many of this model as there may be; delete those that are not needed",
                shown(folder)
            ));
        };
        witness.write_to(&path).map_err(|error| {
            let variable = crate::WITNESSES_VARIABLE;
            format!(
                "cannot write {}: {error}; let it be written, or let {variable} name another \
                 folder, or `off`",
                shown(&path)
            )
        })?;
        Ok(shown(&path))
    }

    /// Replays one witness.
    fn replay(&self, path: &Path) -> (WitnessFile, Option<EngineRun>) {
        let file = |state| WitnessFile { path: shown(path), state };
        let unreadable = |reason| file(WitnessState::Unreadable { reason });
        let witness = match Witness::read_from(path) {
            Ok(witness) => witness,
            Err(error) => return (unreadable(error.to_string()), None),
        };
        if !self.owns(&witness) {
            let reason = format!(
                "the witness {} is of another model: {} {}; move it back, or delete it",
                shown(path),
                witness.subject,
                witness.property
            );
            return (unreadable(reason), None);
        }
        let schedule = match witness.schedule(path) {
            Ok(schedule) => schedule,
            Err(error) => return (unreadable(error.to_string()), None),
        };
        let engine = schedule.engine();
        if !Engine::available().contains(&engine) {
            let reason = format!(
                "this build does not contain the engine {engine}; test with the feature \
                 `lockproof/{engine}`"
            );
            return (file(WitnessState::NotReplayed { reason }), None);
        }
        let task = match self.task(engine) {
            Ok(task) => task,
            Err(reason) => {
                let reason = format!("the test leaves {engine} out: {reason}");
                return (file(WitnessState::NotReplayed { reason }), None);
            }
        };
        // What an execution says about the order of locks is said to someone who knows no other.
        let gathering = Unseen::new(self.order_demands.gathering());
        let exploration = task.watched_by(gathering.as_watcher()).replay(&schedule);
        (file(state(path, &witness, &exploration)), Some(EngineRun::from(exploration)))
    }
}

/// What the replay of a witness shows.
fn state(path: &Path, witness: &Witness, exploration: &Exploration) -> WitnessState {
    match &exploration.ending {
        Ending::Failed(failure) => {
            let now = RecordedFailure::from(failure.as_ref());
            if witness.is_of(&now.defect) {
                WitnessState::FailsAgain { change: witness.change(&now.trace) }
            } else {
                WitnessState::FailsOtherwise { then: witness.failure.defect.summary() }
            }
        }
        Ending::Complete => WitnessState::Gone,
        Ending::Diverged(divergence) => WitnessState::Stale { divergence: divergence.to_string() },
        Ending::Unsupported { reason } => {
            WitnessState::Unreadable { reason: format!("the witness {}: {reason}", shown(path)) }
        }
        Ending::OutOfBudget { budget } => {
            WitnessState::NotReplayed { reason: format!("out of budget: {budget}") }
        }
        // The facade may learn new endings; none of them says more than nothing.
        ending => WitnessState::NotReplayed { reason: format!("unknown ending: {ending:?}") },
    }
}

/// The run that fails, and why the other engines did not run.
fn instead_of_searching(run: EngineRun) -> Vec<EngineRun> {
    let reason = "a witness fails already";
    let engines = Engine::available().iter();
    let others = engines.filter(|engine| engine.to_string() != run.engine);
    let skipped = others.map(|engine| EngineRun::skipped(*engine, reason)).collect::<Vec<_>>();
    std::iter::once(run).chain(skipped).collect()
}

/// The path as people know it: from the folder of the package, if it is inside.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let inside = here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    inside.unwrap_or_else(|| path.to_owned()).display().to_string()
}
