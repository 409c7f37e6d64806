//! The file, line by line: a row is a line, so that a stray quote spoils its own row alone.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::trade::{COLUMNS, fields_of};

/// A line of the file that is neither the header nor empty, not yet looked at.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its number in the file, from 1.
    pub(crate) line: u64,
    pub(crate) text: Vec<u8>,
}

/// The rows of a file. Ends after the first error.
#[derive(Debug)]
pub(crate) struct Rows {
    path: PathBuf,
    reader: BufReader<File>,
    line: u64,
    has_failed: bool,
}

impl Rows {
    /// Opens a file and checks its header.
    pub(crate) fn open(path: &Path) -> Result<Self, SourceError> {
        let file = File::open(path).map_err(|error| SourceError::io(path, error))?;
        let mut rows = Self {
            path: path.to_owned(),
            reader: BufReader::new(file),
            line: 0,
            has_failed: false,
        };
        let header = rows.read_line()?.unwrap_or_default();
        if fields_of(&header).is_ok_and(|columns| columns == COLUMNS) {
            Ok(rows)
        } else {
            Err(SourceError { path: path.to_owned(), reason: Reason::Header })
        }
    }

    /// The next line without its end; `None` at the end of the file.
    fn read_line(&mut self) -> Result<Option<Vec<u8>>, SourceError> {
        let mut text = Vec::new();
        let length = self
            .reader
            .read_until(b'\n', &mut text)
            .map_err(|error| SourceError::io(&self.path, error))?;
        self.line += 1;
        Ok((length > 0).then(|| text.trim_ascii_end().to_vec()))
    }
}

impl Iterator for Rows {
    type Item = Result<Row, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.has_failed {
            match self.read_line() {
                Ok(Some(text)) if text.is_empty() => {}
                Ok(Some(text)) => return Some(Ok(Row { line: self.line, text })),
                Ok(None) => return None,
                Err(error) => {
                    self.has_failed = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

/// The file cannot be read as a file of trades.
#[derive(Debug)]
pub(crate) struct SourceError {
    path: PathBuf,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Io(io::Error),
    Header,
}

impl SourceError {
    fn io(path: &Path, error: io::Error) -> Self {
        Self { path: path.to_owned(), reason: Reason::Io(error) }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            Reason::Io(error) => {
                write!(
                    f,
                    "cannot read {path}: {error}: name a file that can be read, or none for the sample"
                )
            }
            Reason::Header => {
                write!(
                    f,
                    "{path}:1: no file of trades: let its first line be `{}`",
                    COLUMNS.join(",")
                )
            }
        }
    }
}

impl Error for SourceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            Reason::Io(error) => Some(error),
            Reason::Header => None,
        }
    }
}
