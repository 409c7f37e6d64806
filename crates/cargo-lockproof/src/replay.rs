//! `replay`: run the execution of a witness again, and say whether it still fails.

use std::path::{Path, PathBuf};

use lockproof_record::{REPLAY_VARIABLE, Record, RecordedEngine, Report, Witness, WitnessState};
use lockproof_report::explanation;

use crate::arguments::{self, BuildArguments, ReplayArguments};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::test_run::{TestRunner, Tests};
use crate::{executables, output, packages};

/// Replays the witness, prints what happens, and says how the command ends.
pub(crate) fn run(arguments: &ReplayArguments) -> Result<Exit, CommandError> {
    let path = &arguments.witness;
    let witness = read(path)?;
    let path = path.canonicalize().map_err(|source| {
        CommandError::broken(format!("cannot find the witness {}", path.display()), source)
    })?;
    let engine = witness.schedule_engine(&path);
    let engine = engine.map_err(|error| CommandError::new(Exit::Broken, error.to_string()))?;
    let report = replay(arguments, &witness, &path, engine)?;
    let Some(report) = report else {
        let message = format!(
            "no model has the subject and property `{} {}`; they were renamed, or the test was \
             deleted: then delete {}",
            witness.subject,
            witness.property,
            path.display()
        );
        return Err(CommandError::new(Exit::NoModels, message));
    };
    let account = explanation::shown(&report, arguments::appearance());
    output::print(account.as_bytes())?;
    Ok(conclude(&report))
}

/// A witness file.
pub(crate) fn read(path: &Path) -> Result<Witness, CommandError> {
    Witness::read_from(path).map_err(|error| CommandError::new(Exit::Broken, error.to_string()))
}

/// Builds the tests, and runs those that may have the model until one has.
fn replay(
    arguments: &ReplayArguments,
    witness: &Witness,
    path: &Path,
    engine: RecordedEngine,
) -> Result<Option<Report>, CommandError> {
    let mut build = arguments.build.clone();
    build.manifest_path = build.manifest_path.or_else(|| packages::manifest_above(path));
    let executables = executables::build(&beside(path, &build)?, &build, &[engine])?;
    let mut runner = TestRunner::new(build.timeout())?;
    let mut tests = Tests::named(witness.test.as_deref()).told(REPLAY_VARIABLE, path);
    if arguments.show_output {
        tests = tests.showing_output();
    }
    for executable in &executables {
        let run = runner.run(executable, &tests)?;
        let stopped = run.stopped();
        let mut reports = run.records.into_iter().filter_map(Record::into_report);
        if let Some(report) = reports.find(|report| !report.witness_files.is_empty()) {
            if arguments.show_output {
                eprintln!("{}", run.output);
            }
            return Ok(Some(report));
        }
        stopped?;
    }
    Ok(None)
}

/// The package in whose folder the witness lies; else all that have models.
fn beside(
    path: &Path,
    build: &BuildArguments,
) -> Result<Vec<cargo_metadata::Package>, CommandError> {
    let packages = packages::with_models(build)?;
    let folder = |package: &cargo_metadata::Package| -> PathBuf {
        let folder = package.manifest_path.parent().map(|folder| folder.as_std_path().to_owned());
        folder.and_then(|folder| folder.canonicalize().ok()).unwrap_or_default()
    };
    let around = |package: &&cargo_metadata::Package| {
        let folder = folder(package);
        folder.is_absolute() && path.starts_with(folder)
    };
    let nearest =
        packages.iter().filter(around).max_by_key(|package| folder(package).as_os_str().len());
    Ok(nearest.map_or_else(|| packages.clone(), |package| vec![package.clone()]))
}

fn conclude(report: &Report) -> Exit {
    let states = report.witness_files.iter().map(|file| &file.state);
    let exits = states.map(|state| match state {
        WitnessState::FailsAgain { .. } | WitnessState::FailsOtherwise { .. } => {
            Exit::NotAsExpected
        }
        WitnessState::Gone => Exit::AsExpected,
        WitnessState::Unreadable { .. } => Exit::Broken,
        WitnessState::Stale { .. }
        | WitnessState::NotReplayed { .. }
        | WitnessState::Written
        | WitnessState::NotWritten { .. } => Exit::Stale,
    });
    exits.max().unwrap_or(Exit::Stale)
}
