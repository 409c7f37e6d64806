//! A place in the code under test, in the form of a record: the text `file:line:column`.

use std::fmt;
use std::panic::Location;

use serde::{Deserialize, Serialize};

/// A place in the code under test. `Display` gives `file:line`, a record has the column, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordedLocation {
    /// The path as the compiler was given it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl From<&Location<'_>> for RecordedLocation {
    fn from(location: &Location<'_>) -> Self {
        Self { file: location.file().to_owned(), line: location.line(), column: location.column() }
    }
}

impl From<RecordedLocation> for String {
    fn from(location: RecordedLocation) -> Self {
        format!("{location}:{}", location.column)
    }
}

impl TryFrom<String> for RecordedLocation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // From the right: a path may contain colons.
        let mut parts = text.rsplitn(3, ':');
        let mut number = || parts.next().and_then(|part| part.parse().ok());
        let (column, line) = (number(), number());
        match (parts.next(), line, column) {
            (Some(file), Some(line), Some(column)) => {
                Ok(Self { file: file.to_owned(), line, column })
            }
            _ => Err(format!("`{text}` is not of the form file:line:column")),
        }
    }
}

impl fmt::Display for RecordedLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
