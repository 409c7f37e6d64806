//! Shows how far a model has come that still runs, in a file beside the records.
//!
//! For people who wait, and for nothing else: no verdict depends on it, so a file that cannot be
//! written is passed over.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lockproof::engine::{Engine, Progress};
use lockproof_record::RecordedProgress;

use crate::conversion::named;
use crate::harness;

/// The least time between two looks of a reader.
const INTERVAL: Duration = Duration::from_millis(200);

/// A model that ends sooner leaves no file.
const SHORT: Duration = Duration::from_secs(1);

/// One of several searches that are shown as one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProgressStage {
    /// How many searches came before it.
    pub(crate) done: usize,
    /// How many there are in all.
    pub(crate) of: usize,
    /// The executions of those before.
    pub(crate) executions: u64,
    /// Their time.
    pub(crate) elapsed: Duration,
}

/// The progress file of a running search; removed when this is dropped.
pub(crate) struct ProgressFile {
    path: PathBuf,
    begun: RecordedProgress,
    /// The time of the search at which a stage was last shown.
    told: Duration,
}

impl ProgressFile {
    /// The file of a search, if a directory for records is named.
    pub(crate) fn of(subject: &str, property: &str, engine: Engine) -> Option<Self> {
        harness::records().map(|directory| Self::new(&directory, subject, property, engine))
    }

    fn new(directory: &Path, subject: &str, property: &str, engine: Engine) -> Self {
        let begun = RecordedProgress {
            subject: subject.to_owned(),
            property: property.to_owned(),
            engine: named(engine),
            executions: 0,
            seconds: 0.0,
            estimate: None,
        };
        let path = RecordedProgress::new_path(directory);
        Self { path, begun, told: Duration::ZERO }
    }

    /// Says that a stage begins, unless that would be too soon after another one: for stages that
    /// are too short to report themselves. Returns a callback that keeps the file up to date
    /// meanwhile, which an engine may keep for ever.
    pub(crate) fn begin(
        &mut self,
        stage: ProgressStage,
    ) -> impl FnMut(&Progress) + Send + use<> + 'static {
        let (path, begun) = (self.path.clone(), self.begun.clone());
        if stage.elapsed >= self.told + INTERVAL {
            self.told = stage.elapsed;
            show(&path, &begun, stage, (0, Duration::ZERO, None));
        }
        move |progress| {
            let &Progress { executions, elapsed, estimate, .. } = progress;
            show(&path, &begun, stage, (executions, elapsed, estimate));
        }
    }
}

/// Writes the whole, where a stage has come so far.
fn show(
    path: &Path,
    begun: &RecordedProgress,
    stage: ProgressStage,
    (executions, elapsed, estimate): (u64, Duration, Option<f64>),
) {
    let elapsed = stage.elapsed + elapsed;
    if elapsed >= SHORT {
        let progress = RecordedProgress {
            executions: stage.executions + executions,
            seconds: elapsed.as_secs_f64(),
            estimate: stage.estimate(estimate),
            ..begun.clone()
        };
        // A file that cannot be written is no reason to fail a test.
        let _ = progress.write_to(path);
    }
}

impl ProgressStage {
    /// A search that stands for itself.
    pub(crate) const ONLY: Self = Self { done: 0, of: 1, executions: 0, elapsed: Duration::ZERO };

    /// The executions of all stages, if those to come take as many as those that are known: the
    /// ones before, and this one if it has an estimate.
    #[expect(clippy::cast_precision_loss, reason = "a number for people")]
    fn estimate(&self, of_this: Option<f64>) -> Option<f64> {
        let before = self.executions as f64;
        let (known, stages) = match of_this {
            Some(of_this) => (before + of_this, self.done + 1),
            None if self.done > 0 => (before, self.done),
            None => return None,
        };
        Some(known * self.of as f64 / stages as f64)
    }
}

impl Drop for ProgressFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAGE: ProgressStage =
        ProgressStage { done: 3, of: 12, executions: 90, elapsed: Duration::from_secs(2) };

    #[test]
    fn stages_to_come_are_taken_for_as_long_as_those_that_were() {
        assert_eq!(STAGE.estimate(None), Some(360.0), "twelve times thirty");
        assert_eq!(STAGE.estimate(Some(30.0)), Some(360.0), "this one is no different");
        assert_eq!(STAGE.estimate(Some(110.0)), Some(600.0), "four have fifty each");
    }

    #[test]
    fn a_search_that_stands_for_itself_has_its_own_estimate_or_none() {
        assert_eq!(ProgressStage::ONLY.estimate(Some(7.0)), Some(7.0));
        assert_eq!(ProgressStage::ONLY.estimate(None), None);
    }

    #[test]
    fn a_file_shows_the_whole_once_it_takes_long_and_goes_with_the_search() {
        let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
        let mut file =
            ProgressFile::new(folder.path(), "Stock", "is linearizable", Engine::Explore);
        drop(file.begin(ProgressStage::ONLY));
        assert_eq!(RecordedProgress::read_all(folder.path()), [], "it has just begun");
        drop(file.begin(STAGE));
        let shown: Vec<_> = RecordedProgress::read_all(folder.path());
        let [(_, shown)] = shown.as_slice() else { panic!("one file is there: {shown:?}") };
        assert_eq!((shown.executions, shown.estimate), (90, Some(360.0)));
        drop(file.begin(ProgressStage { executions: 91, ..STAGE }));
        let again = RecordedProgress::read_all(folder.path());
        assert_eq!(
            again[0].1, *shown,
            "readers look less often than short stages follow each other"
        );
        drop(file);
        assert_eq!(RecordedProgress::read_all(folder.path()), [], "no model runs any more");
    }
}
