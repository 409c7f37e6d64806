//! Records: what a checked model leaves behind for the command.
//!
//! A record is one JSON file. Its first fields say that it is one and of which version, so that a
//! file from another version is told apart from a damaged one.

mod file;

use serde::{Deserialize, Serialize};

use crate::demonstration::Demonstration;
use crate::report::Report;

/// The record of a test.
///
/// ```
/// use lockproof_record::{Demonstration, Record};
///
/// let directory = std::env::temp_dir();
/// let title = "two plus two".to_owned();
/// let record = Record::Demonstration(Demonstration { title, lines: vec!["makes 4".to_owned()] });
/// let path = record.write_to(&directory)?;
/// assert_eq!(Record::read_from(&path)?, record);
/// # let _ = std::fs::remove_file(path);
/// # Ok::<(), lockproof_record::FileError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// A checked model.
    Model(Box<Report>),
    /// A demonstration.
    Demonstration(Demonstration),
}

impl Record {
    /// The version of the format that is written, and the only one that is read.
    pub const VERSION: u32 = 3;

    /// The report, if it is the record of a checked model.
    pub fn into_report(self) -> Option<Report> {
        match self {
            Self::Model(report) => Some(*report),
            Self::Demonstration(_) => None,
        }
    }
}
