//! What a model or a contract does about witness files: replays those that are there before it
//! searches, and writes new ones.

use std::path::Path;

use lockproof::engine::{Ending, Engine, Exploration, Schedule};

use super::{FileNames, Shelf, Witness, WitnessFile, WitnessState};
use crate::case::Case;
use crate::harness::{self, Request};
use crate::plain_text::one_line;
use crate::record::{Record, RecordedFailure};
use crate::report::{EngineRun, Report};

/// How a witness is replayed: what becomes of it, and the run that shows it.
pub(crate) type Replay<'a> = &'a dyn Fn(&Replayable) -> (WitnessState, Option<EngineRun>);

/// A witness that was read, and that its engine can replay.
pub(crate) struct Replayable {
    /// Its file, as people know it.
    pub(crate) path: String,
    pub(crate) witness: Witness,
    pub(crate) schedule: Schedule,
}

/// Keeps the witnesses and the record of a model or of a contract.
pub(crate) struct Keeper<'a> {
    pub(crate) case: &'a Case,
    /// `None` for what leaves no witness.
    pub(crate) replay: Option<Replay<'a>>,
}

impl Keeper<'_> {
    /// Does what is asked of this process: with the witnesses alone, or those first and, if none
    /// of them fails, what `search` does. Leaves the record.
    ///
    /// # Panics
    ///
    /// If the record cannot be written.
    pub(crate) fn attend(&self, mut report: Report, search: impl FnOnce(&mut Report)) -> Report {
        let keeps_record = self.case.keeps_record;
        match if keeps_record { harness::request() } else { Request::Run } {
            Request::List => self.list(&mut report),
            Request::Replay(path) if !self.replay_only(&path, &mut report) => return report,
            Request::Replay(_) => {}
            Request::Run => {
                let place = harness::shelf();
                if !self.replay_all(&place, &mut report) {
                    search(&mut report);
                    self.keep(&mut report, &place);
                }
                tell(&report);
            }
        }
        if keeps_record && let Err(error) = harness::keep(&Record::Model(Box::new(report.clone())))
        {
            panic!("{error}");
        }
        report
    }

    /// Replays all witnesses, and says whether one of them stands against what the test expects;
    /// the search is then not needed.
    fn replay_all(&self, place: &Shelf, report: &mut Report) -> bool {
        let folder = place.folder.as_ref().filter(|_| report.expectation.is_some());
        let (Some(folder), Some(replay)) = (folder, self.replay) else { return false };
        for path in names(report).existing(folder) {
            let (file, run) = self.replay(&path, report, replay);
            let fails = file.state.is_failure() && !report.is_of_a_twin();
            report.witness_files.push(file);
            if let Some(run) = run.filter(|_| fails) {
                report.runs = instead_of_searching(run);
                return true;
            }
        }
        false
    }

    /// Replays this witness and nothing else; says whether it is one of these.
    fn replay_only(&self, path: &Path, report: &mut Report) -> bool {
        let Some(replay) = self.replay else { return false };
        match Witness::read_from(path) {
            Ok(witness) if !owns(report, &witness) => false,
            _ => {
                let (file, run) = self.replay(path, report, replay);
                report.witness_files.push(file);
                report.runs.extend(run);
                true
            }
        }
    }

    /// Says which witnesses there are.
    fn list(&self, report: &mut Report) {
        let folder = harness::shelf().folder.filter(|_| self.replay.is_some());
        let Some(folder) = folder else { return };
        let paths = names(report).existing(&folder);
        report.witness_files.extend(paths.iter().map(|path| {
            let reason = "models were only listed".to_owned();
            WitnessFile { path: shown(path), state: WitnessState::NotReplayed { reason } }
        }));
    }

    /// Writes the failure that is shown to a file, if it is to be kept and no file has it.
    fn keep(&self, report: &mut Report, place: &Shelf) {
        let fails_again =
            |file: &WitnessFile| matches!(file.state, WitnessState::FailsAgain { .. });
        if report.witness_files.iter().any(fails_again) {
            return;
        }
        let surprise = report.surprise().filter(|_| !report.is_of_a_twin());
        let run = match self.case.keeps_witness {
            None => surprise.filter(|_| self.replay.is_some()),
            Some(true) => report.surprise().or_else(|| report.witness()),
            Some(false) => None,
        };
        let Some(run) = run else { return };
        let written = match self.replay {
            Some(_) => write(report, run, place),
            None => Err("a comparison of outcomes leaves none".to_owned()),
        };
        let (path, state) = match written {
            Ok(path) => (path, WitnessState::Written),
            Err(reason) => (String::new(), WitnessState::NotWritten { reason }),
        };
        report.witness_files.push(WitnessFile { path, state });
    }

    /// Replays one witness.
    fn replay(
        &self,
        path: &Path,
        report: &Report,
        replay: Replay<'_>,
    ) -> (WitnessFile, Option<EngineRun>) {
        let (state, run) = match self.replayable(path, report) {
            Ok(replayable) => replay(&replayable),
            Err(state) => (state, None),
        };
        (WitnessFile { path: shown(path), state }, run)
    }

    /// The witness in this file; or why it cannot be replayed.
    fn replayable(&self, path: &Path, report: &Report) -> Result<Replayable, WitnessState> {
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
        let schedule = witness.schedule(path).map_err(|error| unreadable(error.to_string()))?;
        let engine = schedule.engine();
        let reason = if !Engine::available().contains(&engine) {
            format!(
                "this build does not contain the engine {engine}; test with the feature \
                 `lockproof/{engine}`"
            )
        } else if let Some(reason) = self.case.left_out(engine) {
            format!("the test leaves {engine} out: {reason}")
        } else {
            return Ok(Replayable { path: shown(path), witness, schedule });
        };
        Err(WitnessState::NotReplayed { reason })
    }
}

