//! The command `cargo lockproof`: builds a crate's models with the engines, runs them, and reports
//! their verdicts.
//!
//! It links no engine itself. It is the only place that reads flags, prints and exits.

mod arguments;
mod executables;
mod exit;
mod explain;
mod failed_tests;
mod failure;
mod list;
mod manual;
mod outcome;
mod output;
mod packages;
mod progress;
mod prove;
mod replay;
mod report;
mod test_run;

use std::process::ExitCode;

use arguments::Command;

fn main() -> ExitCode {
    let outcome = match arguments::read() {
        Command::Prove(arguments) => prove::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::List(arguments) => list::run(&arguments),
        Command::Completions(arguments) => manual::completions(&arguments),
        Command::Man(arguments) => manual::pages(&arguments),
    };
    let exit = outcome.unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        failure.exit()
    });
    exit.into()
}
