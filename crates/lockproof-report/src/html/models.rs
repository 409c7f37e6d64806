//! A model in full: what was expected, what each engine did, the failure, the outcomes, the lock
//! order.

use lockproof_record::{EngineRun, Report, Verdict};
use maud::{Markup, html};

use super::overview::{anchor, class};
use super::safe::{breakable, name, phrase, place};
use super::{failure, lock_order, outcomes};
use crate::plain_text::{count, time};
use crate::results::Results;
use crate::tally::End;

/// All models; those that are not as expected are open.
pub(super) fn all(results: &Results) -> Markup {
    html! {
        @if !results.models().is_empty() {
            section aria-labelledby="accounts" {
                h2 #accounts { "Model by model" }
                @for (index, model) in results.models().iter().enumerate() { (account(index, model)) }
            }
        }
    }
}

fn account(index: usize, model: &Report) -> Markup {
    let end = End::of(model);
    html! {
        details.model.card.(class(end)) #(anchor(index)) open[end == End::Unexpected] {
            summary {
                h3 { (breakable(&name(&model.subject))) " " span.property { (name(&model.property)) } }
                span.badge.(class(end)) { (end.words()) }
            }
            (expectation(model))
            (runs(&model.runs))
            @if let Some(run) = model.surprise().or_else(|| model.witness()) {
                (failure::account(&anchor(index), run))
            }
            (witness_files(model))
            @if let Some(table) = &model.outcomes { (outcomes::account(&anchor(index), table)) }
            @if let Some(order) = &model.lock_order { (lock_order::account(&anchor(index), order)) }
        }
    }
}

fn expectation(model: &Report) -> Markup {
    html! {
        dl.facts {
            div { dt { "Stands at" } dd { (place(&model.location)) } }
            @if let Some(test) = &model.test { div { dt { "Test" } dd { span.place { (breakable(&name(test))) } } } }
            @if let Some(expectation) = &model.expectation {
                div { dt { "Expected" } dd { (phrase(&expectation.to_string())) } }
            }
        }
        @let objections = model.objections();
        @if !objections.is_empty() {
            ul.objections {
                @for objection in objections { li { (phrase(&objection)) } }
            }
        }
    }
}

/// The witness files and their states, except for those that are among the objections.
fn witness_files(model: &Report) -> Markup {
    let objections = model.objections();
    let files: Vec<_> = model.witness_files.iter().map(ToString::to_string).collect();
    let files: Vec<_> = files.iter().filter(|file| !objections.contains(file)).collect();
    html! {
        @if !files.is_empty() {
            ul.witnesses aria-label="Witness files" {
                @for file in files { li { (phrase(file)) } }
            }
        }
    }
}

fn runs(runs: &[EngineRun]) -> Markup {
    html! {
        table.runs {
            caption.unseen { "What each engine did" }
            thead { tr {
                th scope="col" { "Engine" }
                th scope="col" { "Strategy" }
                th scope="col" { "Verdict" }
                th.number scope="col" { "Executions" }
                th.number scope="col" { "Threads" }
                th.number scope="col" { "Events" }
                th.number scope="col" { "Time" }
                th.number scope="col" { "Seed" }
            } }
            tbody { @for run in runs { (run_row(run)) } }
        }
    }
}

fn run_row(run: &EngineRun) -> Markup {
    let counted = |number: usize| if number == 0 { "–".to_owned() } else { count(number as u64) };
    html! {
        tr {
            th scope="row" data-label="Engine" { (run.engine()) }
            @if let Some(search) = run.search() {
                td data-label="Strategy" { (search.strategy_text()) }
                td.verdict data-label="Verdict" { (verdict(run)) }
                td.number data-label="Executions" { (count(search.executions)) }
                td.number data-label="Threads" { (counted(search.threads)) }
                td.number data-label="Events" { (counted(search.events)) }
                td.number data-label="Time" { (time(search.elapsed)) }
                td.number data-label="Seed" { @if let Some(seed) = search.seed { (seed) } @else { "–" } }
            } @else {
                td data-label="Strategy" { "–" }
                td.verdict data-label="Verdict" colspan="6" { (verdict(run)) }
            }
        }
    }
}

fn verdict(run: &EngineRun) -> Markup {
    let empty = Vec::new();
    let assumptions = run.search().map_or(&empty, |search| &search.assumptions);
    html! {
        span.engine.(run.verdict().word()) { (phrase(&run.verdict().to_string())) }
        @match run.verdict() {
            Verdict::Passed { missing } => { " " span.particulars { "not covered: " (phrase(&missing.join("; "))) } }
            Verdict::Proved(_) if !assumptions.is_empty() => {
                " " span.particulars { "if " (phrase(&assumptions.join(" and "))) }
            }
            _ => {}
        }
    }
}
