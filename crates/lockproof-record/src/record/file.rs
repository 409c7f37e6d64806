//! Records as files: one JSON document each, written whole or not at all.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Record, RecordError};
use crate::files;

/// How the files of records end; files that end otherwise are not looked at.
const EXTENSION: &str = "json";

#[derive(Serialize)]
struct VersionedRecord<'a> {
    version: u32,
    #[serde(flatten)]
    record: &'a Record,
}

/// What every version of the format has.
#[derive(Deserialize)]
struct RecordHeader {
    version: u64,
}

impl Record {
    /// Writes the record into `directory`, under a name that no other record has, and returns the
    /// path.
    ///
    /// The file appears whole or not at all, so a reader never sees half of one.
    ///
    /// # Errors
    ///
    /// If the directory does not exist or cannot be written; the error names the path.
    pub fn write_to(&self, directory: &Path) -> Result<PathBuf, RecordError> {
        let document = VersionedRecord { version: Self::VERSION, record: self };
        files::write_new(directory, EXTENSION, &document)
            .map_err(|(path, source)| RecordError::write(&path, source))
    }

    /// Reads one record.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is of another version, or is no record.
    pub fn read_from(path: &Path) -> Result<Self, RecordError> {
        let text = fs::read(path).map_err(|source| RecordError::read(path, source))?;
        let malformed = |source| RecordError::malformed(path, source);
        let RecordHeader { version } = serde_json::from_slice(&text).map_err(malformed)?;
        if version != u64::from(Self::VERSION) {
            return Err(RecordError::version(path, version));
        }
        serde_json::from_slice(&text).map_err(malformed)
    }

    /// Reads every record in `directory`, in the order of their file names. Other files are not
    /// looked at.
    ///
    /// # Errors
    ///
    /// If the directory or one of the records cannot be read.
    pub fn read_all(directory: &Path) -> Result<Vec<Self>, RecordError> {
        let (records, unread) = Self::read_each(directory)?;
        unread.into_iter().next().map_or(Ok(records), Err)
    }

    /// The records in `directory` that can be read, and why the others cannot.
    ///
    /// # Errors
    ///
    /// If the directory cannot be read.
    pub fn read_each(directory: &Path) -> Result<(Vec<Self>, Vec<RecordError>), RecordError> {
        let unreadable = |source| RecordError::read(directory, source);
        let mut paths = fs::read_dir(directory)
            .and_then(|entries| {
                entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>()
            })
            .map_err(unreadable)?;
        paths.retain(|path| path.extension() == Some(OsStr::new(EXTENSION)));
        paths.sort();
        let (mut records, mut unread) = (Vec::new(), Vec::new());
        for path in &paths {
            match Self::read_from(path) {
                Ok(record) => records.push(record),
                Err(error) => unread.push(error),
            }
        }
        Ok((records, unread))
    }
}
