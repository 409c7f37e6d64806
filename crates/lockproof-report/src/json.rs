//! The whole report as one JSON document, for programs.
//!
//! `docs/report.schema.json` describes it. The version goes up when something that a reader may
//! rely on changes its meaning or goes; new fields come without a new version.

use lockproof_record::{Demonstration, EngineRun, RecordedEngine, Report};
use serde::Serialize;

use crate::{Results, RunError, Tally};

/// The version of the document.
pub const VERSION: u32 = 2;

#[derive(Serialize)]
struct JsonReport<'a> {
    format: &'static str,
    version: u32,
    tally: Tally,
    models: Vec<JudgedModel<'a>>,
    demonstrations: &'a [Demonstration],
    troubles: &'a [RunError],
}

/// A model as it was recorded, and what the record means.
#[derive(Serialize)]
struct JudgedModel<'a> {
    #[serde(flatten)]
    report: &'a Report,
    twin: bool,
    as_expected: bool,
    objections: Vec<String>,
    /// The engine whose failure is best shown to a person.
    witness: Option<RecordedEngine>,
}

/// The document.
///
/// ```
/// use lockproof_report::{Results, json};
///
/// let text = json::of(&Results::default());
/// assert!(text.starts_with("{\n  \"format\": \"lockproof-report\",\n  \"version\": 2,\n"));
/// ```
#[expect(clippy::missing_panics_doc, reason = "what records are made of can be written")]
pub fn of(results: &Results) -> String {
    let document = JsonReport {
        format: "lockproof-report",
        version: VERSION,
        tally: results.tally(),
        models: results.models().iter().map(JudgedModel::from).collect(),
        demonstrations: results.demonstrations(),
        troubles: results.troubles(),
    };
    let mut text = serde_json::to_string_pretty(&document)
        .expect("records are made of texts, numbers and lists of them");
    text.push('\n');
    text
}

impl<'a> From<&'a Report> for JudgedModel<'a> {
    fn from(report: &'a Report) -> Self {
        let objections = report.objections();
        let shown = report.surprise().or_else(|| report.witness());
        Self {
            report,
            twin: report.is_of_a_twin(),
            as_expected: objections.is_empty(),
            objections,
            witness: shown.map(EngineRun::engine),
        }
    }
}
