//! The failure of a run: the calls of its scenario, what happened in one sentence, where each
//! thread stands, the timeline, and how to see it again.

use lockproof_record::{EngineRun, RecordedFailure, RecordedScenario, Verdict};
use maud::{Markup, html};

use super::safe::{lines, phrase};
use super::timeline::{self, mark};
use crate::{Labels, Role, diagnosis, explanation, thread_dump};

/// Empty for a run that did not fail.
pub(super) fn account(anchor: &str, run: &EngineRun) -> Markup {
    let (Verdict::Refuted { failure }, Some(search)) = (run.verdict(), run.search()) else {
        return Markup::default();
    };
    let heading = format!("{anchor}-failure");
    html! {
        section.failure aria-labelledby=(heading) {
            h4 id=(heading) { "What fails" }
            @if let Some(scenario) = &failure.scenario { (calls(scenario)) }
            (what_happened(anchor, failure))
            p.source {
                "Found by " (phrase(&explanation::origin(run, failure, search))) "."
                @if let Some(length) = explanation::length(failure) { " " (phrase(&sentence(&length))) }
            }
            p.repeat { strong { "To see it again: " } (phrase(&explanation::repetition(run))) "." }
            @if let Some(schedule) = &failure.schedule {
                details.schedule {
                    summary { "The schedule" }
                    pre tabindex="0" { (lines(schedule)) }
                }
            }
            @if let Some(test) = failure.scenario.as_ref().map(|one| &one.test).filter(|test| !test.is_empty()) {
                details.test {
                    summary { "A test of this scenario, to paste" }
                    pre tabindex="0" { (lines(test)) }
                }
            }
        }
    }
}

/// The calls of a scenario: a column for each thread, or on one line where their order is unknown.
fn calls(scenario: &RecordedScenario) -> Markup {
    let text = if scenario.table.is_empty() { &scenario.calls } else { &scenario.table };
    html! {
        pre.calls tabindex="0" aria-label="The calls of the scenario" { (lines(text)) }
    }
}

/// The sentence, where the threads stand, and the timeline.
fn what_happened(anchor: &str, failure: &RecordedFailure) -> Markup {
    let labels = Labels::of(failure);
    let diagnosis = diagnosis::of(failure);
    let summary = failure.defect.summary();
    html! {
        p.sentence { (phrase(&diagnosis.sentence)) }
        @if failure.defect.blocked.is_empty() && summary != diagnosis.sentence {
            p { (phrase(&summary)) }
        }
        (dump(failure, &labels))
        @if failure.trace.events.is_empty() {
            p { "No timeline: nobody watched this execution." }
        } @else {
            (timeline::account(anchor, failure, &labels, &diagnosis))
        }
    }
}

/// With a capital and a full stop, as it stands among others.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).chain(['.']).collect()
}

/// For each thread what it holds and waits for, and who would have to act.
fn dump(failure: &RecordedFailure, labels: &Labels) -> Markup {
    let dump = thread_dump::lines(failure, labels);
    html! {
        @if !dump.is_empty() {
            div.dump role="group" aria-label="Where each thread stands" {
                @for (role, line) in &dump {
                    @let line = phrase(line);
                    @match role {
                        Role::Thread(index) => {
                            p.thread-line.(timeline::thread_class(*index)) { (mark(*index)) " " strong { (line) } }
                        }
                        Role::Alarm => p.cycle { (line) },
                        Role::Wait => p.detail.wait { (line) },
                        _ => p.detail { (line) },
                    }
                }
            }
        }
    }
}
