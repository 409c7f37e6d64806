//! The outcomes of a scenario as a table, and how much of them is known.

use lockproof_record::{OutcomeRow, OutcomeTable};

use crate::plain_text::{Table, count, one_line};

/// The table, what was not covered, and what stands against the grades.
pub fn text(outcomes: &OutcomeTable) -> String {
    let mut table = Table::new(["outcome", "interleavings", "grade", ""]).right_aligned(1);
    for row in &outcomes.rows {
        let mark = if outcomes.is_wrong(row) { "wrong" } else { "" };
        let OutcomeRow { outcome, executions, grade } = row;
        let (outcome, grade) = (one_line(outcome), grade.to_string());
        table.push([outcome, count(*executions), grade, mark.to_owned()]);
    }
    let covered = match outcomes.missing.as_slice() {
        [] => "every interleaving was explored".to_owned(),
        missing => format!("not covered: {}", missing.join("; ")),
    };
    let title = one_line(&outcomes.title);
    let mut text = format!("{title}, on {}\n\n{table}\n{covered}\n", outcomes.engine);
    for objection in &outcomes.objections {
        text += &(one_line(objection) + "\n");
    }
    text
}
