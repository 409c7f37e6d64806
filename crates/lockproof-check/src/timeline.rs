//! A failing execution as text: one column for each thread, one row for each event.

use crate::record::RecordedDefect;

/// The defect in one line.
pub fn summary(defect: &RecordedDefect) -> String {
    defect.sentence.clone()
}
