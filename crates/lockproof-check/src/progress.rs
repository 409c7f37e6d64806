/// One of several searches that are shown as one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage {
    /// How many searches came before it.
    pub(crate) done: usize,
    /// How many there are in all.
    pub(crate) of: usize,
    /// The executions of those before.
    pub(crate) executions: u64,
    /// Their time.
    pub(crate) elapsed: Duration,
}

/// The file of a search that goes on; gone when this is dropped.
pub(crate) struct ProgressFile {
    path: PathBuf,
    begun: RecordedProgress,
    /// How long the search had gone on when a stage last said that it begins.
    told: Duration,
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
        let path = directory.join(unique_name()).with_extension(EXTENSION);
        Self { path, begun, told: Duration::ZERO }
    }

    /// What keeps the file up to date in a search. An engine may never let go of it.
    pub(crate) fn writer(&self, stage: Stage) -> impl FnMut(&Progress) + Send + 'static {
        let (path, begun) = (self.path.clone(), self.begun.clone());
        move |progress| {
            let &Progress { executions, elapsed, estimate, .. } = progress;
            begun.with(stage, executions, elapsed, estimate).write_to(&path);
        }
    }

    /// Says that a stage begins, unless another one has just said so: for stages that are too short
    /// to say anything themselves.
    pub(crate) fn begin(&mut self, stage: Stage) {
        if stage.elapsed < self.told + SELDOM {
            return;
        }
        self.told = stage.elapsed;
        self.begun.with(stage, 0, Duration::ZERO, None).write_to(&self.path);
    }
}

impl RecordedProgress {
    /// The whole, where a stage has come so far.
    fn with(
        &self,
        stage: Stage,
        executions: u64,
        elapsed: Duration,
        estimate: Option<f64>,
    ) -> Self {
        let executions = stage.executions + executions;
        let seconds = (stage.elapsed + elapsed).as_secs_f64();
        Self { executions, seconds, estimate: stage.estimate(estimate), ..self.clone() }
    }

    fn write_to(&self, path: &Path) {
        if self.seconds >= SHORT.as_secs_f64() {
            // That nobody can see it is no reason to fail a test.
            let _ = write_whole(path, self);
        }
    }
}

impl Stage {
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

    const STAGE: Stage = Stage { done: 3, of: 12, executions: 90, elapsed: Duration::from_secs(2) };

    #[test]
    fn stages_to_come_are_taken_for_as_long_as_those_that_were() {
        assert_eq!(STAGE.estimate(None), Some(360.0), "twelve times thirty");
        assert_eq!(STAGE.estimate(Some(30.0)), Some(360.0), "this one is no different");
        assert_eq!(STAGE.estimate(Some(110.0)), Some(600.0), "four have fifty each");
    }

    #[test]
    fn a_search_that_stands_for_itself_has_its_own_estimate_or_none() {
        assert_eq!(Stage::ONLY.estimate(Some(7.0)), Some(7.0));
        assert_eq!(Stage::ONLY.estimate(None), None);
    }

    #[test]
    fn a_file_shows_the_whole_once_it_takes_long_and_goes_with_the_search() {
        let folder = tempfile::TempDir::new().expect("a temporary folder can be made");
        let mut file =
            ProgressFile::new(folder.path(), "Stock", "is linearizable", Engine::Explore);
        file.begin(Stage::ONLY);
        assert_eq!(RecordedProgress::read_all(folder.path()), [], "it has just begun");
        file.begin(STAGE);
        let shown: Vec<_> = RecordedProgress::read_all(folder.path());
        let [(_, shown)] = shown.as_slice() else { panic!("one file is there: {shown:?}") };
        assert_eq!((shown.executions, shown.estimate), (90, Some(360.0)));
        file.begin(Stage { executions: 91, ..STAGE });
        let again = RecordedProgress::read_all(folder.path());
        assert_eq!(again[0].1, *shown, "nobody reads as fast as short stages follow each other");
        drop(file);
        assert_eq!(RecordedProgress::read_all(folder.path()), [], "nobody waits any more");
    }
}
