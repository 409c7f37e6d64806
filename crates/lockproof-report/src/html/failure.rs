//! The failure of a run: what happened in one sentence, who is stuck where, the timeline, and how
//! to see it again.

use lockproof_check::plain_text::count;
use lockproof_check::record::{RecordedBlock, RecordedDefect};
use lockproof_check::{EngineRun, Search, Verdict, explanation};
use maud::{Markup, html};

use super::safe::{name, phrase, place};
use super::timeline;

/// Empty for a run that did not fail.
pub(super) fn account(anchor: &str, run: &EngineRun) -> Markup {
    let (Verdict::Refuted { failure }, Some(search)) = (&run.verdict, &run.search) else {
        return Markup::default();
    };
    let heading = format!("{anchor}-failure");
    html! {
        section.failure aria-labelledby=(heading) {
            h4 id=(heading) { "What fails" }
            p.sentence { (phrase(&failure.defect.summary())) }
            (standstill(&failure.defect))
            p.source { (source(run, search, failure.execution)) }
            @if failure.trace.events.is_empty() {
                p { "No timeline: nobody watched this execution." }
            } @else {
                (timeline::account(anchor, &failure.trace))
            }
            p.repeat { strong { "To see it again: " } (explanation::repetition(run)) }
        }
    }
}

fn source(run: &EngineRun, Search { strategy, .. }: &Search, execution: u64) -> String {
    let engine = name(&run.engine);
    format!("Found by {engine} in execution {} of its {} search.", count(execution), name(strategy))
}

/// For each thread that can go no further: what it waits for, who would have to act, what it holds.
fn standstill(defect: &RecordedDefect) -> Markup {
    html! {
        @if !defect.blocked.is_empty() {
            ul.standstill aria-label="Threads that can go no further" {
                @for RecordedBlock { thread, waits_for, location, held_by, holds, .. } in &defect.blocked {
                    li {
                        strong { (name(thread)) }
                        " waits for " span.object { (name(waits_for)) } " at " (place(location))
                        @if !held_by.is_empty() { ", held by " strong { (name(&held_by.join(" and "))) } }
                        @for hold in holds {
                            "; it holds " span.object { (name(&hold.lock)) }
                            " since " (place(&hold.since))
                        }
                        "."
                    }
                }
            }
        }
    }
}
