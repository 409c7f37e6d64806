//! A failing execution as text: one column for each thread, one row for each event.
//!
//! Pure: a failure in, plain text out. The width follows from the failure, never from a terminal.

use crate::plain_text::{Table, count, one_line, shorten};
use crate::record::{RecordedBlock, RecordedDefect, RecordedEvent, RecordedFailure, RecordedTrace};

/// The characters that all columns of threads share.
const WIDTH_OF_ALL_COLUMNS: usize = 104;
/// Narrower, and a cell could not hold the name of an object and a value.
const NARROWEST_COLUMN: usize = 24;
/// Wider, and the eye loses the row.
const WIDEST_COLUMN: usize = 48;
/// The rows at the beginning of a trace that is too long to show: how it was set up.
const ROWS_OF_THE_BEGINNING: usize = 40;
/// The rows at the end of a trace that is too long to show: how it failed.
const ROWS_OF_THE_END: usize = 80;

/// What happened in one sentence, who is stuck where, and below it the events.
///
/// ```
/// use lockproof_check::record::RecordedFailure;
/// use lockproof_check::timeline;
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
/// assert_eq!(timeline::render(&failure), "\
/// panic in main: lost
///
/// main          worker          at
/// ----          ------          --
/// spawn worker                  a.rs:1
///               total load = 0  a.rs:2
/// ");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn render(failure: &RecordedFailure) -> String {
    let headline = headline(&failure.defect);
    if failure.trace.events.is_empty() {
        format!("{headline}\nno timeline: nobody watched this execution\n")
    } else {
        format!("{headline}\n{}", rows(&failure.trace))
    }
}

/// The defect in one line, and a line for each thread that can go no further.
fn headline(defect: &RecordedDefect) -> String {
    let standstills = defect.blocked.iter().map(|blocked| format!("  {}", standstill(blocked)));
    let lines = std::iter::once(defect.summary()).chain(standstills);
    lines.map(|line| line + "\n").collect()
}

fn standstill(blocked: &RecordedBlock) -> String {
    let RecordedBlock { thread, waits_for, location, held_by, holds, .. } = blocked;
    let holders = match held_by.as_slice() {
        [] => String::new(),
        holders => format!(", held by {}", holders.join(" and ")),
    };
    let holds: Vec<_> =
        holds.iter().map(|hold| format!("; it holds {} since {}", hold.lock, hold.since)).collect();
    one_line(&format!("{thread} waits for {waits_for} at {location}{holders}{}", holds.concat()))
}

fn rows(trace: &RecordedTrace) -> String {
    let columns = trace.threads.len();
    let width = (WIDTH_OF_ALL_COLUMNS / columns.max(1)).clamp(NARROWEST_COLUMN, WIDEST_COLUMN);
    let names = trace.threads.iter().map(|name| shorten(&one_line(name), width));
    let mut table = Table::new(names.chain(["at".to_owned()]));
    let end = trace.events.len().saturating_sub(ROWS_OF_THE_END);
    let left_out = end.saturating_sub(ROWS_OF_THE_BEGINNING);
    for (index, event) in trace.events.iter().enumerate() {
        if left_out == 0 || index < ROWS_OF_THE_BEGINNING || index >= end {
            table.push(cells(event, columns, width));
        } else if index == ROWS_OF_THE_BEGINNING {
            let note = format!("… {} events are left out here", count(left_out as u64));
            table.push(std::iter::repeat_n(String::new(), columns).chain([note]));
        }
    }
    table.to_string()
}

fn cells(event: &RecordedEvent, columns: usize, width: usize) -> Vec<String> {
    let mut cells = vec![String::new(); columns + 1];
    if let Some(cell) = cells.get_mut(event.thread) {
        *cell = shorten(&one_line(&cell_text(event)), width);
    }
    cells[columns] = one_line(&event.location.to_string());
    cells
}

/// `object operation`, or what the thread waits for.
fn cell_text(event: &RecordedEvent) -> String {
    let operation = &event.operation;
    match &event.object {
        Some(object) if event.blocked => format!("… waits for {operation} {object}"),
        None if event.blocked => format!("… waits for {operation}"),
        Some(object) => format!("{object} {operation}"),
        None => operation.clone(),
    }
}

#[cfg(test)]
mod tests;
