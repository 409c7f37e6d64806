//! The flags of `prove`: which models to build, and how to run them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

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
