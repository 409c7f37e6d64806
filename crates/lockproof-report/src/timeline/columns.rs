//! A wide timeline: one column for each thread, one row for each event.

use super::folding::Row;
use super::{EventRow, Timeline};
use crate::appearance::{Role, wrapped};
use crate::labels::Labels;
use crate::plain_text::{shorten, width};

/// What stands between two columns.
const GUTTER: usize = 2;
/// Narrower, and a cell could not hold the name of an object and a value.
const NARROWEST_COLUMN: usize = 24;
/// A column that may be so wide must not break words.
const WIDE_ENOUGH: usize = 40;
/// What a cell begins with: whether the thread was switched to.
const MARK: usize = 2;
/// On a screen narrower than this, columns are shown only where they break few texts.
const WIDE_SCREEN: usize = 100;
/// At most one broken cell in this many.
const MOST_BROKEN: usize = 4;
/// How far the second line of a cell is indented.
const INDENT: usize = 2;
/// A longer message is spread over several lines.
const ENOUGH_FOR_A_FAILURE: usize = 44;
/// The lines that one event may take: a message of kilobytes stands above the timeline, too.
const MOST_LINES: usize = 4;

/// How wide the parts of a row are.
pub(super) struct Columns {
    threads: Vec<usize>,
    has_whole_places: bool,
}

impl Columns {
    /// The widths for this timeline; `None` if the screen is too narrow for it.
    pub(super) fn of(timeline: &Timeline<'_>) -> Option<Self> {
        let threads: Vec<_> = timeline.threads().map(|thread| natural(timeline, thread)).collect();
        let fixed = timeline.number_width() + 1 + 2;
        let room = timeline.appearance.columns().checked_sub(fixed)?;
        let places = |whole| timeline.entries.iter().map(move |entry| width(entry.place(whole)));
        let needed: usize = threads.iter().map(|width| width + GUTTER).sum();
        let (whole, short) = (places(true).max()?, places(false).max()?);
        if needed + whole <= room {
            return Some(Self { threads, has_whole_places: true });
        }
        let room = room.checked_sub(short + GUTTER * threads.len())?;
        let threads = squeezed(threads, narrowest(timeline), room)?;
        let broken = timeline
            .entries
            .iter()
            .filter(|entry| !entry.is_failure && MARK + width(&entry.text) > threads[entry.thread]);
        let is_ragged = broken.count() * MOST_BROKEN > timeline.entries.len();
        if is_ragged && timeline.appearance.columns() < WIDE_SCREEN {
            return None;
        }
        Some(Self { threads, has_whole_places: false })
    }

    /// All lines, with the names of the threads above them.
    pub(super) fn lines(&self, timeline: &Timeline<'_>) -> Vec<String> {
        let mut lines = self.header(timeline);
        for row in &timeline.rows {
            match row {
                Row::Event(index) => lines.extend(self.event(timeline, *index)),
                Row::Note(note) => lines.push(self::note(timeline, note)),
            }
        }
        lines
    }

    fn header(&self, timeline: &Timeline<'_>) -> Vec<String> {
        let indent = " ".repeat(timeline.number_width() + 1 + 2);
        let line = |text: &dyn Fn(&str) -> String, last: String| {
            let mut line = indent.clone();
            for (thread, width) in timeline.threads().zip(&self.threads) {
                let name = shorten(timeline.labels.thread(thread), width - MARK);
                push(timeline, &mut line, Role::Thread(thread), &text(&name), *width);
            }
            line + &Role::Faint.paint(&last, timeline.appearance.colour)
        };
        vec![
            line(&|name| format!("  {name}"), "at".to_owned()),
            line(&|name| format!("  {}", "─".repeat(width(name))), "──".to_owned()),
        ]
    }

    /// A row, with continuation lines for a text that its column is too narrow for.
    fn event(&self, timeline: &Timeline<'_>, index: usize) -> Vec<String> {
        let entry = &timeline.entries[index];
        let room = self.room(entry);
        let text = wrapped(&entry.text, room - MARK, INDENT);
        let text_goes_on = |number: usize| number + 1 < text.len();
        let lines = text.iter().take(MOST_LINES).enumerate().map(|(number, text)| {
            if number + 1 == MOST_LINES && text_goes_on(number) {
                let cut = shorten(&format!("{text} …"), room - MARK);
                self.line(timeline, index, number, &cut)
            } else {
                self.line(timeline, index, number, text)
            }
        });
        lines.collect()
    }

