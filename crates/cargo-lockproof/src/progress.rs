//! Shows what takes long, on standard error if that is a terminal, and nothing otherwise.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indicatif::{HumanCount, HumanDuration, MultiProgress, ProgressBar, ProgressStyle};
use lockproof_record::RecordedProgress;

/// A line of indicatif where the number of executions in all is known, and where it is not.
const BAR: &str = "{bar:10} {wide_msg}";
const WITHOUT_BAR: &str = "{spinner} {wide_msg}";

/// The models that are running and take long, one line each.
///
/// indicatif draws nothing where standard error is no terminal.
#[derive(Debug, Default)]
pub(crate) struct Display {
    lines: MultiProgress,
    /// By the file from which the model's progress is read.
    shown: BTreeMap<PathBuf, ProgressBar>,
}

impl Display {
    /// Shows what the models that leave their records in this folder are doing now.
    pub(crate) fn update(&mut self, records: &Path) {
        let now: BTreeMap<_, _> = RecordedProgress::read_all(records).into_iter().collect();
        self.shown.retain(|path, line| {
            let goes_on = now.contains_key(path);
            if !goes_on {
                line.finish_and_clear();
            }
            goes_on
        });
        for (path, progress) in now {
            let lines = &self.lines;
            let line =
                self.shown.entry(path).or_insert_with(|| lines.add(ProgressBar::no_length()));
            show(line, &progress);
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.shown.values().for_each(ProgressBar::finish_and_clear);
    }
}

fn show(line: &ProgressBar, progress: &RecordedProgress) {
    let executions = progress.executions;
    let total = progress.estimate.map(|estimate| whole(estimate).max(executions));
    let template = if total.is_some() { BAR } else { WITHOUT_BAR };
    if let Ok(style) = ProgressStyle::with_template(template) {
        line.set_style(style);
    }
    if let Some(total) = total {
        line.set_length(total);
    }
    line.set_position(executions);
    line.set_message(sentence(progress, total));
    line.tick();
}

/// What people read, what changes first: `1,200 of about 5,000 executions, 400/s, 10s left: Counter
/// counts on explore`.
fn sentence(progress: &RecordedProgress, total: Option<u64>) -> String {
    let RecordedProgress { subject, property, engine, executions, seconds, .. } = progress;
    let of = total.map_or_else(String::new, |total| format!(" of about {}", HumanCount(total)));
    let rate = float(*executions) / seconds.max(f64::MIN_POSITIVE);
    let left = total.and_then(|total| left(total - executions, rate)).unwrap_or_default();
    let (executions, rate) = (HumanCount(*executions), HumanCount(whole(rate)));
    format!("{executions}{of} executions, {rate}/s{left}: {subject} {property} on {engine}")
}

fn left(executions: u64, rate: f64) -> Option<String> {
    let left = std::time::Duration::try_from_secs_f64(float(executions) / rate).ok()?;
    Some(format!(", {:#} left", HumanDuration(left)))
}

#[expect(clippy::cast_precision_loss, reason = "a number for people")]
fn float(count: u64) -> f64 {
    count as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number for people; what is too large is shown as the largest"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use lockproof_record::RecordedEngine;

    use super::*;

    fn progress(executions: u64, estimate: Option<f64>) -> RecordedProgress {
        RecordedProgress {
            subject: "Counter".to_owned(),
            property: "counts".to_owned(),
            engine: RecordedEngine::Explore,
            executions,
            seconds: 3.0,
            estimate,
        }
    }

    #[test]
    fn an_estimate_gives_the_rest() {
        assert_eq!(
            sentence(&progress(1_200, Some(5_200.0)), Some(5_200)),
            "1,200 of about 5,200 executions, 400/s, 10s left: Counter counts on explore"
        );
    }

    #[test]
    fn without_an_estimate_nobody_knows_the_rest() {
        assert_eq!(
            sentence(&progress(1_200, None), None),
            "1,200 executions, 400/s: Counter counts on explore"
        );
    }
}
