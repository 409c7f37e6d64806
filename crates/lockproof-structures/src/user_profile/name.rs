//! A user's name, checked and normalised once, outside of every lock.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use lockproof::sync::Arc;

/// The most characters of a name.
const MAX_CHARACTERS: usize = 64;

/// A name fit to be shown: not empty, single spaces, no control characters, at most 64 characters.
///
/// A clone shares the text, so that taking a snapshot under a lock does not allocate.
///
/// ```
/// use lockproof_structures::{InvalidName, UserName};
///
/// let name: UserName = "  Ada   Lovelace ".parse()?;
/// assert_eq!(name.as_str(), "Ada Lovelace");
/// assert_eq!(" ".parse::<UserName>(), Err(InvalidName::Empty));
/// # Ok::<(), InvalidName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserName(Arc<str>);

impl UserName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let name = words.join(" ");
        let characters = name.chars().count();
        if characters == 0 {
            return Err(InvalidName::Empty);
        }
        if characters > MAX_CHARACTERS {
            return Err(InvalidName::TooLong { characters });
        }
        if name.chars().any(char::is_control) {
            return Err(InvalidName::ControlCharacter);
        }
        Ok(Self(name.into()))
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text cannot be a [`UserName`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidName {
    /// Nothing but white space.
    Empty,
    /// More than 64 characters.
    TooLong {
        /// How many there were, after normalisation.
        characters: usize,
    },
    /// A character that cannot be shown.
    ControlCharacter,
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name is empty: give at least one visible character"),
            Self::TooLong { characters } => write!(
                f,
                "the name has {characters} characters: shorten it to at most {MAX_CHARACTERS}"
            ),
            Self::ControlCharacter => {
                f.write_str("the name contains a control character: remove it")
            }
        }
    }
}

impl Error for InvalidName {}