    fn line(&self, timeline: &Timeline<'_>, index: usize, number: usize, text: &str) -> String {
        let entry = &timeline.entries[index];
        let colour = timeline.appearance.colour;
        let is_first = number == 0;
        let label = if is_first { entry.number.to_string() } else { String::new() };
        let mut line = Role::Faint.paint(&format!("{label:>0$} ", timeline.number_width()), colour);
        line += &Role::Alarm.paint(if is_first && entry.is_marked { "● " } else { "  " }, colour);
        for (thread, columns) in timeline.threads().zip(&self.threads) {
            if thread == entry.thread {
                let mark = if is_first && entry.is_switch { '▸' } else { ' ' };
                push(timeline, &mut line, entry.role, &format!("{mark} {text}"), self.room(entry));
                if entry.is_failure {
                    break;
                }
            } else if timeline.is_waiting(thread, index) {
                push(timeline, &mut line, Role::Wait, "│", *columns);
            } else {
                push(timeline, &mut line, Role::Plain, "", *columns);
            }
        }
        let place = if is_first { entry.place(self.has_whole_places) } else { "" };
        line + &Role::Faint.paint(place, colour)
    }

    /// What the text of an event may take: its thread's column, and what failed also those to the
    /// right of it.
    fn room(&self, entry: &EventRow) -> usize {
        let columns = &self.threads[entry.thread..];
        if entry.is_failure {
            columns.iter().sum::<usize>() + GUTTER * (columns.len() - 1)
        } else {
            columns[0]
        }
    }
}

fn note(timeline: &Timeline<'_>, note: &str) -> String {
    let indent = timeline.number_width() + 1 + 2 + MARK;
    let note = shorten(note, timeline.appearance.columns().saturating_sub(indent));
    " ".repeat(indent) + &Role::Faint.paint(&note, timeline.appearance.colour)
}

/// Appends a cell and the space to the next one.
fn push(timeline: &Timeline<'_>, line: &mut String, role: Role, text: &str, columns: usize) {
    let text = shorten(text, columns);
    *line += &role.paint(&text, timeline.appearance.colour);
    *line += &" ".repeat(columns + GUTTER - width(&text));
}

/// What a thread's column needs to show everything.
fn natural(timeline: &Timeline<'_>, thread: usize) -> usize {
    let own = timeline.entries.iter().filter(|entry| entry.thread == thread);
    let texts = own.map(|entry| match width(&entry.text) {
        // It may be continued below, and over the columns to the right.
        text if entry.is_failure => text.min(ENOUGH_FOR_A_FAILURE),
        text => text,
    });
    MARK + texts.chain([width(timeline.labels.thread(thread))]).max().unwrap_or(0)
}

/// How narrow a column may get: no name in it is broken, unless it is a monster.
fn narrowest(timeline: &Timeline<'_>) -> usize {
    let shown = timeline.entries.iter().filter(|entry| !entry.is_failure);
    let words = shown.flat_map(|entry| entry.text.split(' ').map(width));
    (MARK + INDENT + words.max().unwrap_or(0)).clamp(NARROWEST_COLUMN, WIDE_ENOUGH)
}

/// The widest columns made narrower until all fit into `room`; `None` if they would get too narrow.
fn squeezed(mut columns: Vec<usize>, narrowest: usize, room: usize) -> Option<Vec<usize>> {
    loop {
        let total: usize = columns.iter().sum();
        let excess = total.saturating_sub(room);
        if excess == 0 {
            return Some(columns);
        }
        let widest = *columns.iter().max()?;
        if widest <= narrowest {
            return None;
        }
        let below = columns.iter().copied().filter(|width| *width < widest).max();
        let many = columns.iter().filter(|width| **width == widest).count();
        let fair = widest.saturating_sub(excess.div_ceil(many));
        let next = fair.max(below.unwrap_or(0)).max(narrowest);
        for column in columns.iter_mut().filter(|width| **width == widest) {
            *column = next;
        }
    }
}

/// The event's location, full or shortened to an unambiguous suffix.
impl EventRow {
    fn place(&self, whole: bool) -> &str {
        if whole { &self.whole_place } else { &self.short_place }
    }
}

impl Timeline<'_> {
    fn threads(&self) -> std::ops::Range<usize> {
        0..Labels::threads(self.labels)
    }
}

#[cfg(test)]
mod tests {
    use super::squeezed;

    #[test]
    fn the_widest_column_gives_first() {
        assert_eq!(squeezed(vec![60, 20, 40], 24, 120), Some(vec![60, 20, 40]));
        assert_eq!(squeezed(vec![60, 20, 40], 24, 110), Some(vec![50, 20, 40]));
        assert_eq!(squeezed(vec![60, 20, 40], 24, 80), Some(vec![30, 20, 30]));
    }

    #[test]
    fn columns_that_would_be_too_narrow_do_not_fit() {
        assert_eq!(squeezed(vec![60, 20, 40], 24, 67), None);
        assert_eq!(squeezed(vec![30; 5], 24, 100), None);
    }
}
