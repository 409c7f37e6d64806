//! Errors of writing and reading records and witnesses.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// A record or a witness that could not be written or read. The message names the file and the way
/// out.
///
/// ```
/// use std::path::Path;
/// use lockproof_record::{Record, Witness};
///
/// let path = Path::new("no-such-file.json");
/// for error in [Record::read_from(path).unwrap_err(), Witness::read_from(path).unwrap_err()] {
///     assert!(error.is_io());
///     assert!(error.to_string().contains("no-such-file.json"));
/// }
/// ```
#[derive(Debug)]
pub struct FileError {
    path: PathBuf,
    problem: Problem,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// Kind of a file error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The file system refused.
    Io,
    /// It is of another version.
    Version,
    /// It is damaged, or something else altogether.
    Malformed,
}

impl FileError {
    pub(crate) fn new(path: &Path, problem: Problem, message: String) -> Self {
        Self { path: path.to_owned(), problem, message, source: None }
    }

    #[must_use]
    pub(crate) fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(source)), ..self }
    }

    /// The file or directory that the error is about.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file was written by another version of lockproof.
    pub fn is_version_mismatch(&self) -> bool {
        self.problem == Problem::Version
    }

    /// Whether the file is truncated, was changed by hand, or is something else altogether.
    pub fn is_malformed(&self) -> bool {
        self.problem == Problem::Malformed
    }

    /// Whether the file system refused.
    pub fn is_io(&self) -> bool {
        self.problem == Problem::Io
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
