//! Records as files: one JSON document each, written whole or not at all.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::Record;
use crate::file_error::FileError;
use crate::files;
use crate::variables::RECORDS_VARIABLE;

/// Extension of records; other files are ignored.
const EXTENSION: &str = "json";

#[derive(Serialize)]
struct VersionedRecord<'a> {
    version: u32,
    #[serde(flatten)]
    record: &'a Record,
}

/// Fields of every version of the format.
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
    pub fn write_to(&self, directory: &Path) -> Result<PathBuf, FileError> {
        let document = VersionedRecord { version: Self::VERSION, record: self };
        files::write_new(directory, EXTENSION, &document).map_err(|(path, source)| {
            let message = format!(
                "cannot write the record {}: {source}; let {RECORDS_VARIABLE} name a \
                     directory that exists and can be written, or unset it",
                path.display()
            );
            FileError::new(message).because(source)
        })
    }

    /// Reads one record.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is of another version, or is no record.
    pub fn read_from(path: &Path) -> Result<Self, FileError> {
        let text = fs::read(path).map_err(|source| unreadable(path, source))?;
        let shown = path.display();
        let malformed = |source: serde_json::Error| {
            let message = format!(
                "the record {shown} is damaged or no record: {source}; delete it and run the \
                 models again"
            );
            FileError::new(message).because(source)
        };
        let RecordHeader { version } = serde_json::from_slice(&text).map_err(malformed)?;
        if version != u64::from(Self::VERSION) {
            return Err(FileError::new(format!(
                "the record {shown} has version {version}, this build reads version {}; use the \
                 same version of lockproof-check and cargo-lockproof, and run the models again",
                Self::VERSION
            )));
        }
        let mut record = serde_json::from_slice(&text).map_err(malformed)?;
        if let Self::Model(report) = &mut record {
            report.take_back_unproved();
        }
        Ok(record)
    }

    /// Reads every record in `directory`, in the order of their file names. Other files are not
    /// looked at.
    ///
    /// # Errors
    ///
    /// If the directory or one of the records cannot be read.
    pub fn read_all(directory: &Path) -> Result<Vec<Self>, FileError> {
        let (records, unread) = Self::read_each(directory)?;
        unread.into_iter().next().map_or(Ok(records), Err)
    }

    /// The records in `directory` that can be read, and why the others cannot.
    ///
    /// # Errors
    ///
    /// If the directory cannot be read.
    pub fn read_each(directory: &Path) -> Result<(Vec<Self>, Vec<FileError>), FileError> {
        let mut paths = fs::read_dir(directory)
            .and_then(|entries| {
                entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>()
            })
            .map_err(|source| unreadable(directory, source))?;
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

fn unreadable(path: &Path, source: io::Error) -> FileError {
    let message = format!(
        "cannot read the records in {}: {source}; run the models again to write them",
        path.display()
    );
    FileError::new(message).because(source)
}
