//! The flags that say which packages to build, and how.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

/// Which packages to build, and how to build and run their tests.
#[derive(Args, Clone, Debug)]
pub(crate) struct BuildArguments {
    /// The Cargo.toml of the package or workspace [default: that of the current directory]
    #[arg(long, value_name = "PATH")]
    pub(crate) manifest_path: Option<PathBuf>,

    /// Only these packages; may be repeated [default: all that have models]
    #[arg(short, long = "package", value_name = "NAME")]
    pub(crate) packages: Vec<String>,

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

impl BuildArguments {
    /// The profile to build with.
    pub(crate) fn profile(&self) -> &str {
        if self.debug { "dev" } else { &self.profile }
    }

    /// The most time that one test executable may take.
    pub(crate) fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }
}
