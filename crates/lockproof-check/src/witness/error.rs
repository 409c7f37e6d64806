//! Why a witness could not be read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use lockproof::engine::MalformedSchedule;

/// A witness that could not be read. The message names the file and the way out.
///
/// ```
/// use std::path::Path;
/// use lockproof_check::Witness;
///
/// let error = Witness::read_from(Path::new("no-such-witness.json")).unwrap_err();
/// assert!(error.is_io());
/// assert!(error.to_string().contains("no-such-witness.json"));
/// ```
#[derive(Debug)]
pub struct WitnessError {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug)]
enum Cause {
    Read(io::Error),
    TooLarge(u64),
    Malformed(serde_json::Error),
    AnotherFormat(String),
    Version(u64),
    Schedule(MalformedSchedule),
}

impl WitnessError {
    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        Self::new(path, Cause::Read(source))
    }

    pub(super) fn too_large(path: &Path, limit: u64) -> Self {
        Self::new(path, Cause::TooLarge(limit))
    }

    pub(super) fn malformed(path: &Path, source: serde_json::Error) -> Self {
        Self::new(path, Cause::Malformed(source))
    }

    pub(super) fn another_format(path: &Path, format: String) -> Self {
        Self::new(path, Cause::AnotherFormat(format))
    }

    pub(super) fn version(path: &Path, version: u64) -> Self {
        Self::new(path, Cause::Version(version))
    }

    pub(super) fn schedule(path: &Path, source: MalformedSchedule) -> Self {
        Self::new(path, Cause::Schedule(source))
    }

    fn new(path: &Path, cause: Cause) -> Self {
        Self { path: path.to_owned(), cause }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file system refused.
    pub fn is_io(&self) -> bool {
        matches!(self.cause, Cause::Read(_))
    }

    /// Whether the file was written by another version of lockproof.
    pub fn is_version_mismatch(&self) -> bool {
        matches!(self.cause, Cause::Version(_))
    }

    /// Whether the file is no witness: truncated, changed by hand, or something else altogether.
    pub fn is_malformed(&self) -> bool {
        !self.is_io() && !self.is_version_mismatch()
    }
}

impl fmt::Display for WitnessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        let way_out = "restore it from version control, or delete it";
        match &self.cause {
            Cause::Read(source) => {
                write!(f, "cannot read the witness {path}: {source}; let it be read, or delete it")
            }
            Cause::TooLarge(limit) => {
                write!(f, "the witness {path} has more than {limit} bytes, as none has; {way_out}")
            }
            Cause::Malformed(source) => {
                write!(f, "the witness {path} is damaged or no witness: {source}; {way_out}")
            }
            Cause::AnotherFormat(format) => {
                let format: String = format.chars().take(40).collect();
                write!(f, "the file {path} is of the format {format:?}, not a witness; {way_out}")
            }
            Cause::Version(version) => write!(
                f,
                "the witness {path} has version {version}, this build reads version {}; use the \
                 lockproof-check that wrote it, or delete it and let a failing test write a new one",
                super::Witness::VERSION
            ),
            Cause::Schedule(source) => {
                write!(f, "the schedule of the witness {path} is damaged: {source}; {way_out}")
            }
        }
    }
}

impl Error for WitnessError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            Cause::Read(source) => Some(source),
            Cause::Malformed(source) => Some(source),
            Cause::Schedule(source) => Some(source),
            Cause::TooLarge(_) | Cause::AnotherFormat(_) | Cause::Version(_) => None,
        }
    }
}
