//! Witnesses: failing executions as files, which a crate keeps beside its tests and which run first
//! in the next test.
//!
//! A witness file is one JSON document: whose model, what went wrong, the schedule that leads there
//! again, and what happened on the way. People are meant to read it, and to commit it.

mod file_name;
mod fingerprint;
mod json;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use file_name::WitnessNames;

use crate::engine::RecordedEngine;
use crate::failure::{RecordedDefect, RecordedFailure};
use crate::file_error::FileError;
use crate::files;
use crate::location::RecordedLocation;
use crate::report::Report;
use crate::run::EngineRun;
use crate::trace::RecordedTrace;

/// The first field of every version.
const FORMAT: &str = "lockproof-witness";

/// The version of the engines' schedules that this build reads.
const SCHEDULE_VERSION: &str = "1";

/// No witness is nearly as large.
const LARGEST: u64 = 16 * 1024 * 1024;

/// A failing execution of a model, to be run again.
///
/// ```no_run
/// use std::path::Path;
/// use lockproof_record::Witness;
///
/// let path = Path::new("lockproof-witnesses/Stock-gives_the_last_item_away_once.json");
/// let witness = Witness::read_from(path)?;
/// println!("{} {}: {}", witness.subject, witness.property, witness.failure.defect.sentence);
/// # Ok::<(), lockproof_record::FileError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The structure under test.
    pub subject: String,
    /// The property that the model asserts.
    pub property: String,
    /// Place of the model.
    pub location: RecordedLocation,
    /// The test that ran it, where the test harness tells.
    pub test: Option<String>,
    /// The engine that found it.
    pub found_by: RecordedEngine,
    /// Fingerprint of the events, in 16 hexadecimal digits: the same events give the same.
    pub fingerprint: String,
    /// The execution: the schedule, what went wrong, what happened.
    #[serde(flatten)]
    pub failure: RecordedFailure,
}

/// Fields of every version of the format.
#[derive(Deserialize)]
struct WitnessHeader {
    format: String,
    version: u64,
}

#[derive(Serialize)]
struct VersionedWitness<'a> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    witness: &'a Witness,
}

impl Witness {
    /// The version of the format that is written, and the only one that is read.
    pub const VERSION: u32 = 2;

    /// The witness that a run of a model leaves; none if it did not fail, or on real threads.
    pub fn of(report: &Report, run: &EngineRun) -> Option<Self> {
        let failure = run.verdict().failure()?;
        failure.schedule.as_ref()?;
        Some(Self {
            subject: report.subject.clone(),
            property: report.property.clone(),
            location: report.location.clone(),
            test: report.test.clone(),
            found_by: run.engine(),
            fingerprint: fingerprint::of(&failure.trace),
            failure: failure.clone(),
        })
    }

    /// Reads a witness.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is too large, of another version, or no witness. The message
    /// names the file and the way out.
    pub fn read_from(path: &Path) -> Result<Self, FileError> {
        let (text, shown) = (read_bounded(path)?, path.display());
        let malformed = |source: serde_json::Error| {
            spoilt(&format!("the witness {shown} is damaged or no witness: {source}"))
                .because(source)
        };
        let WitnessHeader { format, version } = serde_json::from_slice(&text).map_err(malformed)?;
        if format != FORMAT {
            let format: String = format.chars().take(40).collect();
            let why = format!("the file {shown} is of the format {format:?}, not a witness");
            return Err(spoilt(&why));
        }
        if version != u64::from(Self::VERSION) {
            return Err(FileError::new(format!(
                "the witness {shown} has version {version}, this build reads version {}; use the \
                 lockproof-check that wrote it, or delete it and let a failing test write a new one",
                Self::VERSION
            )));
        }
        let witness: Self = serde_json::from_slice(&text).map_err(malformed)?;
        witness.schedule_engine(path)?;
        Ok(witness)
    }

    /// Writes it as a file that appears whole or not at all, with the folders that it needs.
    ///
    /// # Errors
    ///
    /// If the file system refuses.
    pub fn write_to(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let document = VersionedWitness { format: FORMAT, version: Self::VERSION, witness: self };
        files::write_text(path, &json::text(&document)?)
    }

    /// The engine that understands the schedule.
    ///
    /// # Errors
    ///
    /// If the schedule is none of an engine and a version that this build knows.
    pub fn schedule_engine(&self, path: &Path) -> Result<RecordedEngine, FileError> {
        let text = self.failure.schedule.as_deref().unwrap_or_default();
        engine_of(text).map_err(|why| {
            let why = format!("not a schedule such as `explore/1 0 0.0 0`: {why}");
            spoilt(&format!("the schedule of the witness {} is damaged: {why}", path.display()))
        })
    }

    /// The difference of `now`, in which the witness was followed to its end; `None` if all
    /// happened as before at the same lines.
    pub fn change(&self, now: &RecordedTrace) -> Option<String> {
        fingerprint::change(&self.failure.trace, now)
    }

    /// Whether `now` is the defect of the witness.
    pub fn is_of(&self, now: &RecordedDefect) -> bool {
        let then = &self.failure.defect;
        let file = |defect: &RecordedDefect| defect.location.as_ref().map(|at| at.file.clone());
        then.signature == now.signature && file(then) == file(now)
    }
}

/// The bytes of the file, unless there are too many.
fn read_bounded(path: &Path) -> Result<Vec<u8>, FileError> {
    let shown = path.display();
    let unreadable = |source: io::Error| {
        let why =
            format!("cannot read the witness {shown}: {source}; let it be read, or delete it");
        FileError::new(why).because(source)
    };
    let file = File::open(path).map_err(unreadable)?;
    let mut text = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LARGEST {
        let why = format!("the witness {shown} has more than {LARGEST} bytes, as none has");
        return Err(spoilt(&why));
    }
    Ok(text)
}

/// A file that cannot be used as it is.
fn spoilt(why: &str) -> FileError {
    FileError::new(format!("{why}; restore it from version control, or delete it"))
}

/// The engine of a schedule, which begins with `engine/version`.
fn engine_of(schedule: &str) -> Result<RecordedEngine, String> {
    let header = schedule.split_whitespace().next().unwrap_or_default();
    let Some((name, version)) = header.split_once('/') else {
        return Err("it does not begin with an engine and a version".to_owned());
    };
    match name.parse().ok().filter(|engine: &RecordedEngine| engine.is_controlled()) {
        None => Err(format!("no engine `{name}` has schedules")),
        Some(_) if version != SCHEDULE_VERSION => {
            Err(format!("version {version} of {name}'s schedules is unknown"))
        }
        Some(engine) => Ok(engine),
    }
}
