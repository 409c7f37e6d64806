//! The failure of a run: what happened in one sentence, where each thread stands, the timeline, and
//! how to see it again.

use lockproof_check::plain_text::count;
use lockproof_check::record::RecordedFailure;
use lockproof_check::{
    EngineRun, Labels, Role, Search, Verdict, diagnosis, explanation, thread_dump,
};
use maud::{Markup, html};

use super::safe::{name, phrase};
use super::timeline::{self, mark};

/// Empty for a run that did not fail.
pub(super) fn account(anchor: &str, run: &EngineRun) -> Markup {
    let (Verdict::Refuted { failure }, Some(search)) = (&run.verdict, &run.search) else {
        return Markup::default();
    };
    let heading = format!("{anchor}-failure");
    html! {
        section.failure aria-labelledby=(heading) {
            h4 id=(heading) { "What fails" }
            (what_happened(anchor, failure))
            p.source { (source(run, search, failure.execution)) }
            p.repeat { strong { "To see it again: " } (explanation::repetition(run)) }
        }
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

fn source(run: &EngineRun, Search { strategy, .. }: &Search, execution: u64) -> String {
    let engine = name(&run.engine);
    format!("Found by {engine} in execution {} of its {} search.", count(execution), name(strategy))
}

/// For each thread what it holds and waits for, and who would have to act.
fn dump(failure: &RecordedFailure, labels: &Labels) -> Markup {
    let lines = thread_dump::lines(failure, labels);
    html! {
        @if !lines.is_empty() {
            div.dump role="group" aria-label="Where each thread stands" {
                @for (role, line) in &lines {
                    @let line = phrase(line);
                    @match role {
                        Role::Thread(index) => {
                            p.thread-line.(timeline::thread_class(*index)) { (mark(*index)) " " strong { (line) } }
                        }
                        Role::Alarm => p.circle { (line) },
                        Role::Wait => p.detail.wait { (line) },
                        _ => p.detail { (line) },
                    }
                }
            }
        }
    }
}
