//! A narrow timeline: one event after the other, each with its thread in front.

use super::folding::Row;
use super::{EventRow, Timeline};
use crate::appearance::{Role, wrapped};
use crate::plain_text::width;

/// All lines; an event that does not fit into one is continued in the next, indented.
pub(super) fn of(timeline: &Timeline<'_>) -> Vec<String> {
    let rows = timeline.rows.iter();
    rows.flat_map(|row| match row {
        Row::Event(index) => event(timeline, &timeline.entries[*index]),
        Row::Note(note) => paragraph(timeline, Role::Faint, note),
    })
    .collect()
}

fn event(timeline: &Timeline<'_>, entry: &EventRow) -> Vec<String> {
    let number = format!("{:>1$}", entry.number, timeline.number_width());
    let mark = if entry.is_marked { '●' } else { ' ' };
    let switch = if entry.is_switch { '▸' } else { ' ' };
    let thread = timeline.labels.thread(entry.thread);
    let text = format!("{number} {mark}{switch} {thread}: {}", entry.text);
    let place = format!("at {}", entry.short_place);
    let colour = timeline.appearance.colour;
    if width(&text) + 2 + width(&place) <= timeline.appearance.columns() {
        let line = entry.role.paint(&text, colour);
        return vec![format!("{line}  {}", Role::Faint.paint(&place, colour))];
    }
    let mut lines = paragraph(timeline, entry.role, &text);
    let indent = " ".repeat(timeline.number_width() + 4);
    lines.extend(paragraph(timeline, Role::Faint, &(indent + &place)));
    lines
}

fn paragraph(timeline: &Timeline<'_>, role: Role, text: &str) -> Vec<String> {
    let indent = timeline.number_width() + 4;
    let lines = wrapped(text, timeline.appearance.columns(), indent);
    lines.iter().map(|line| role.paint(line, timeline.appearance.colour)).collect()
}
