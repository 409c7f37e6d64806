//! Runs a model or a contract: does what is asked of this process, and leaves the record.
//!
//! One of three things is asked of it: to list what there is, to replay one witness, or to run. A
//! run replays the witnesses first; if one of them still fails, the search is not needed.

mod replay;
mod witnesses;

use std::path::Path;

use lockproof_record::{EngineRun, Record, Report, Witness, WitnessFile, WitnessState, one_line};
use witnesses::Witnesses;

use crate::harness::{self, Request};
use crate::settings::TestSettings;

pub(crate) use replay::Replayable;

/// Replays a witness: returns its new state, and the run that shows it.
pub(crate) type ReplayWitness<'a> = &'a dyn Fn(&Replayable) -> (WitnessState, Option<EngineRun>);

/// Runs a model or a contract with what belongs to it: its witnesses and its record.
pub(crate) struct Runner<'a> {
    pub(crate) test: &'a TestSettings,
    /// `None` for what leaves no witness.
    pub(crate) replay: Option<ReplayWitness<'a>>,
}

impl Runner<'_> {
    /// Does what is asked of this process; `search` fills in what the engines find. Leaves the
    /// record.
    ///
    /// # Panics
    ///
    /// If the record cannot be written.
    pub(crate) fn run(&self, mut report: Report, search: impl FnOnce(&mut Report)) -> Report {
        let keeps_record = self.test.keeps_record;
        match if keeps_record { harness::request() } else { Request::Run } {
            Request::List => self.list(&mut report),
            Request::Replay(path) if !self.replay_only(&path, &mut report) => return report,
            Request::Replay(_) => {}
            Request::Run => {
                let witnesses = Witnesses::of(&report, harness::witness_place());
                if !self.replay_all(&witnesses, &mut report) {
                    search(&mut report);
                    self.keep(&mut report, &witnesses);
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

    /// Replays all witnesses, and says whether one of them stands against what the test expects.
    fn replay_all(&self, witnesses: &Witnesses, report: &mut Report) -> bool {
        let Some(replay) = self.replay.filter(|_| report.expectation.is_some()) else {
            return false;
        };
        for path in witnesses.existing() {
            let (file, run) = self.replay(&path, report, replay);
            let fails = file.state.is_failure() && !report.is_of_a_twin();
            report.witness_files.push(file);
            if let Some(run) = run.filter(|_| fails) {
                report.runs = replay::instead_of_searching(run);
                return true;
            }
        }
        false
    }

    /// Replays this witness and nothing else; says whether it is one of these.
    fn replay_only(&self, path: &Path, report: &mut Report) -> bool {
        let Some(replay) = self.replay else { return false };
        match Witness::read_from(path) {
            Ok(witness) if !replay::owns(report, &witness) => false,
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
        let witnesses = Witnesses::of(report, harness::witness_place());
        let paths = witnesses.existing().into_iter().filter(|_| self.replay.is_some());
        report.witness_files.extend(paths.map(|path| {
            let reason = "models were only listed".to_owned();
            let state = WitnessState::NotReplayed { reason };
            WitnessFile { path: harness::shown(&path), state }
        }));
    }

    /// Writes the failure that is shown to a file, if it is to be kept and no file has it.
    fn keep(&self, report: &mut Report, witnesses: &Witnesses) {
        let fails_again =
            |file: &WitnessFile| matches!(file.state, WitnessState::FailsAgain { .. });
        if report.witness_files.iter().any(fails_again) {
            return;
        }
        let surprise = report.surprise().filter(|_| !report.is_of_a_twin());
        let run = match self.test.keeps_witness {
            None => surprise.filter(|_| self.replay.is_some()),
            Some(true) => report.surprise().or_else(|| report.witness()),
            Some(false) => None,
        };
        let Some(run) = run else { return };
        let written = match self.replay {
            Some(_) => witnesses.write(report, run),
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
        replay: ReplayWitness<'_>,
    ) -> (WitnessFile, Option<EngineRun>) {
        let (state, run) = match replay::replayable(path, report, self.test) {
            Ok(replayable) => replay(&replayable),
            Err(state) => (state, None),
        };
        (WitnessFile { path: harness::shown(path), state }, run)
    }
}

/// Demands that a test did what it expects.
///
/// # Panics
///
/// If it did not: with the whole account.
#[track_caller]
pub(crate) fn demand(report: &Report) {
    assert!(report.is_as_expected(), "{}", harness::account(report));
}

/// Tells what became of witness files, where a passing test would hide it.
fn tell(report: &Report) {
    for file in report.witness_files.iter().filter(|_| report.is_as_expected()) {
        harness::tell(&one_line(&format!("{report}: {file}")));
    }
}
