//! What a failing test says.

use crate::Report;

/// Why the model is not as expected.
pub fn of(report: &Report) -> String {
    format!("{report}: {}", report.objections().join("; "))
}
