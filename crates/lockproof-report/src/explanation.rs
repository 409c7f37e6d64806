//! What a failing test says: what was expected, what was found, the timeline, and how to see it
//! again.

use lockproof_record::{
    EngineRun, Expectation, RecordedEngine, RecordedFailure, RecordedMinimality, RecordedScenario,
    RecordedStrategy, Report, Search, Verdict, Witness, one_line,
};

use crate::appearance::{Appearance, Role, lines};
use crate::plain_text::{Table, count, shorten, time};
use crate::{lock_order, outcomes};

pub use crate::failure_account::of_failure;

/// The most characters of a schedule that are shown; the file has the rest.
const LONGEST_SCHEDULE: usize = 400;

/// The whole account of a model: expectation, findings, what ran, and the failure if there is one.
///
/// ```
/// use lockproof_record::Report;
/// use lockproof_report::{Appearance, explanation};
///
/// let report: Report = serde_json::from_value(serde_json::json!({
///     "subject": "two plus two", "property": "is four", "location": "a.rs:1:1",
///     "runs": [{"engine": "std", "ending": "skipped", "reason": "slow", "search": null}],
/// }))?;
/// let text = explanation::shown(&report, Appearance::default());
/// assert!(text.starts_with("two plus two is four (a.rs:1)"), "the model comes first: {text}");
/// assert!(text.contains("skipped: slow"), "the verdict is there: {text}");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn shown(report: &Report, appearance: Appearance) -> String {
    let mut lines = vec![format!("{} ({})", one_line(&report.to_string()), report.location)];
    if let Some(expectation) = &report.expectation {
        lines.push(format!("expected: {}", one_line(&expectation.to_string())));
    }
    let objections = report.objections();
    lines.extend(objections.iter().map(|objection| format!("but {}", one_line(objection))));
    lines.push(format!("\n{}", what_ran(&report.runs)));
    lines.extend(report.outcomes.as_ref().map(outcomes::text));
    if let Some(run) = report.surprise().or_else(|| report.witness()) {
        lines.push(failure_shown(run, appearance));
    }
    let files = report.witness_files.iter().map(ToString::to_string);
    lines
        .extend(files.filter(|file| !objections.contains(file)).map(|file| one_line(&file) + "\n"));
    if let Some(order) = &report.lock_order {
        let confirmations = order
            .confirmations()
            .map(|failure| format!("a directed schedule:\n{}", of_failure(failure, appearance)));
        lines.extend(confirmations);
        lines.extend(Some(lock_order::summary(order)).filter(|text| !text.is_empty()));
    }
    if let Some(expectation) = report.expectation.as_ref().filter(|_| !objections.is_empty()) {
        lines.push(format!("what to do: {}\n", way_out(expectation, &report.runs)));
    }
    lines.join("\n")
}

/// The account of a witness, from its file alone.
pub fn of_witness(witness: &Witness, appearance: Appearance) -> String {
    let Witness { subject, property, location, found_by, failure, .. } = witness;
    let schedule = failure.schedule.as_deref().unwrap_or_default();
    let execution = count(failure.execution);
    let mut heading = vec![
        format!("{} ({location})", one_line(&format!("{subject} {property}"))),
        format!("found by {}, execution {execution}", found_by),
    ];
    heading.extend(failure.scenario.as_ref().map(|one| format!("in the scenario {}", one.calls)));
    heading.extend(length(failure));
    let schedule = format!("the schedule: {}", shorten(schedule, LONGEST_SCHEDULE));
    let (table, test) = scenario(*found_by, failure);
    let parts = [
        plain(heading, appearance) + &table,
        of_failure(failure, appearance),
        plain([schedule], appearance) + &test,
    ];
    parts.join("\n")
}

/// The failure of a run: which execution, what went wrong, who stands where, its timeline, and what
/// to do next. Empty for a run that did not fail.
pub fn failure_shown(run: &EngineRun, appearance: Appearance) -> String {
    let (Verdict::Refuted { failure }, Some(search)) = (run.verdict(), run.search()) else {
        return String::new();
    };
    let heading = plain([format!("{}:", origin(run, failure, search))], appearance);
    let repeat = format!("to repeat: {}", repetition(run));
    let next = plain(length(failure).into_iter().chain([repeat]), appearance);
    let (table, test) = scenario(run.engine(), failure);
    heading + &table + &of_failure(failure, appearance) + "\n" + &next + &test
}

fn plain(texts: impl IntoIterator<Item = String>, appearance: Appearance) -> String {
    let texts: Vec<_> = texts.into_iter().map(|text| (Role::Plain, text)).collect();
    lines(&texts, 2, appearance)
}

