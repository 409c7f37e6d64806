//! Runs one test executable: collects its records, and finds out what they do not explain.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};
use std::{fmt, io};

use lockproof_record::{
    FileError, LIST_VARIABLE, RECORDS_VARIABLE, REPLAY_VARIABLE, Record, Report,
};
use tempfile::TempDir;
use wait_timeout::ChildExt;

use crate::executables::TestExecutable;
use crate::exit::Exit;
use crate::failed_tests;
use crate::failure::CommandError;
use crate::progress::Display;

/// The exit code of Rust's standard test harness when a test has failed.
const TESTS_FAILED: i32 = 101;

/// How often to poll for progress.
const POLL_INTERVAL: Duration = Duration::from_millis(200);

/// Results of a test executable.
#[derive(Debug)]
pub(crate) struct TestRun {
    /// The executable's name.
    pub(crate) name: String,
    /// The records of its models.
    pub(crate) records: Vec<Record>,
    /// The errors of those that cannot be read.
    pub(crate) unread: Vec<FileError>,
    /// An error beyond the expectations of models.
    pub(crate) error: Option<TestRunError>,
    /// The lines that it printed.
    pub(crate) output: String,
}

impl TestRun {
    /// An error if the executable did not come to its end.
    pub(crate) fn stopped(&self) -> Result<(), CommandError> {
        match &self.error {
            Some(error @ (TestRunError::Crashed(_) | TestRunError::TimedOut(_))) => {
                let message = format!("{}: {error}\n{}", self.name, self.output);
                Err(CommandError::new(Exit::TestsFailed, message))
            }
            _ => Ok(()),
        }
    }
}

/// An error of a test executable beyond the expectations of its models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TestRunError {
    /// These tests failed, and no record says why.
    FailedTests(Vec<String>),
    /// The process ended otherwise than a test executable does.
    Crashed(String),
    /// The process was stopped after this time.
    TimedOut(Duration),
}

impl fmt::Display for TestRunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FailedTests(tests) => {
                write!(f, "tests failed that left no verdict: {}", tests.join(", "))
            }
            Self::Crashed(status) => write!(f, "the test executable crashed: {status}"),
            Self::TimedOut(limit) => write!(
                f,
                "the test executable was stopped after {} s; raise --timeout",
                limit.as_secs()
            ),
        }
    }
}

/// Selection of the tests of an executable, and an order to their models.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tests {
    /// For the test harness.
    words: Vec<String>,
    /// For the models.
    variable: Option<(&'static str, OsString)>,
}

impl Tests {
    /// Those whose names contain this text, if any is given.
    pub(crate) fn named_like(text: Option<&str>) -> Self {
        Self { words: text.into_iter().map(str::to_owned).collect(), variable: None }
    }

    /// The one with this name; all where it is not known.
    pub(crate) fn named(name: Option<&str>) -> Self {
        let words = name.into_iter().flat_map(|name| ["--exact".to_owned(), name.to_owned()]);
        Self { words: words.collect(), variable: None }
    }

    /// The models find this in their environment.
    pub(crate) fn told(self, variable: &'static str, value: impl Into<OsString>) -> Self {
        Self { variable: Some((variable, value.into())), ..self }
    }

    /// The output of passing tests is shown, too.
    pub(crate) fn showing_output(mut self) -> Self {
        self.words.push("--nocapture".to_owned());
        self
    }
}

/// Runs test executables, each in a temporary folder of its own for its records and its output.
pub(crate) struct TestRunner {
    folder: TempDir,
    timeout: Duration,
    runs: usize,
}

impl TestRunner {
    /// Each executable may run so long.
    pub(crate) fn new(timeout: Duration) -> Result<Self, CommandError> {
        let folder = TempDir::with_prefix("lockproof-")
            .map_err(|source| CommandError::broken("cannot make a temporary folder", source))?;
        Ok(Self { folder, timeout, runs: 0 })
    }

    /// Runs the executable.
    pub(crate) fn run(
        &mut self,
        executable: &TestExecutable,
        tests: &Tests,
    ) -> Result<TestRun, CommandError> {
        self.runs += 1;
        let folder = self.folder.path().join(self.runs.to_string());
        let (records, output) = (folder.join("records"), folder.join("output.txt"));
        fs::create_dir_all(&records)
            .map_err(|source| CommandError::broken("cannot make a folder for records", source))?;
        let mut command = Command::new(&executable.path);
        command.args(&tests.words);
        command.env_remove(LIST_VARIABLE).env_remove(REPLAY_VARIABLE);
        command.envs(tests.variable.clone());
        command.current_dir(&executable.folder);
        command.env("CARGO_MANIFEST_DIR", &executable.folder).env(RECORDS_VARIABLE, &records);
        let status = wait(command, &output, &records, self.timeout).map_err(|source| {
            CommandError::broken(format!("cannot run {}", executable.path.display()), source)
        })?;
        let output = fs::read(&output)
            .map_err(|source| CommandError::broken("cannot read the output of a test", source))?;
        let output = String::from_utf8_lossy(&output).into_owned();
        let (records, unread) = Record::read_each(&records).map_err(|source| {
            CommandError::broken(format!("{} left no records", executable.name), source)
        })?;
        let error = match status {
            None => Some(TestRunError::TimedOut(self.timeout)),
            Some(status) => error_of(status, &output, &records),
        };
        let name = executable.name.clone();
        Ok(TestRun { name, records, unread, error, output })
    }
}

/// Runs the command with its output in a file, and shows what takes long; `None` if it had to be
/// stopped.
fn wait(
    mut command: Command,
    output: &Path,
    records: &Path,
    limit: Duration,
) -> io::Result<Option<ExitStatus>> {
    let file = File::create(output)?;
    let mut child = command.stdout(file.try_clone()?).stderr(file).spawn()?;
    let began = Instant::now();
    let mut display = Display::default();
    while let Some(left) = limit.checked_sub(began.elapsed()) {
        if let Some(status) = child.wait_timeout(left.min(POLL_INTERVAL))? {
            return Ok(Some(status));
        }
        display.update(records);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// The error that the records do not explain, if there is one.
fn error_of(status: ExitStatus, output: &str, records: &[Record]) -> Option<TestRunError> {
    if status.success() {
        return None;
    }
    let failed = failed_tests::in_output(output);
    if status.code() != Some(TESTS_FAILED) || failed.is_empty() {
        return Some(TestRunError::Crashed(status.to_string()));
    }
    let unexplained = unexplained(&failed, records);
    (!unexplained.is_empty()).then_some(TestRunError::FailedTests(unexplained))
}

/// The failed tests that are not explained by a model that is not as expected.
fn unexplained(failed: &[&str], records: &[Record]) -> Vec<String> {
    let reports = || records.iter().filter_map(unexpected);
    let explained: BTreeSet<_> = reports().filter_map(|report| report.test.as_deref()).collect();
    // The harness names no test when it runs all of them on its main thread.
    let nameless = reports().filter(|report| report.test.is_none()).count();
    let unexplained: Vec<_> = failed.iter().filter(|test| !explained.contains(**test)).collect();
    if unexplained.len() <= nameless {
        return Vec::new();
    }
    unexplained.into_iter().map(|test| (*test).to_owned()).collect()
}

fn unexpected(record: &Record) -> Option<&Report> {
    match record {
        Record::Model(report) if !report.is_as_expected() => Some(report),
        _ => None,
    }
}
