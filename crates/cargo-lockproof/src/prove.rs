//! `prove`: build, run, report.

use std::io::{self, ErrorKind, Write};

use lockproof_report::Results;
use tempfile::TempDir;

use crate::arguments::ProveArguments;
use crate::executables::{self, TestExecutable};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::packages;
use crate::test_run::{self, TestRun};

/// More of a test executable's output is not shown: the end says what failed.
const LONGEST_OUTPUT: usize = 400;

/// Builds the models, runs them, prints the report, and says how the command ends.
pub(crate) fn run(arguments: &ProveArguments) -> Result<Exit, Failure> {
    let packages = packages::with_models(arguments)?;
    for package in &packages {
        eprintln!("building the models of {}", package.name);
    }
    let executables = executables::build(&packages, arguments)?;
    let runs = run_all(executables, arguments)?;
    let results: Results = runs.iter().flat_map(|run| run.records.clone()).collect();
    print(&report(&results, &runs))?;
    conclude(&results, &runs, arguments)
}

fn run_all(
    executables: Vec<TestExecutable>,
    arguments: &ProveArguments,
) -> Result<Vec<TestRun>, Failure> {
    let folder = TempDir::with_prefix("lockproof-")
        .map_err(|source| Failure::broken("cannot make a temporary folder", source))?;
    let count = executables.len();
    let run = |(index, executable): (usize, TestExecutable)| {
        eprintln!("running {} ({} of {count})", executable.name, index + 1);
        let own = folder.path().join(index.to_string());
        test_run::run(executable, arguments.filter.as_deref(), arguments.timeout(), &own)
    };
    executables.into_iter().enumerate().map(run).collect()
}

/// The report of the models, and below it what their records do not explain.
fn report(results: &Results, runs: &[TestRun]) -> String {
    let report = if results.is_empty() { String::new() } else { results.to_string() };
    let troubles = runs.iter().filter_map(|run| {
        let trouble = run.trouble.as_ref()?;
        Some(format!("\n!!! {}: {trouble}\n\n{}\n", run.name, end_of(&run.output)))
    });
    std::iter::once(report).chain(troubles).collect()
}

fn end_of(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    let left_out = lines.len().saturating_sub(LONGEST_OUTPUT);
    let end = lines[left_out..].join("\n");
    if left_out == 0 { end } else { format!("… {left_out} lines are left out here\n{end}") }
}

/// Prints to standard output. That nobody reads on is no error.
fn print(text: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::broken("cannot print the report", error))
        }
        _ => Ok(()),
    }
}

fn conclude(
    results: &Results,
    runs: &[TestRun],
    arguments: &ProveArguments,
) -> Result<Exit, Failure> {
    if runs.iter().any(|run| run.trouble.is_some()) {
        return Ok(Exit::TestsFailed);
    }
    if results.models().is_empty() {
        let message = match &arguments.filter {
            Some(filter) => format!("no models: no test whose name contains `{filter}` has one"),
            None => "no models: no test uses `lockproof_check::Model`; write one".to_owned(),
        };
        return Err(Failure::new(Exit::NoModels, message));
    }
    if let Some(engine) = arguments.engines.iter().find(|engine| !was_seen(results, engine.name()))
    {
        let message = format!(
            "the engine {} was asked for, but the models do not know it; see with `cargo tree \
             --duplicates` whether two versions of lockproof are in the build",
            engine.name()
        );
        return Err(Failure::new(Exit::Broken, message));
    }
    let as_expected = results.unexpected().next().is_none();
    Ok(if as_expected { Exit::AsExpected } else { Exit::NotAsExpected })
}

/// Whether an engine ran a model or was left out of it on purpose.
fn was_seen(results: &Results, engine: &str) -> bool {
    results.models().iter().flat_map(|model| &model.runs).any(|run| run.engine == engine)
}
