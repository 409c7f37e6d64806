//! `report`: the verdicts in the forms that were asked for.

use std::path::{Path, PathBuf};

use lockproof_report::{Results, github, html, json, junit};

use crate::arguments::{self, Forms, ReportArguments};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::outcome::ModelsOutcome;
use crate::output::Destination;
use crate::{packages, prove};

/// Runs the models or reads their records, writes the report, and says how the command ends.
pub(crate) fn run(arguments: &ReportArguments) -> Result<Exit, CommandError> {
    let report = PreparedReport::prepare(arguments)?;
    if arguments.from.is_empty() {
        let outcome = prove::outcome(&arguments.models)?;
        report.write(&outcome.results)?;
        prove::conclude(&outcome, &arguments.models)
    } else {
        let outcome = ModelsOutcome::saved(&arguments.from)?;
        report.write(&outcome.results)?;
        let from: Vec<_> = arguments.from.iter().map(|path| path.display().to_string()).collect();
        outcome.conclude(format!(
            "no models: there is no record of one in {}; name the directory that {} named when the \
             tests ran",
            from.join(", "),
            lockproof_record::RECORDS_VARIABLE
        ))
    }
}

/// Makes a form of the report.
type Form = fn(&Results) -> String;

/// The forms and their destinations. Only a full disk can make it fail now.
struct PreparedReport {
    forms: Vec<(Form, Destination)>,
    github: Option<Roots>,
}

/// The folders from which paths in records start, and from which GitHub wants them to start.
struct Roots {
    workspace: PathBuf,
    repository: PathBuf,
}

impl PreparedReport {
    fn prepare(arguments: &ReportArguments) -> Result<Self, CommandError> {
        let Forms { html, json, junit, text, github } = &arguments.forms;
        let mut forms: Vec<(Form, _)> = Vec::new();
        if let Some(path) = html {
            forms.push((html::of, Destination::page(path)?));
        }
        let others: [(Form, _); 3] = [(json::of, json), (junit::of, junit), (as_text, text)];
        for (form, path) in others {
            if let Some(path) = path {
                forms.push((form, Destination::file(path)?));
            }
        }
        let printed = forms.iter().filter(|(_, destination)| *destination == Destination::Printed);
        if printed.count() + usize::from(*github) > 1 {
            let message = "only one form can go to standard output; name files for the others";
            return Err(CommandError::new(Exit::Usage, message));
        }
        let github = github.then(|| roots(arguments)).transpose()?;
        Ok(Self { forms, github })
    }

    fn write(&self, results: &Results) -> Result<(), CommandError> {
        for (form, destination) in &self.forms {
            destination.write(&form(results))?;
        }
        if let Some(Roots { workspace, repository }) = &self.github {
            Destination::Printed.write(&github::of(results, workspace, repository))?;
        }
        eprintln!("{}", results.tally());
        Ok(())
    }
}

fn as_text(results: &Results) -> String {
    results.to_string()
}

fn roots(arguments: &ReportArguments) -> Result<Roots, CommandError> {
    let workspace = real(&packages::workspace(arguments.models.build.manifest_path.as_deref())?);
    let repository = arguments::github_workspace();
    let repository = repository.map_or_else(|| workspace.clone(), |path| real(&path));
    Ok(Roots { workspace, repository })
}

/// The path without symbolic links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
