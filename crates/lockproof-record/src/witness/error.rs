//! Why a witness could not be read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A witness that could not be read. The message names the file and the way out.
///
/// ```
/// use std::path::Path;
/// use lockproof_record::Witness;
///
/// let error = Witness::read_from(Path::new("no-such-witness.json")).unwrap_err();
/// assert!(error.is_io());
/// assert!(error.to_string().contains("no-such-witness.json"));
/// ```
#[derive(Debug)]
pub struct WitnessError {
    path: PathBuf,
    cause: WitnessCause,
}

#[derive(Debug)]
enum WitnessCause {
    Read(io::Error),
    TooLarge(u64),
    Malformed(serde_json::Error),
    AnotherFormat(String),
    Version(u64),
    Schedule(String),
}

impl WitnessError {
    pub(super) fn read(path: &Path, source: io::Error) -> Self {
        Self::new(path, WitnessCause::Read(source))
    }

    pub(super) fn too_large(path: &Path, limit: u64) -> Self {
        Self::new(path, WitnessCause::TooLarge(limit))
    }

    pub(super) fn malformed(path: &Path, source: serde_json::Error) -> Self {
        Self::new(path, WitnessCause::Malformed(source))
    }

    pub(super) fn another_format(path: &Path, format: String) -> Self {
        Self::new(path, WitnessCause::AnotherFormat(format))
    }

    pub(super) fn version(path: &Path, version: u64) -> Self {
        Self::new(path, WitnessCause::Version(version))
    }

    pub(super) fn schedule(path: &Path, why: &str) -> Self {
        let text = format!("not a schedule such as `explore/1 0 0.0 0`: {why}");
        Self::new(path, WitnessCause::Schedule(text))
    }

    fn new(path: &Path, cause: WitnessCause) -> Self {
        Self { path: path.to_owned(), cause }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file system refused.
    pub fn is_io(&self) -> bool {
        matches!(self.cause, WitnessCause::Read(_))
    }

    /// Whether the file was written by another version of lockproof.
    pub fn is_version_mismatch(&self) -> bool {
        matches!(self.cause, WitnessCause::Version(_))
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
            WitnessCause::Read(source) => {
                write!(f, "cannot read the witness {path}: {source}; let it be read, or delete it")
            }
            WitnessCause::TooLarge(limit) => {
                write!(f, "the witness {path} has more than {limit} bytes, as none has; {way_out}")
            }
            WitnessCause::Malformed(source) => {
                write!(f, "the witness {path} is damaged or no witness: {source}; {way_out}")
            }
            WitnessCause::AnotherFormat(format) => {
                let format: String = format.chars().take(40).collect();
                write!(f, "the file {path} is of the format {format:?}, not a witness; {way_out}")
            }
            WitnessCause::Version(version) => write!(
                f,
                "the witness {path} has version {version}, this build reads version {}; use the \
                 lockproof-check that wrote it, or delete it and let a failing test write a new one",
                super::Witness::VERSION
            ),
            WitnessCause::Schedule(source) => {
                write!(f, "the schedule of the witness {path} is damaged: {source}; {way_out}")
            }
        }
    }
}

impl Error for WitnessError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            WitnessCause::Read(source) => Some(source),
            WitnessCause::Malformed(source) => Some(source),
            WitnessCause::TooLarge(_)
            | WitnessCause::AnotherFormat(_)
            | WitnessCause::Version(_)
            | WitnessCause::Schedule(_) => None,
        }
    }
}