/// Which execution it is, and of what.
pub fn origin(run: &EngineRun, failure: &RecordedFailure, search: &Search) -> String {
    let RecordedFailure { execution, scenario, .. } = failure;
    let engine = run.engine();
    let scenario =
        scenario.as_ref().map(|scenario| format!(", in the scenario {}", scenario.calls));
    let execution = if search.strategy == RecordedStrategy::Replay {
        format!("{engine}, the execution of the witness")
    } else {
        let (number, strategy) = (count(*execution), search.strategy_text());
        format!("{engine}, execution {number} of the {strategy} search")
    };
    execution + &scenario.unwrap_or_default()
}

/// The length of the execution, and what is known of shorter ones; nothing where none was searched.
pub fn length(failure: &RecordedFailure) -> Option<String> {
    match (&failure.minimality, &failure.not_shortened) {
        (Some(RecordedMinimality { is_shortest, sentence, .. }), _) => {
            let form = if *is_shortest { "shortest" } else { "shorter" };
            Some(format!("{form} form: {sentence}"))
        }
        (None, Some(reason)) => Some(format!("as it was found: {}", one_line(reason))),
        (None, None) => None,
    }
}

/// The calls of a scenario that fails as a table, and a test of it; empty for a model.
fn scenario(engine: RecordedEngine, failure: &RecordedFailure) -> (String, String) {
    let Some(RecordedScenario { table, test, .. }) = &failure.scenario else {
        return (String::new(), String::new());
    };
    let order = if engine == RecordedEngine::Explore {
        "the timeline stands for this order of calls, too: steps that do not depend on each other\n\
         may come in any order\n\n"
    } else {
        ""
    };
    let table = if table.is_empty() { String::new() } else { format!("\n{table}\n{order}") };
    if test.is_empty() {
        return (table, String::new());
    }
    (table, format!("\na test of this scenario, to paste:\n\n{test}"))
}

/// How to see the failure of a run again.
pub fn repetition(run: &EngineRun) -> String {
    match run.search().and_then(|search| search.seed) {
        _ if !run.engine().is_controlled() => {
            "run it again and hope: real threads show it by luck; raise `stress_runs`".to_owned()
        }
        Some(seed) => format!("run it again; seed {seed} gives the same schedules"),
        None => "run it again; the search takes the same order".to_owned(),
    }
}

/// A table of what each engine really did.
fn what_ran(runs: &[EngineRun]) -> String {
    let header = ["engine", "strategy", "executions", "threads", "events", "bound", "seed", "time"];
    let mut table = Table::new(header.into_iter().chain(["verdict"]));
    for column in 2..8 {
        table = table.right_aligned(column);
    }
    for run in runs {
        let mut cells = vec![run.engine().to_string()];
        match run.search() {
            Some(search) => cells.extend(facts(search)),
            None => cells.extend(std::iter::repeat_n("-".to_owned(), 7)),
        }
        cells.push(one_line(&run.verdict().to_string()));
        table.push(cells);
    }
    table.to_string()
}

fn facts(search: &Search) -> [String; 7] {
    let counted = |number: usize| if number == 0 { "-".to_owned() } else { count(number as u64) };
    let given = |number: Option<String>| number.unwrap_or_else(|| "-".to_owned());
    [
        search.strategy_text(),
        count(search.executions),
        counted(search.threads),
        counted(search.events),
        given(search.preemptions.map(|bound| bound.to_string())),
        given(search.seed.map(|seed| seed.to_string())),
        time(search.elapsed),
    ]
}

fn way_out(expectation: &Expectation, runs: &[EngineRun]) -> &'static str {
    let gave_up = |run: &EngineRun| matches!(run.verdict(), Verdict::Inconclusive { .. });
    let refuted = runs.iter().any(|run| run.verdict().failure().is_some());
    match expectation {
        Expectation::Proved | Expectation::ProvedBy { .. } | Expectation::Passes if refuted => {
            "mend the subject, or the property if it asks too much"
        }
        _ if runs.iter().any(gave_up) => {
            "make the model smaller, raise the budget that was used up, or leave the engine out \
             with `not_on` and a reason"
        }
        Expectation::Proved | Expectation::ProvedBy { .. } | Expectation::Passes => {
            "keep the model within what the engine covers and without a bound, or ask for less \
             with `passes`"
        }
        Expectation::Refuted { .. } if refuted => {
            "make the model fail by the expected defect alone, or expect the one that was found"
        }
        Expectation::Refuted { .. } => {
            "make the model reach the defect: the twin may be right, or the model too small to \
             show what is wrong; an engine that cannot see it is left out with `not_on` and a reason"
        }
    }
}
