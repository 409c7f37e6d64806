//! How far a model has come that is still running, in a file beside the records.
//!
//! For people who wait, and for nothing else: no verdict depends on it, so a file that cannot be
//! written or read is passed over.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lockproof::engine::{Engine, Progress};
use serde::{Deserialize, Serialize};

use super::file::{unique_name, write_whole};

const EXTENSION: &str = "progress";

/// A model that ends sooner leaves no file.
const SHORT: Duration = Duration::from_secs(1);

/// How far an engine has come with a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordedProgress {
    /// The structure under test.
    pub subject: String,
    /// The property that the model asserts.
    pub property: String,
    /// The engine that runs it.
    pub engine: String,
    /// The executions so far.
    pub executions: u64,
    /// The seconds so far.
    pub seconds: f64,
    /// The number of executions in all, where the engine can tell: see [`Progress::estimate`].
    pub estimate: Option<f64>,
}

impl RecordedProgress {
    /// What the models that leave records in `directory` are doing at this moment, each under the
    /// path of its file, which is the same as long as its search goes on.
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

/// The file of a search that goes on; gone when this is dropped.
pub(crate) struct ProgressFile {
    path: PathBuf,
    begun: RecordedProgress,
}

impl ProgressFile {
    pub(crate) fn new(directory: &Path, subject: &str, property: &str, engine: Engine) -> Self {
        let begun = RecordedProgress {
            subject: subject.to_owned(),
            property: property.to_owned(),
            engine: engine.to_string(),
            executions: 0,
            seconds: 0.0,
            estimate: None,
        };
        Self { path: directory.join(unique_name()).with_extension(EXTENSION), begun }
    }

    /// What keeps the file up to date. An engine may never let go of it.
    pub(crate) fn writer(&self) -> impl FnMut(&Progress) + Send + 'static {
        let (path, begun) = (self.path.clone(), self.begun.clone());
        move |progress| {
            let &Progress { executions, elapsed, estimate, .. } = progress;
            if elapsed >= SHORT {
                let seconds = elapsed.as_secs_f64();
                let now = RecordedProgress { executions, seconds, estimate, ..begun.clone() };
                // That nobody can see it is no reason to fail a test.
                let _ = write_whole(&path, &now);
            }
        }
    }
}

impl Drop for ProgressFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
