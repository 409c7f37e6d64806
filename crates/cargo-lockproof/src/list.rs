//! `list`: the models of packages, without running them.

use lockproof_record::{LIST_VARIABLE, Record, Report};
use lockproof_report::plain_text::Table;

use crate::arguments::{BuildArguments, ListArguments};
use crate::executables::{self, TestExecutable};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::test_run::{TestRunner, Tests};
use crate::{output, packages};

/// Prints the table of the models.
pub(crate) fn run(arguments: &ListArguments) -> Result<Exit, CommandError> {
    let packages = packages::with_models(&arguments.build)?;
    // No engine is needed to be asked for one's name.
    let executables = executables::build(&packages, &arguments.build, &[])?;
    let listed = models(&executables, &arguments.build)?;
    if listed.is_empty() {
        let message = "no models: no test uses `lockproof_check::Model`; write one";
        return Err(CommandError::new(Exit::NoModels, message));
    }
    output::print(table(&listed).as_bytes())?;
    Ok(Exit::AsExpected)
}

/// A model, and the index of the executable that has it.
pub(crate) type Listed = (usize, Report);

/// The models of the executables, by place.
pub(crate) fn models(
    executables: &[TestExecutable],
    build: &BuildArguments,
) -> Result<Vec<Listed>, CommandError> {
    let mut runner = TestRunner::new(build.timeout())?;
    let tests = Tests::default().told(LIST_VARIABLE, "1");
    let mut models = Vec::new();
    for (index, executable) in executables.iter().enumerate() {
        let run = runner.run(executable, &tests)?;
        run.stopped()?;
        let reports = run.records.into_iter().filter_map(Record::into_report);
        models.extend(reports.map(|report| (index, report)));
    }
    models.sort_by(|(_, one), (_, other)| one.location.cmp(&other.location));
    Ok(models)
}

fn table(models: &[Listed]) -> String {
    let mut table = Table::new(["subject", "property", "expected", "witnesses", "test", "at"]);
    table = table.right_aligned(3);
    for (_, model) in models {
        let expected = model.expectation.as_ref().map_or("nothing".to_owned(), ToString::to_string);
        let witnesses = match model.witness_files.len() {
            0 => String::new(),
            count => count.to_string(),
        };
        let test = model.test.clone().unwrap_or_default();
        let cells = [&model.subject, &model.property, &expected, &witnesses, &test];
        let place = model.location.to_string();
        table.push(cells.into_iter().cloned().chain([place]));
    }
    table.to_string()
}
