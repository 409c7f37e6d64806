//! `explain`: the account of a witness from its file, or of models by running them.

use std::collections::BTreeSet;
use std::path::Path;

use lockproof_record::{Record, Report};
use lockproof_report::{Results, explanation};

use crate::arguments::{self, ExplainArguments};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::list::{self, Listed};
use crate::outcome::ModelsOutcome;
use crate::test_run::{TestRunner, Tests};
use crate::{executables, output, packages, replay};

/// Prints the account, and says how the command ends.
pub(crate) fn run(arguments: &ExplainArguments) -> Result<Exit, CommandError> {
    let path = Path::new(&arguments.subject);
    let is_file = path.is_file() || path.extension().is_some_and(|extension| extension == "json");
    if is_file {
        let witness = replay::read(path)?;
        output::print(explanation::of_witness(&witness, arguments::appearance()).as_bytes())?;
        return Ok(Exit::AsExpected);
    }
    let reports = run_models(arguments)?;
    let account = |report| explanation::shown(report, arguments::appearance());
    let accounts: Vec<_> = reports.iter().map(account).collect();
    output::print(accounts.join("\n").as_bytes())?;
    let records = reports.into_iter().map(|report| Record::Model(Box::new(report)));
    ModelsOutcome { results: records.collect::<Results>(), trouble: None }.conclude(format!(
        "the tests of `{}` left no verdict; run them with `cargo test`",
        arguments.subject
    ))
}

/// Finds out which tests have the models, and runs those.
fn run_models(arguments: &ExplainArguments) -> Result<Vec<Report>, CommandError> {
    let ExplainArguments { subject, on, build } = arguments;
    let packages = packages::with_models(build)?;
    let executables = executables::build(&packages, build, &on.engines)?;
    let listed = list::models(&executables, build)?;
    let wanted: Vec<&Listed> = listed.iter().filter(|(_, model)| fits(model, subject)).collect();
    if wanted.is_empty() {
        let message = format!(
            "neither a witness file nor a part of a model's name: `{subject}`; see `cargo \
             lockproof list` for the models"
        );
        return Err(CommandError::new(Exit::NoModels, message));
    }
    let tests: BTreeSet<_> = wanted.iter().map(|(index, model)| (*index, &model.test)).collect();
    let mut runner = TestRunner::new(build.timeout())?;
    let mut reports = Vec::new();
    for (index, test) in tests {
        let tests = Tests::named(test.as_deref());
        let run = runner.run(&executables[index], &tests)?;
        let found = run.records.into_iter().filter_map(Record::into_report);
        reports.extend(found.filter(|report| fits(report, subject)));
    }
    Ok(reports)
}

/// Whether the text is a part of what the model is called.
fn fits(model: &Report, text: &str) -> bool {
    let is_of_test = model.test.as_ref().is_some_and(|test| test.contains(text));
    is_of_test || model.to_string().contains(text)
}
