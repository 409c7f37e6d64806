//! Outcome of models, in a run or in saved records, and the exit code that follows.

use std::path::Path;

use lockproof_record::Record;
use lockproof_report::{Results, RunError};

use crate::exit::Exit;
use crate::failure::CommandError;

/// Outcome of models.
#[derive(Debug, Default)]
pub(crate) struct ModelsOutcome {
    pub(crate) results: Results,
    /// The exit code for errors beside the models, if there were any.
    pub(crate) trouble: Option<Exit>,
}

impl ModelsOutcome {
    /// The outcome of the records in these directories. One that cannot be read is an error, and
    /// the others are reported all the same.
    pub(crate) fn saved(directories: &[impl AsRef<Path>]) -> Result<Self, CommandError> {
        let (mut records, mut unread) = (Vec::new(), Vec::new());
        for directory in directories {
            let (more, bad) = Record::read_each(directory.as_ref())
                .map_err(|source| CommandError::new(Exit::Broken, source.to_string()))?;
            records.extend(more);
            unread.extend(bad);
        }
        let trouble = (!unread.is_empty()).then_some(Exit::Broken);
        let unread = unread.iter().map(|error| RunError::new("a record", error.to_string(), ""));
        Ok(Self { results: Results::from_iter(records).with_troubles(unread), trouble })
    }

    /// The exit code; `no_models` is the message if there are none.
    pub(crate) fn conclude(&self, no_models: impl Into<String>) -> Result<Exit, CommandError> {
        if let Some(exit) = self.trouble {
            return Ok(exit);
        }
        if self.results.models().is_empty() {
            return Err(CommandError::new(Exit::NoModels, no_models));
        }
        let as_expected = self.results.unexpected().next().is_none();
        Ok(if as_expected { Exit::AsExpected } else { Exit::NotAsExpected })
    }
}
