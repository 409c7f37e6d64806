//! The flags of `report`: in which forms, where to, and from what.

use std::path::PathBuf;

use clap::Args;

use super::ProveArguments;

/// Below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  cargo lockproof report --html target/lockproof/
  cargo lockproof report --junit junit.xml --html report.html --github
  cargo lockproof report --json - --package my-queue | jq .tally
  cargo lockproof report --html report.html --from records-of-one --from records-of-two

Records are what models leave behind when a variable names a directory for them:
  mkdir records; LOCKPROOF_RECORDS=$PWD/records cargo test --features lockproof/explore";

/// The flags of `report`.
#[derive(Args, Debug)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    pub(crate) forms: Forms,

    /// Take the records in this directory, and run nothing; may be repeated
    #[arg(
        long,
        value_name = "DIR",
        help_heading = "Source",
        conflicts_with_all = ["manifest_path", "packages", "filter", "engines", "profile", "debug", "timeout"]
    )]
    pub(crate) from: Vec<PathBuf>,

    #[command(flatten, next_help_heading = "Source")]
    pub(crate) models: ProveArguments,
}

/// The forms of the report that are asked for: at least one.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct Forms {
    /// One page for a browser, with steps through each failure; a directory gets `index.html`
    #[arg(long, value_name = "FILE|DIR", help_heading = "Forms")]
    pub(crate) html: Option<PathBuf>,

    /// JSON for programs; docs/report.schema.json describes it
    #[arg(long, value_name = "FILE", help_heading = "Forms")]
    pub(crate) json: Option<PathBuf>,

    /// JUnit XML for continuous integration
    #[arg(long, value_name = "FILE", help_heading = "Forms")]
    pub(crate) junit: Option<PathBuf>,

    /// The text that `prove` prints
    #[arg(long, value_name = "FILE", help_heading = "Forms")]
    pub(crate) text: Option<PathBuf>,

    /// Annotations on standard output, which GitHub shows at the offending lines
    #[arg(long, help_heading = "Forms")]
    pub(crate) github: bool,
}
