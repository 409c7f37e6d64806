//! Why a record could not be written or read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A record that could not be written or read. The message names the file and the way out.
///
/// ```
/// use std::path::Path;
/// use lockproof_record::Record;
///
/// let error = Record::read_from(Path::new("no-such-record.json")).unwrap_err();
/// assert!(error.is_io());
/// assert!(error.to_string().contains("no-such-record.json"));
/// ```
#[derive(Debug)]
pub struct RecordError {
    path: PathBuf,
    cause: RecordCause,
}

#[derive(Debug)]
enum RecordCause {
    Write(io::Error),
    Read(io::Error),
    Malformed(serde_json::Error),
    Version(u64),
}

impl RecordError {
    pub(super) fn write(path: &Path, source: io::Error) -> Self {
        Self { path: path.to_owned(), cause: RecordCause::Write(source) }
    }

    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        Self { path: path.to_owned(), cause: RecordCause::Read(source) }
    }

    pub(super) fn malformed(path: &Path, source: serde_json::Error) -> Self {
        Self { path: path.to_owned(), cause: RecordCause::Malformed(source) }
    }

    pub(super) fn version(path: &Path, version: u64) -> Self {
        Self { path: path.to_owned(), cause: RecordCause::Version(version) }
    }

    /// The file or directory that the error is about.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file was written by another version of lockproof.
    pub fn is_version_mismatch(&self) -> bool {
        matches!(self.cause, RecordCause::Version(_))
    }

    /// Whether the file is no record: truncated, or something else altogether.
    pub fn is_malformed(&self) -> bool {
        matches!(self.cause, RecordCause::Malformed(_))
    }

    /// Whether the file system refused.
    pub fn is_io(&self) -> bool {
        matches!(self.cause, RecordCause::Write(_) | RecordCause::Read(_))
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.cause {
            RecordCause::Write(source) => write!(
                f,
                "cannot write the record {path}: {source}; let {} name a directory that exists \
                 and can be written, or unset it",
                crate::variables::RECORDS_VARIABLE
            ),
            RecordCause::Read(source) => write!(
                f,
                "cannot read the records in {path}: {source}; run the models again to write them"
            ),
            RecordCause::Malformed(source) => write!(
                f,
                "the record {path} is damaged or no record: {source}; delete it and run the \
                 models again"
            ),
            RecordCause::Version(version) => write!(
                f,
                "the record {path} has version {version}, this build reads version {}; use the \
                 same version of lockproof-check and cargo-lockproof, and run the models again",
                super::Record::VERSION
            ),
        }
    }
}

impl Error for RecordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            RecordCause::Write(source) | RecordCause::Read(source) => Some(source),
            RecordCause::Malformed(source) => Some(source),
            RecordCause::Version(_) => None,
        }
    }
}
