//! The flags of the command, and the one place where it reads its environment.

mod build;
mod manual;
mod prove;
mod report;
mod single;

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal, stdout};
use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};
use lockproof_report::Appearance;
use terminal_size::terminal_size;

pub(crate) use build::BuildArguments;
pub(crate) use manual::{CompletionsArguments, ManArguments};
pub(crate) use prove::{EngineArguments, ProveArguments};
pub(crate) use report::{Forms, ReportArguments};
pub(crate) use single::{ExplainArguments, ListArguments, ReplayArguments};

use crate::exit;

/// The command to run, from the arguments of the process. Exits on bad usage and for help.
pub(crate) fn read() -> Command {
    CommandLine::parse_from(without_own_name(env::args_os())).command
}

/// The cargo that called the command, else the one on the path.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// The appearance of texts on standard output.
pub(crate) fn appearance() -> Appearance {
    let width = terminal_size().map(|(width, _)| usize::from(width.0));
    Appearance::of_terminal(stdout().is_terminal(), width, |name| env::var_os(name))
}

/// The definition of all flags, for completions and manual pages.
pub(crate) fn definition() -> clap::Command {
    CommandLine::command()
}

/// The folder from which GitHub wants the paths of annotations to start, where an action runs.
pub(crate) fn github_workspace() -> Option<PathBuf> {
    env::var_os("GITHUB_WORKSPACE").map(PathBuf::from)
}

/// Proves locked code and refutes unlocked code, by running its models under model checkers.
#[derive(Debug, Parser)]
#[command(name = "cargo-lockproof", bin_name = "cargo lockproof", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build and run the models of a crate or workspace, and report their verdicts
    ///
    /// Models are the tests that use `lockproof_check::Model`. They are looked for in the packages
    /// that have `lockproof-check` as a dev-dependency. The report goes to standard output, the
    /// progress to standard error.
    #[command(
        after_help = prove::EXAMPLES,
        after_long_help = format!("{}\n\n{}", prove::EXAMPLES, exit::HELP)
    )]
    Prove(ProveArguments),

    /// Write the verdicts as a page, as JSON, as JUnit XML or as GitHub annotations
    ///
    /// Builds and runs the models as `prove` does, or takes the records that test runs left in a
    /// directory. Every form has the same verdicts and timelines. What is written where goes to
    /// standard error; `-` in place of a path is standard output.
    #[command(
        after_help = report::EXAMPLES,
        after_long_help = format!("{}\n\n{}", report::EXAMPLES, exit::HELP)
    )]
    Report(ReportArguments),

    /// Run the execution of a witness file again, and show it
    ///
    /// Builds the package beside which the file lies with the engine that the schedule is for, and
    /// runs that one execution of its model. Says whether the same defect comes again.
    #[command(
        after_help = single::EXAMPLES_OF_REPLAY,
        after_long_help = format!("{}\n\n{}", single::EXAMPLES_OF_REPLAY, exit::HELP_OF_REPLAY)
    )]
    Replay(ReplayArguments),

    /// Explain a witness file, or a model by running it
    ///
    /// The account of a witness is made from the file alone. A model is run on all engines.
    #[command(
        after_help = single::EXAMPLES_OF_EXPLAIN,
        after_long_help = format!("{}\n\n{}", single::EXAMPLES_OF_EXPLAIN, exit::HELP)
    )]
    Explain(ExplainArguments),

    /// List the models, where they stand, and their witnesses
    ///
    /// Models leave their names and do not run. Tests that use no model run as usual.
    #[command(
        after_help = single::EXAMPLES_OF_LIST,
        after_long_help = format!("{}\n\n{}", single::EXAMPLES_OF_LIST, exit::HELP)
    )]
    List(ListArguments),

    /// Print the completions for a shell
    ///
    /// They complete the command under the name of its executable, `cargo-lockproof`.
    #[command(after_help = manual::EXAMPLES_OF_COMPLETIONS)]
    Completions(CompletionsArguments),

    /// Write the manual pages
    #[command(after_help = manual::EXAMPLES_OF_MAN)]
    Man(ManArguments),
}

/// `cargo lockproof prove` calls `cargo-lockproof lockproof prove`: the repeated name goes.
fn without_own_name(arguments: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    arguments
        .enumerate()
        .filter(|(index, argument)| !(*index == 1 && argument == OsStr::new("lockproof")))
        .map(|(_, argument)| argument)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, clap::Error> {
        let words = without_own_name(line.split(' ').map(OsString::from));
        CommandLine::try_parse_from(words).map(|CommandLine { command }| command)
    }

    fn parse_prove(line: &str) -> ProveArguments {
        match parse(line).expect("the line is understood") {
            Command::Prove(arguments) => arguments,
            other => panic!("`{line}` is not {other:?}"),
        }
    }

    #[test]
    fn the_definition_of_the_flags_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn cargo_repeats_the_name_of_the_command() {
        for line in ["cargo-lockproof prove --debug", "cargo-lockproof lockproof prove --debug"] {
            assert_eq!(parse_prove(line).build.profile(), "dev");
        }
    }

    #[test]
    fn all_engines_and_release_are_the_default() {
        let arguments = parse_prove("cargo-lockproof prove");
        assert_eq!(
            arguments.on.engines.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["std", "explore", "loom", "shuttle"]
        );
        assert_eq!(arguments.build.profile(), "release");
    }

    #[test]
    fn an_unknown_engine_is_bad_usage() {
        let error = parse("cargo-lockproof prove --engines std,loon").expect_err("no such engine");
        assert_eq!(error.exit_code(), i32::from(exit::Exit::Usage as u8));
    }

    #[test]
    fn a_replay_needs_a_witness_and_an_explanation_its_subject() {
        for line in ["cargo-lockproof replay", "cargo-lockproof explain"] {
            assert!(parse(line).is_err(), "`{line}` says too little");
        }
        assert!(parse("cargo-lockproof replay a.json --debug").is_ok());
    }

    #[test]
    fn a_report_needs_a_form() {
        assert!(parse("cargo-lockproof report").is_err(), "there would be nothing to write");
        assert!(parse("cargo-lockproof report --github").is_ok(), "a form is enough");
    }

    #[test]
    fn no_flag_of_a_run_goes_with_saved_records() {
        for flag in [
            "--manifest-path a",
            "--engines std",
            "--filter a",
            "--package a",
            "--debug",
            "--timeout 1",
        ] {
            let line = format!("cargo-lockproof report --github --from records {flag}");
            assert!(parse(&line).is_err(), "{flag} would have no effect");
        }
    }
}
