//! `prove`: build, run, report.

use lockproof_record::RecordedEngine;
use lockproof_report::{Results, RunError};

use crate::arguments::{self, ProveArguments};
use crate::executables::{self, TestExecutable};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::outcome::ModelsOutcome;
use crate::test_run::{TestRun, TestRunner, Tests};
use crate::{output, packages};

/// Builds the models, runs them, prints the report, and says how the command ends.
pub(crate) fn run(arguments: &ProveArguments) -> Result<Exit, CommandError> {
    let outcome = outcome(arguments)?;
    let text = outcome.results.shown(arguments::appearance()).to_string();
    output::print(text.as_bytes())?;
    conclude(&outcome, arguments)
}

/// Builds the models and runs them.
pub(crate) fn outcome(arguments: &ProveArguments) -> Result<ModelsOutcome, CommandError> {
    let packages = packages::with_models(&arguments.build)?;
    let executables = executables::build(&packages, &arguments.build, &arguments.on.engines)?;
    let runs = run_all(executables, arguments)?;
    let troubles: Vec<_> = runs.iter().flat_map(troubles).collect();
    let trouble = troubles.iter().map(|(exit, _)| *exit).max();
    let troubles = troubles.into_iter().map(|(_, trouble)| trouble);
    let results: Results = runs.iter().flat_map(|run| run.records.clone()).collect();
    Ok(ModelsOutcome { results: results.with_troubles(troubles), trouble })
}

/// The exit code after a run.
pub(crate) fn conclude(
    outcome: &ModelsOutcome,
    arguments: &ProveArguments,
) -> Result<Exit, CommandError> {
    let exit = outcome.conclude(match &arguments.filter {
        Some(filter) => format!("no models: no test whose name contains `{filter}` has one"),
        None => "no models: no test uses `lockproof_check::Model`; write one".to_owned(),
    })?;
    let was_seen = |engine| outcome.trouble.is_some() || was_seen(&outcome.results, engine);
    if let Some(engine) = arguments.on.engines.iter().find(|engine| !was_seen(**engine)) {
        let message = format!(
            "the engine {engine} was asked for, but the models do not know it; see with `cargo tree \
             --duplicates` whether two versions of lockproof are in the build"
        );
        return Err(CommandError::new(Exit::Broken, message));
    }
    Ok(exit)
}

fn run_all(
    executables: Vec<TestExecutable>,
    arguments: &ProveArguments,
) -> Result<Vec<TestRun>, CommandError> {
    let mut runner = TestRunner::new(arguments.build.timeout())?;
    let count = executables.len();
    let tests = Tests::named_like(arguments.filter.as_deref());
    let run = |(index, executable): (usize, TestExecutable)| {
        eprintln!("running {} ({} of {count})", executable.name, index + 1);
        runner.run(&executable, &tests)
    };
    executables.into_iter().enumerate().map(run).collect()
}

/// The errors of a test executable beside its models, with their exit codes.
fn troubles(run: &TestRun) -> Vec<(Exit, RunError)> {
    let ended = run.error.as_ref().map(|trouble| {
        (Exit::TestsFailed, RunError::new(&run.name, trouble.to_string(), &run.output))
    });
    let unread = run.unread.iter().map(|error| {
        (Exit::Broken, RunError::new(&run.name, format!("it left a bad record: {error}"), ""))
    });
    ended.into_iter().chain(unread).collect()
}

/// Whether an engine ran a model or was left out of it on purpose.
fn was_seen(results: &Results, engine: RecordedEngine) -> bool {
    results.models().iter().any(|model| model.run_of(engine).is_some())
}
