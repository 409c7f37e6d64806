//! What went wrong beside the models.

use serde::Serialize;

/// More lines of an output are not kept: its end says what failed.
const MOST_LINES: usize = 400;
/// More bytes of an output are not kept, however few its lines.
const MOST_BYTES: usize = 64 * 1024;

/// Something that went wrong beside the models, so that a report without it would look too good: a
/// test executable that crashed, a test that failed and left no verdict, a record that cannot be
/// read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RunError {
    /// Where: the name of a test executable or a file.
    pub place: String,
    /// What, in one sentence.
    pub message: String,
    /// The end of what was printed there; empty if nothing was.
    pub output: String,
}

impl RunError {
    /// A trouble with what was printed, of which the end is kept.
    ///
    /// ```
    /// use lockproof_report::RunError;
    ///
    /// let trouble = RunError::new("queue, models", "it crashed", &"a line\n".repeat(1_000));
    /// assert!(trouble.output.starts_with("… 600 lines are left out here\na line\n"));
    /// ```
    pub fn new(place: impl Into<String>, message: impl Into<String>, output: &str) -> Self {
        Self { place: place.into(), message: message.into(), output: end_of(output) }
    }
}

fn end_of(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    let left_out = lines.len().saturating_sub(MOST_LINES);
    let end = lines[left_out..].join("\n");
    let start = end.ceil_char_boundary(end.len().saturating_sub(MOST_BYTES));
    if start > 0 {
        format!("… all but the last {MOST_BYTES} bytes are left out here\n{}", &end[start..])
    } else if left_out > 0 {
        format!("… {left_out} lines are left out here\n{end}")
    } else {
        end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_endless_line_is_cut_between_characters() {
        let trouble = RunError::new("place", "message", &"…".repeat(MOST_BYTES));
        assert!(trouble.output.len() < MOST_BYTES + 100, "{} bytes", trouble.output.len());
        assert!(trouble.output.ends_with("……"), "the end is kept");
    }

    #[test]
    fn a_short_output_is_kept_whole() {
        assert_eq!(RunError::new("place", "message", "a\n\nb\n").output, "a\n\nb");
    }
}
