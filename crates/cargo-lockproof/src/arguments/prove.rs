//! The flags of `prove`: which models to build, and how to run them.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use lockproof_record::RecordedEngine;

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
        value_parser = engine_parser(),
        value_delimiter = ',',
        default_value = "std,explore,loom,shuttle"
    )]
    pub(crate) engines: Vec<RecordedEngine>,
}

/// The engines by their names in records.
fn engine_parser() -> impl TypedValueParser<Value = RecordedEngine> {
    let names = PossibleValuesParser::new(["std", "explore", "loom", "shuttle"]);
    names.try_map(|name| name.parse::<RecordedEngine>())
}
