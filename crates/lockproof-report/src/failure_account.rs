//! The account of one failing execution: what went wrong in one sentence, where each thread stands,
//! and the timeline.

use lockproof_record::RecordedFailure;

use crate::appearance::{Appearance, Role, lines};
use crate::diagnosis::{self, Diagnosis};
use crate::labels::Labels;
use crate::{thread_dump, timeline};

/// What went wrong in one sentence, who stands where, and the timeline.
///
/// ```
/// use lockproof_record::RecordedFailure;
/// use lockproof_report::{Appearance, explanation};
///
/// let failure: RecordedFailure = serde_json::from_value(serde_json::json!({
///     "defect": {"kind": "hang", "sentence": "hang: no end after 10000 ms"},
///     "execution": 1,
///     "trace": {"threads": [], "events": []},
/// }))?;
/// let text = explanation::of_failure(&failure, Appearance::default());
/// assert!(text.starts_with("hang: no end after 10000 ms\n"), "the sentence comes first: {text}");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn of_failure(failure: &RecordedFailure, appearance: Appearance) -> String {
    let labels = Labels::of(failure);
    let diagnosis = diagnosis::with(failure, &labels);
    let parts = [
        what_happened(failure, &diagnosis, appearance),
        lines(&thread_dump::lines(failure, &labels), 4, appearance),
        timeline::with(failure, &labels, &diagnosis, appearance),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The sentence of the diagnosis, and the defect's own words where they are others.
fn what_happened(
    failure: &RecordedFailure,
    diagnosis: &Diagnosis,
    appearance: Appearance,
) -> String {
    let mut said = vec![(Role::Alarm, diagnosis.sentence.clone())];
    let summary = failure.defect.summary();
    if failure.defect.blocked.is_empty() && summary != diagnosis.sentence {
        said.push((Role::Plain, summary));
    }
    lines(&said, 2, appearance)
}
