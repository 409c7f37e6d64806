//! A demonstration: something shown on real threads, at full size, beside the proofs.

use lockproof_record::{Demonstration, Record};

use crate::harness::{self, Request};

/// Runs `body` once, outside any engine, and keeps its lines for the report of
/// `cargo lockproof prove`.
///
/// A demonstration proves nothing; it shows a defect or its absence at a size that people know
/// from their own programs. It returns the lines, so that a test can look at them.
///
/// ```
/// use lockproof_check::demonstrate;
///
/// let lines = demonstrate("two plus two", || vec![format!("makes {}", 2 + 2)]);
/// assert_eq!(lines, ["makes 4"]);
/// ```
///
/// # Panics
///
/// If `body` panics, or if the record cannot be written. Where models are only to be listed, or a
/// witness is replayed, `body` does not run, and there are no lines.
pub fn demonstrate(title: impl Into<String>, body: impl FnOnce() -> Vec<String>) -> Vec<String> {
    if harness::request() != Request::Run {
        return Vec::new();
    }
    let demonstration = Demonstration { title: title.into(), lines: body() };
    let lines = demonstration.lines.clone();
    if let Err(error) = harness::keep(&Record::Demonstration(demonstration)) {
        panic!("{error}");
    }
    lines
}
