//! Destinations of reports: standard output or a file, which is checked before models run.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::failure::CommandError;

/// Stands for standard output where a path is expected.
const STANDARD_OUTPUT: &str = "-";

/// Destination of one form of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Standard output.
    Printed,
    /// A file.
    File(PathBuf),
}

impl Destination {
    /// The file of this name; its directory is made if it does not exist.
    ///
    /// Fails if it cannot be written: better now than after an hour of models.
    pub(crate) fn file(path: &Path) -> Result<Self, CommandError> {
        if path == Path::new(STANDARD_OUTPUT) {
            return Ok(Self::Printed);
        }
        try_to_write(path).map_err(|source| unwritable(path, source))?;
        Ok(Self::File(path.to_owned()))
    }

    /// The file of this name, or `index.html` in the directory of this name.
    pub(crate) fn page(path: &Path) -> Result<Self, CommandError> {
        let names_directory = path.to_string_lossy().ends_with(std::path::is_separator);
        if names_directory || path.is_dir() {
            Self::file(&path.join("index.html"))
        } else {
            Self::file(path)
        }
    }

    /// Writes the text, and says on standard error where.
    pub(crate) fn write(&self, text: &str) -> Result<(), CommandError> {
        match self {
            Self::Printed => print(text.as_bytes()),
            Self::File(path) => {
                fs::write(path, text).map_err(|source| unwritable(path, source))?;
                eprintln!("wrote {}", path.display());
                Ok(())
            }
        }
    }
}

/// Prints to standard output. A closed pipe is no error.
pub(crate) fn print(text: &[u8]) -> Result<(), CommandError> {
    let mut output = io::stdout().lock();
    match output.write_all(text).and_then(|()| output.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(CommandError::broken("cannot print the report", error))
        }
        _ => Ok(()),
    }
}

/// Leaves what is there as it is.
fn try_to_write(path: &Path) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let is_new = !path.exists();
    OpenOptions::new().append(true).create(true).open(path)?;
    if is_new { fs::remove_file(path) } else { Ok(()) }
}

fn unwritable(path: &Path, source: io::Error) -> CommandError {
    let path = path.display();
    let message = format!("cannot write {path}; name a file in a directory that can be written");
    CommandError::broken(message, source)
}
