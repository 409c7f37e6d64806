//! The table of verdicts: a row for each model and engine, with footnotes.

use lockproof_record::{EngineRun, Report, Verdict, one_line};

use crate::plain_text::{Table, count, shorten, time};

/// Longer names of subjects are cut.
const WIDEST_SUBJECT: usize = 40;
/// Longer properties are cut; the accounts below the table have them whole.
const WIDEST_PROPERTY: usize = 56;
/// Longer reasons for leaving an engine out are cut.
const WIDEST_REASON: usize = 48;

/// The table with its footnotes.
pub(crate) fn of(models: &[Report]) -> String {
    let columns =
        ["subject or twin", "property", "engine", "strategy", "verdict", "executions", "time"];
    let mut table = Table::new(columns).right_aligned(5).right_aligned(6);
    let mut footnotes = Vec::new();
    let mut previous = None;
    for model in models {
        let subject = if previous == Some(&model.subject) { String::new() } else { title(model) };
        previous = Some(&model.subject);
        let property = shorten(&one_line(&model.property), WIDEST_PROPERTY);
        let mut names = [subject, property];
        for run in &model.runs {
            let verdict = verdict(model, run, &mut footnotes);
            table.push(std::mem::take(&mut names).into_iter().chain(facts(run, verdict)));
        }
    }
    let notes =
        footnotes.iter().enumerate().map(|(index, note)| format!("[{}] {note}\n", index + 1));
    let notes = notes.collect::<Vec<_>>().concat();
    if notes.is_empty() { table.to_string() } else { format!("{table}\n{notes}") }
}

fn title(model: &Report) -> String {
    let subject = shorten(&one_line(&model.subject), WIDEST_SUBJECT);
    if model.is_of_a_twin() { subject + " (twin)" } else { subject }
}

fn facts(run: &EngineRun, verdict: String) -> [String; 5] {
    let absent = || "-".to_owned();
    let (strategy, executions, elapsed) = run.search().map_or_else(
        || (absent(), absent(), absent()),
        |search| (search.strategy_text(), count(search.executions), time(search.elapsed)),
    );
    [run.engine().to_string(), strategy, verdict, executions, elapsed]
}

/// The word, the kind of a defect, and the number of the footnote that says what is missing.
fn verdict(model: &Report, run: &EngineRun, footnotes: &mut Vec<String>) -> String {
    let word = run.verdict().word();
    let luck = if model.is_of_a_twin() && !run.engine().is_controlled() { ", luck" } else { "" };
    match run.verdict() {
        Verdict::Proved(_) => {
            let assumptions = run.search().map_or(&[][..], |search| &search.assumptions);
            if assumptions.is_empty() {
                return word.to_owned();
            }
            format!(
                "{word} [{}]",
                footnote(footnotes, &format!("if {}", assumptions.join(" and ")))
            )
        }
        Verdict::Passed { missing } => {
            let number = footnote(footnotes, &format!("not covered: {}", missing.join("; ")));
            format!("{word} [{number}]{luck}")
        }
        Verdict::Refuted { failure } => format!("{word}: {}{luck}", failure.defect.kind),
        Verdict::Inconclusive { reason } => {
            format!("{word} [{}]{luck}", footnote(footnotes, reason))
        }
        Verdict::Skipped { reason } => {
            format!("{word}: {}", shorten(&one_line(reason), WIDEST_REASON))
        }
    }
}

/// The number of the footnote with this text, from 1.
fn footnote(footnotes: &mut Vec<String>, text: &str) -> usize {
    let text = one_line(text);
    let known = footnotes.iter().position(|footnote| *footnote == text);
    let index = known.unwrap_or_else(|| {
        footnotes.push(text);
        footnotes.len() - 1
    });
    index + 1
}
