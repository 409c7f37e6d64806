//! Progress of a running model, in a file beside the records.
//!
//! For people who wait, and for nothing else: no verdict depends on it, so a file that cannot be
//! written or read is passed over.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::engine::RecordedEngine;
use crate::files;

const EXTENSION: &str = "progress";

/// Progress of an engine with a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedProgress {
    /// The structure under test.
    pub subject: String,
    /// The property that the model asserts.
    pub property: String,
    /// The engine that runs it.
    pub engine: RecordedEngine,
    /// The executions so far.
    pub executions: u64,
    /// The seconds so far.
    pub seconds: f64,
    /// The number of executions in all, where the engine can tell.
    pub estimate: Option<f64>,
}

impl RecordedProgress {
    /// A path in `directory` for a model that begins to run.
    pub fn new_path(directory: &Path) -> PathBuf {
        directory.join(files::unique_stem()).with_extension(EXTENSION)
    }

    /// Writes it in place of what was there before.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn write_to(&self, path: &Path) -> io::Result<()> {
        files::write(path, self)
    }

    /// The progress of all running models that leave records in `directory`, each with the path of
    /// its file, which stays the same during a search.
    pub fn read_all(directory: &Path) -> Vec<(PathBuf, Self)> {
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        let paths = entries.map(|entry| entry.path());
        let mut found: Vec<_> = paths
            .filter(|path| path.extension() == Some(OsStr::new(EXTENSION)))
            .filter_map(|path| {
                let progress = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
                Some((path, progress))
            })
            .collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        found
    }
}
