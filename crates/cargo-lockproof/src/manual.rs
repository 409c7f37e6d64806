//! `completions` and `man`: what clap makes from the definition of the flags.

use std::fs;

use crate::arguments::{self, CompletionsArguments, ManArguments};
use crate::exit::Exit;
use crate::failure::CommandError;
use crate::output;

/// The name of the executable.
const NAME: &str = "cargo-lockproof";

/// Prints the completions for a shell.
pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<Exit, CommandError> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut arguments::definition(), NAME, &mut text);
    output::print(&text)?;
    Ok(Exit::AsExpected)
}

/// Writes a manual page for the command, and one for each of its commands.
pub(crate) fn pages(arguments: &ManArguments) -> Result<Exit, CommandError> {
    let directory = &arguments.directory;
    fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(arguments::definition(), directory))
        .map_err(|source| {
            let directory = directory.display();
            CommandError::broken(format!("cannot write manual pages into {directory}"), source)
        })?;
    eprintln!("wrote the manual pages into {}", directory.display());
    Ok(Exit::AsExpected)
}
