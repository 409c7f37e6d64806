//! The flags of the command, and the one place where it reads its environment.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::exit;

/// The command to run, from the arguments of the process. Exits on bad usage and for help.
pub(crate) fn read() -> Command {
    Arguments::parse_from(without_own_name(env::args_os())).command
}

/// The cargo that called the command, else the one on the path.
pub(crate) fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// Proves locked code and refutes unlocked code, by running its models under model checkers.
#[derive(Debug, Parser)]
#[command(name = "cargo-lockproof", bin_name = "cargo lockproof", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What the command can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Build and run the models of a crate or workspace, and report their verdicts
    ///
    /// Models are the tests that use `lockproof_check::Model`. They are looked for in the packages
    /// that have `lockproof-check` as a dev-dependency. The report goes to standard output, the
    /// progress to standard error.
    #[command(after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{}", exit::HELP))]
    Prove(ProveArguments),
}

const EXAMPLES: &str = "\
Examples:
  cargo lockproof prove
  cargo lockproof prove --package my-queue --filter close
  cargo lockproof prove --engines std,loom --debug
  cargo lockproof prove --manifest-path ../other/Cargo.toml";

/// The flags of `prove`.
#[derive(Args, Debug)]
pub(crate) struct ProveArguments {
    /// The Cargo.toml of the package or workspace [default: that of the current directory]
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,

    /// Only these packages; may be repeated [default: all that have models]
    #[arg(short, long = "package", value_name = "NAME")]
    pub(crate) packages: Vec<String>,

    /// Only tests whose names contain this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,

    /// The engines to build the models with; real threads (std) always run
    #[arg(
        long,
        value_name = "LIST",
        value_enum,
        value_delimiter = ',',
        default_value = "std,explore,loom,shuttle"
    )]
    pub(crate) engines: Vec<EngineChoice>,

    /// The cargo profile to build with
    #[arg(long, value_name = "NAME", default_value = "release")]
    profile: String,

    /// Build with the profile `dev`: quicker to build, slower to run
    #[arg(long, conflicts_with = "profile")]
    debug: bool,

    /// The most seconds that one test executable may run
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    timeout: u64,
}

impl ProveArguments {
    /// The profile to build with.
    pub(crate) fn profile(&self) -> &str {
        if self.debug { "dev" } else { &self.profile }
    }

    /// The most time that one test executable may take.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}

/// An engine to build the models with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineChoice {
    Std,
    Explore,
    Loom,
    Shuttle,
}

impl EngineChoice {
    /// The engine's name in records; also that of its feature, where it needs one.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Std => "std",
            Self::Explore => "explore",
            Self::Loom => "loom",
            Self::Shuttle => "shuttle",
        }
    }

    /// The feature of the crate `lockproof` that brings the engine.
    pub(crate) fn feature(self) -> Option<&'static str> {
        match self {
            Self::Std => None,
            engine => Some(engine.name()),
        }
    }
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
    use clap::CommandFactory;

    fn parse(line: &str) -> Result<ProveArguments, clap::Error> {
        let words = without_own_name(line.split(' ').map(OsString::from));
        Arguments::try_parse_from(words).map(|Arguments { command: Command::Prove(found) }| found)
    }

    #[test]
    fn the_definition_of_the_flags_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn cargo_repeats_the_name_of_the_command() {
        for line in ["cargo-lockproof prove --debug", "cargo-lockproof lockproof prove --debug"] {
            assert_eq!(parse(line).expect("both forms are understood").profile(), "dev");
        }
    }

    #[test]
    fn all_engines_and_release_are_the_default() {
        let arguments = parse("cargo-lockproof prove").expect("no flag is needed");
        assert_eq!(
            arguments.engines,
            [EngineChoice::Std, EngineChoice::Explore, EngineChoice::Loom, EngineChoice::Shuttle]
        );
        assert_eq!(arguments.profile(), "release");
    }

    #[test]
    fn an_unknown_engine_is_bad_usage() {
        let error = parse("cargo-lockproof prove --engines std,loon").expect_err("no such engine");
        assert_eq!(error.exit_code(), i32::from(exit::Exit::Usage as u8));
    }
}
