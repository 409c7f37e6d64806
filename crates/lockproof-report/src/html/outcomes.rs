//! The outcomes of a scenario: how many interleavings give each, and what is thought of it.

use lockproof_record::OutcomeTable;
use maud::{Markup, html};

use super::safe::phrase;
use crate::plain_text::count;

pub(super) fn account(anchor: &str, table: &OutcomeTable) -> Markup {
    let heading = format!("{anchor}-outcomes");
    html! {
        section.outcomes aria-labelledby=(heading) {
            h4 id=(heading) { "Outcomes" }
            table.facts-table {
                caption.unseen { "What the calls may return" }
                thead { tr {
                    th scope="col" { "Outcome" }
                    th.number scope="col" { "Interleavings" }
                    th scope="col" { "Grade" }
                } }
                tbody { @for row in &table.rows {
                    tr {
                        td data-label="Outcome" { (phrase(&row.outcome)) }
                        td.number data-label="Interleavings" { (count(row.executions)) }
                        td data-label="Grade" {
                            (row.grade)
                            @if table.is_wrong(row) { " " strong { "wrong" } }
                        }
                    }
                } }
            }
            p {
                "Counted by " (table.engine) ". "
                @if table.missing.is_empty() {
                    "Every interleaving was explored."
                } @else {
                    "Not covered: " (phrase(&table.missing.join("; "))) "."
                }
            }
        }
    }
}
