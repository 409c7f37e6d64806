//! The arguments of `completions` and `man`.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Below the help of `completions`.
pub(super) const EXAMPLES_OF_COMPLETIONS: &str = "\
Examples:
  cargo lockproof completions bash > ~/.local/share/bash-completion/completions/cargo-lockproof
  cargo lockproof completions fish > ~/.config/fish/completions/cargo-lockproof.fish";

/// Below the help of `man`.
pub(super) const EXAMPLES_OF_MAN: &str = "\
Examples:
  cargo lockproof man ~/.local/share/man/man1
  man cargo-lockproof-report";

/// The arguments of `completions`.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArguments {
    /// The shell
    pub(crate) shell: Shell,
}

/// The arguments of `man`.
#[derive(Args, Debug)]
pub(crate) struct ManArguments {
    /// Where to write them; it is made if it does not exist
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
}
