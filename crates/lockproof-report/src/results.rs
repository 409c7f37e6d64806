//! The records of a run, put in order.

use lockproof_record::{Demonstration, Record, Report};

use crate::run_error::RunError;
use crate::tally::Tally;

/// Everything that the models of a run left behind. `Display` gives the whole report as text.
///
/// Models stand in the order of their source files, those of one subject together; tests run in
/// parallel, so the order of the records means nothing.
#[derive(Clone, Debug, Default)]
pub struct Results {
    models: Vec<Report>,
    demonstrations: Vec<Demonstration>,
    troubles: Vec<RunError>,
}

impl Results {
    /// The same results, and what went wrong beside the models.
    #[must_use]
    pub fn with_troubles(mut self, troubles: impl IntoIterator<Item = RunError>) -> Self {
        self.troubles.extend(troubles);
        self
    }

    /// The models, in the order of the report.
    pub fn models(&self) -> &[Report] {
        &self.models
    }

    /// The demonstrations, ordered by title.
    pub fn demonstrations(&self) -> &[Demonstration] {
        &self.demonstrations
    }

    /// What went wrong beside the models, in the order in which it was added.
    pub fn troubles(&self) -> &[RunError] {
        &self.troubles
    }

    /// Whether there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.models.is_empty() && self.demonstrations.is_empty() && self.troubles.is_empty()
    }

    /// How many models came to which end.
    pub fn tally(&self) -> Tally {
        Tally::of(&self.models)
    }

    /// The models that did not do what their tests expect.
    pub fn unexpected(&self) -> impl Iterator<Item = &Report> {
        self.models.iter().filter(|model| !model.is_as_expected())
    }
}

impl FromIterator<Record> for Results {
    fn from_iter<I: IntoIterator<Item = Record>>(records: I) -> Self {
        let mut results = Self::default();
        for record in records {
            match record {
                Record::Model(report) => results.models.push(*report),
                Record::Demonstration(shown) => results.demonstrations.push(shown),
            }
        }
        results.models = in_order(results.models);
        results.demonstrations.sort_by(|a, b| a.title.cmp(&b.title));
        results
    }
}

/// By place, and each subject's models behind its first one.
fn in_order(mut models: Vec<Report>) -> Vec<Report> {
    models.sort_by(|a, b| (&a.location, &a.property).cmp(&(&b.location, &b.property)));
    let subjects: Vec<_> = models.iter().map(|model| model.subject.clone()).collect();
    models.sort_by_key(|model| subjects.iter().position(|subject| *subject == model.subject));
    models
}