impl Replayable {
    /// What a replay of the witness shows, or a search in its place.
    pub(crate) fn state(&self, exploration: &Exploration) -> WitnessState {
        match &exploration.ending {
            Ending::Failed(failure) => {
                let now = RecordedFailure::from(failure.as_ref());
                if self.witness.is_of(&now.defect) {
                    WitnessState::FailsAgain { change: self.witness.change(&now.trace) }
                } else {
                    let then = self.witness.failure.defect.summary();
                    WitnessState::FailsOtherwise { then }
                }
            }
            Ending::Complete => WitnessState::Gone,
            Ending::Diverged(divergence) => {
                WitnessState::Stale { divergence: divergence.to_string() }
            }
            Ending::Unsupported { reason } => {
                let path = &self.path;
                WitnessState::Unreadable { reason: format!("the witness {path}: {reason}") }
            }
            Ending::OutOfBudget { budget } => {
                WitnessState::NotReplayed { reason: format!("out of budget: {budget}") }
            }
            // The facade may learn new endings; none of them says more than nothing.
            ending => WitnessState::NotReplayed { reason: format!("unknown ending: {ending:?}") },
        }
    }
}

fn names(report: &Report) -> FileNames {
    FileNames::of(&report.subject, &report.property)
}

fn owns(report: &Report, witness: &Witness) -> bool {
    (&witness.subject, &witness.property) == (&report.subject, &report.property)
}

fn write(report: &Report, run: &EngineRun, place: &Shelf) -> Result<String, String> {
    let Some(witness) = Witness::of(report, run) else {
        return Err(
            "real threads leave no schedule; test with the feature `lockproof/explore` to \
                    find one"
                .to_owned(),
        );
    };
    if let Some(why) = &place.closed {
        return Err(why.clone());
    }
    let variable = crate::WITNESSES_VARIABLE;
    let Some(folder) = &place.folder else {
        return Err(format!(
            "CARGO_MANIFEST_DIR is not set, so nobody knows the crate's folder; let {variable} \
             name one"
        ));
    };
    let Some(path) = names(report).free(folder) else {
        return Err(format!(
            "{} has as many of this model as there may be; delete those that are not needed",
            shown(folder)
        ));
    };
    witness.write_to(&path).map_err(|error| {
        format!(
            "cannot write {}: {error}; let it be written, or let {variable} name another folder, \
             or `off`",
            shown(&path)
        )
    })?;
    Ok(shown(&path))
}

/// Tells what became of witness files, where a passing test would hide it.
fn tell(report: &Report) {
    for file in report.witness_files.iter().filter(|_| report.is_as_expected()) {
        harness::tell(&one_line(&format!("{report}: {file}")));
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
