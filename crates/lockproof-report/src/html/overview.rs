//! The top of the page: how many models came to which end, and the table of all of them.

use lockproof_record::{EngineRun, Report, Verdict};
use maud::{Markup, html};

use super::safe::{breakable, name, phrase};
use crate::results::Results;
use crate::tally::End;

/// The counts, each with the class of its end.
pub(super) fn tally(results: &Results) -> Markup {
    let tally = results.tally();
    let ends = End::ALL.into_iter().filter(|end| *end != End::LeftToLuck || tally.count(*end) > 0);
    html! {
        ul.tally aria-label="How many models came to which end" {
            @for end in ends {
                li class=(class(end)) data-none[tally.count(end) == 0] {
                    span.count { (tally.count(end)) } " " span.words { (end.words()) }
                }
            }
        }
    }
}

/// Links to the models that are not as expected.
pub(super) fn alarms(results: &Results) -> Markup {
    let models = results.models().iter().enumerate();
    let alarms: Vec<_> = models.filter(|(_, model)| !model.is_as_expected()).collect();
    html! {
        @if !alarms.is_empty() {
            nav aria-label="Models that are not as expected" {
                ul.alarms {
                    @for (index, model) in alarms {
                        li {
                            a href=(format!("#{}", anchor(index))) { (breakable(&name(&model.subject))) }
                            " " (name(&model.property))
                        }
                    }
                }
            }
        }
    }
}

/// A row for each model, which a script can filter and sort.
pub(super) fn table(results: &Results) -> Markup {
    html! {
        section aria-labelledby="models" {
            h2 #models tabindex="-1" { "Models" }
            @if results.models().is_empty() {
                p { "No model left a verdict." }
            } @else {
                (filters(results))
                table.models {
                    caption.unseen { "Each model, what it came to, and what each engine says" }
                    thead { tr {
                        th scope="col" aria-sort="none" { "Subject" }
                        th scope="col" aria-sort="none" { "Property" }
                        th scope="col" aria-sort="none" { "Came to" }
                        th scope="col" { "Engines" }
                    } }
                    tbody {
                        @for (index, model) in results.models().iter().enumerate() { (row(index, model)) }
                    }
                }
                p #nothing-found role="status" hidden { "No model fits." }
            }
        }
    }
}

/// The word by which style and script know an end.
pub(super) fn class(end: End) -> &'static str {
    match end {
        End::Unexpected => "unexpected",
        End::Proved => "proved",
        End::Passed => "passed",
        End::Refuted => "refuted",
        End::LeftToLuck => "luck",
    }
}

/// By what the table above links to a model.
pub(super) fn anchor(index: usize) -> String {
    format!("model-{}", index + 1)
}

fn filters(results: &Results) -> Markup {
    let tally = results.tally();
    let ends = End::ALL.into_iter().filter(|end| tally.count(*end) > 0);
    html! {
        div #filters hidden {
            div.choices role="group" aria-label="Show models by what they came to" {
                button type="button" data-end="" aria-pressed="true" { "all " (results.models().len()) }
                @for end in ends {
                    button type="button" data-end=(class(end)) aria-pressed="false" {
                        (end.words()) " " (tally.count(end))
                    }
                }
            }
            label { "Find " input #find type="search" autocomplete="off"; }
        }
    }
}

fn row(index: usize, model: &Report) -> Markup {
    let end = End::of(model);
    // The order of the ends as a number, for a script that sorts.
    let rank = End::ALL.iter().position(|other| *other == end).unwrap_or_default();
    html! {
        tr data-end=(class(end)) {
            th scope="row" { a href=(format!("#{}", anchor(index))) { (breakable(&name(&model.subject))) }
                @if model.is_of_a_twin() { " " span.twin title="broken on purpose" { "twin" } }
            }
            td { (name(&model.property)) }
            td data-rank=(rank) { span.badge.(class(end)) { (end.words()) } }
            td.engines { @for run in &model.runs { (verdict(run)) " " } }
        }
    }
}

/// The verdict of an engine, with its particulars where a pointer rests.
fn verdict(run: &EngineRun) -> Markup {
    let particulars = match run.verdict() {
        Verdict::Passed { missing } => format!("not covered: {}", missing.join("; ")),
        verdict => verdict.to_string(),
    };
    let said = format!("{} {}", run.engine(), run.verdict().word());
    html! { span.engine.(run.verdict().word()) title=(phrase(&particulars)) { (said) } }
}
