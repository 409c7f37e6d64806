//! The flags of `prove`: which models to build, and how to run them.

use clap::{Args, ValueEnum};

use super::BuildArguments;

/// Below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  cargo lockproof prove
  cargo lockproof prove --package my-queue --filter close
  cargo lockproof prove --engines std,loom --debug
  cargo lockproof prove --manifest-path ../other/Cargo.toml";

/// The flags of `prove`.
#[derive(Args, Debug)]
pub(crate) struct ProveArguments {
    #[command(flatten)]
    pub(crate) build: BuildArguments,

    /// Only tests whose names contain this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,

    #[command(flatten)]
    pub(crate) on: EngineArguments,
}

/// On which engines models run.
#[derive(Args, Debug)]
pub(crate) struct EngineArguments {
    /// The engines to build the models with; real threads (std) always run
    #[arg(
        long,
        value_name = "LIST",
        value_enum,
        value_delimiter = ',',
        default_value = "std,explore,loom,shuttle"
    )]
    pub(crate) engines: Vec<EngineChoice>,
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
