//! The witness files of a model: which there are, and where a new one goes.

use std::path::PathBuf;

use lockproof_record::{EngineRun, Report, WITNESSES_VARIABLE, Witness, WitnessNames};

use crate::harness::{WitnessPlace, shown};

/// The witness files of a model.
pub(super) struct Witnesses {
    names: WitnessNames,
    place: WitnessPlace,
}

impl Witnesses {
    pub(super) fn of(report: &Report, place: WitnessPlace) -> Self {
        Self { names: WitnessNames::of(&report.subject, &report.property), place }
    }

    /// Those that are there, the oldest first.
    pub(super) fn existing(&self) -> Vec<PathBuf> {
        let folder = self.place.folder.as_ref();
        folder.map_or_else(Vec::new, |folder| self.names.existing(folder))
    }

    /// Writes the failure of a run, and returns the path; or says why it cannot.
    pub(super) fn write(&self, report: &Report, run: &EngineRun) -> Result<String, String> {
        let Some(witness) = Witness::of(report, run) else {
            return Err("real threads leave no schedule; test with the feature \
                        `lockproof/explore` to find one"
                .to_owned());
        };
        if let Some(why) = &self.place.closed {
            return Err(why.clone());
        }
        let Some(folder) = &self.place.folder else {
            return Err(format!(
                "CARGO_MANIFEST_DIR is not set, so the crate's folder is unknown; let \
                 {WITNESSES_VARIABLE} name one"
            ));
        };
        let Some(path) = self.names.free(folder) else {
            return Err(format!(
                "{} has as many of this model as there may be; delete those that are not needed",
                shown(folder)
            ));
        };
        witness.write_to(&path).map_err(|error| {
            format!(
                "cannot write {}: {error}; let it be written, or let {WITNESSES_VARIABLE} name \
                 another folder, or `off`",
                shown(&path)
            )
        })?;
        Ok(shown(&path))
    }
}
