//! The flags of `replay`, `explain` and `list`, which look at single models.

use std::path::PathBuf;

use clap::Args;

use super::{BuildArguments, EngineArguments};

/// Below the help of `replay`.
pub(super) const EXAMPLES_OF_REPLAY: &str = "\
Examples:
  cargo lockproof replay lockproof-witnesses/Stock-gives_the_last_item_away_once.json
  RUST_LOG=debug cargo lockproof replay --debug --show-output lockproof-witnesses/Stock-*.json

For a debugger, let the variable name the witness and run the test by itself:
  LOCKPROOF_REPLAY=$PWD/WITNESS cargo test --features lockproof/explore NAME";

/// Below the help of `explain`.
pub(super) const EXAMPLES_OF_EXPLAIN: &str = "\
Examples:
  cargo lockproof explain lockproof-witnesses/Stock-gives_the_last_item_away_once.json
  cargo lockproof explain LockedCounter
  cargo lockproof explain \"gives the last item away once\"";

/// Below the help of `list`.
pub(super) const EXAMPLES_OF_LIST: &str = "\
Examples:
  cargo lockproof list
  cargo lockproof list --package my-queue";

/// The flags of `replay`.
#[derive(Args, Debug)]
pub(crate) struct ReplayArguments {
    /// The witness file
    #[arg(value_name = "WITNESS")]
    pub(crate) witness: PathBuf,

    /// Show what the test itself prints, on standard error
    #[arg(long)]
    pub(crate) show_output: bool,

    #[command(flatten)]
    pub(crate) build: BuildArguments,
}

/// The flags of `explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArguments {
    /// A witness file, which is explained as it is; or a part of the subject, of the sentence or
    /// of the test's name of a model, which is run
    #[arg(value_name = "WITNESS|MODEL")]
    pub(crate) subject: String,

    #[command(flatten)]
    pub(crate) on: EngineArguments,

    #[command(flatten)]
    pub(crate) build: BuildArguments,
}

/// The flags of `list`.
#[derive(Args, Debug)]
pub(crate) struct ListArguments {
    #[command(flatten)]
    pub(crate) build: BuildArguments,
}
