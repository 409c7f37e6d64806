//! Errors of the command.

use std::error::Error;
use std::fmt;

use crate::exit::Exit;

/// An error of the command: a message with the way out, and the exit code.
#[derive(Debug)]
pub(crate) struct CommandError {
    exit: Exit,
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl CommandError {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), source: None }
    }

    /// Something outside the command stood in the way.
    pub(crate) fn broken(
        message: impl Into<String>,
        source: impl Error + Send + Sync + 'static,
    ) -> Self {
        Self { exit: Exit::Broken, message: message.into(), source: Some(Box::new(source)) }
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))
    }
}

impl Error for CommandError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
