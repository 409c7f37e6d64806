//! A failing execution as text: one column for each thread, one row for each event; on a narrow
//! screen one event after the other.
//!
//! Pure: a failure and how it is to look in, text out. No line is wider than asked for, and nothing
//! that comes from the model reaches the terminal unescaped.

mod columns;
mod folding;
mod lines;
mod waits;
mod wording;

use std::ops::Range;

use lockproof_record::{ActionKind, RecordedEvent, RecordedFailure, RecordedTrace, one_line};

use self::columns::Columns;
use self::folding::Row;
use crate::appearance::{Appearance, Role};
use crate::diagnosis::{self, Diagnosis};
use crate::labels::Labels;

pub use wording::words;

/// The events of a failure, those that the diagnosis speaks of marked with `●`.
///
/// A thread that was switched to begins with `▸`, one that waits has a line `│` in its column.
///
/// ```
/// use lockproof_record::RecordedFailure;
/// use lockproof_report::{Appearance, timeline};
///
/// let failure: RecordedFailure = serde_json::from_value(serde_json::json!({
///     "defect": {"kind": "panic", "sentence": "panic in main: lost", "message": "lost"},
///     "execution": 3,
///     "trace": {
///         "threads": ["main", "worker"],
///         "events": [
///             {"thread": 0, "operation": "spawn worker", "location": "a.rs:1:1"},
///             {"thread": 1, "operation": "load = 0", "object": "total", "location": "a.rs:2:1"},
///         ],
///     },
/// }))?;
/// assert_eq!(timeline::render(&failure, Appearance::default()), "
///       main            worker          at
///       ────            ──────          ──
/// 1     spawn worker                    a.rs:1
/// 2                   ▸ total load ➜ 0  a.rs:2
/// ".trim_start_matches('\n'));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn render(failure: &RecordedFailure, appearance: Appearance) -> String {
    let labels = Labels::of(failure);
    let diagnosis = diagnosis::with(failure, &labels);
    with(failure, &labels, &diagnosis, appearance)
}

/// The same, with names and a diagnosis that have been made already. Ends in a line break.
pub(crate) fn with(
    failure: &RecordedFailure,
    labels: &Labels,
    diagnosis: &Diagnosis,
    appearance: Appearance,
) -> String {
    if failure.trace.events.is_empty() {
        return "no timeline: nobody watched this execution\n".to_owned();
    }
    let timeline = Timeline::of(&failure.trace, labels, diagnosis, appearance);
    let lines = match Columns::of(&timeline) {
        Some(columns) => columns.lines(&timeline),
        None => lines::of(&timeline),
    };
    lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// What there is to show.
struct Timeline<'a> {
    labels: &'a Labels,
    appearance: Appearance,
    entries: Vec<EventRow>,
    rows: Vec<Row>,
    /// For each thread, when it waits.
    waits: Vec<Vec<Range<usize>>>,
}

/// An event, ready to be shown.
struct EventRow {
    thread: usize,
    /// Which event of the execution it is, from 1.
    number: u64,
    text: String,
    role: Role,
    whole_place: String,
    short_place: String,
    /// Whether another thread did the event before.
    is_switch: bool,
    /// Whether the diagnosis speaks of it.
    is_marked: bool,
    /// Whether it is a panic, whose message is longer than what others do.
    is_failure: bool,
}

impl<'a> Timeline<'a> {
    fn of(
        trace: &RecordedTrace,
        labels: &'a Labels,
        diagnosis: &Diagnosis,
        appearance: Appearance,
    ) -> Self {
        let entries: Vec<_> =
            (0..trace.events.len()).map(|index| entry(trace, index, labels, diagnosis)).collect();
        let gap = trace.gap.as_ref().map(|gap| gap.before);
        let keys: Vec<_> = entries
            .iter()
            .map(|entry| (entry.thread, &entry.text, &entry.whole_place, entry.is_marked))
            .collect();
        let mut rows = folding::folded(&keys, gap);
        if let Some(gap) = &trace.gap {
            let place = rows.iter().position(|row| *row == Row::Event(gap.before));
            let note = folding::left_out(gap.events);
            rows.insert(place.unwrap_or(rows.len()), note);
        }
        let rows = folding::cut(rows);
        Self { labels, appearance, entries, rows, waits: waits::of(trace) }
    }

    fn is_waiting(&self, thread: usize, index: usize) -> bool {
        self.waits[thread].iter().any(|wait| wait.contains(&index))
    }

    /// The width of the numbers of the rows.
    fn number_width(&self) -> usize {
        self.entries.last().map_or(1, |entry| entry.number.to_string().len())
    }
}

fn entry(trace: &RecordedTrace, index: usize, labels: &Labels, diagnosis: &Diagnosis) -> EventRow {
    let event = &trace.events[index];
    let before = index.checked_sub(1).map(|before| trace.events[before].thread);
    let skipped = trace.gap.as_ref().filter(|gap| index >= gap.before).map_or(0, |gap| gap.events);
    EventRow {
        thread: event.thread,
        number: index as u64 + 1 + skipped,
        text: words(event, labels),
        role: role_of(event),
        whole_place: one_line(&event.location.to_string()),
        short_place: labels.place(&event.location),
        is_switch: before.is_some_and(|thread| thread != event.thread),
        is_marked: diagnosis.events.contains(&index),
        is_failure: event.action.kind == ActionKind::Panic,
    }
}

fn role_of(event: &RecordedEvent) -> Role {
    match event.action.kind {
        ActionKind::Panic => Role::Alarm,
        _ if event.blocked => Role::Wait,
        _ => Role::Thread(event.thread),
    }
}

#[cfg(test)]
mod tests;
