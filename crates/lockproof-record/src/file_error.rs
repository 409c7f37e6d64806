//! Errors of writing and reading records and witnesses.

use std::error::Error;
use std::fmt;

/// A record or a witness that could not be written or read. The message names the file and the way
/// out.
///
/// ```
/// use std::path::Path;
/// use lockproof_record::{Record, Witness};
///
/// let path = Path::new("no-such-file.json");
/// for error in [Record::read_from(path).unwrap_err(), Witness::read_from(path).unwrap_err()] {
///     assert!(error.to_string().contains("no-such-file.json"));
/// }
/// ```
#[derive(Debug)]
pub struct FileError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl FileError {
    pub(crate) fn new(message: String) -> Self {
        Self { message, source: None }
    }

    #[must_use]
    pub(crate) fn because(self, source: impl Error + Send + Sync + 'static) -> Self {
        Self { source: Some(Box::new(source)), ..self }
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
