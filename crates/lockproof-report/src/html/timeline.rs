//! A failing execution as a table: one column for each thread, one row for each event, and in each
//! column who holds a lock and who waits at that moment. A script steps through its rows.

use lockproof_record::{ActionKind, RecordedEvent, RecordedFailure, RecordedTrace};
use maud::{Markup, PreEscaped, html};

use super::safe::{ShownPlace, breakable, phrase};
use super::steps::{StepState, Stepper, ThreadPhase};
use crate::diagnosis::Diagnosis;
use crate::plain_text::count;
use crate::{Labels, timeline};

/// Colours and marks for threads; further threads begin again.
const MARKS: [&str; 8] = ["●", "■", "▲", "◆", "▼", "★", "✚", "⬟"];

/// The controls, the table and the data of the steps.
pub(super) fn account(
    anchor: &str,
    failure: &RecordedFailure,
    labels: &Labels,
    diagnosis: &Diagnosis,
) -> Markup {
    let steps = Stepper::of(&failure.trace, labels);
    let table = EventTable { trace: &failure.trace, labels, diagnosis, steps: &steps };
    html! {
        div.timeline data-timeline {
            (controls(anchor, &steps))
            div.scroll tabindex="0" role="region" aria-label="Timeline" { (table.shown()) }
            script type="application/json" data-steps { (PreEscaped(steps.data())) }
        }
        @if !diagnosis.events.is_empty() {
            p.hint { "● beside a number: an event that the sentence above speaks of." }
        }
    }
}

/// What a thread is shown by, beside its name: a colour by its class, and a mark for those who
/// cannot tell colours apart.
pub(super) fn mark(thread: usize) -> Markup {
    html! { span.mark aria-hidden="true" { (MARKS[thread % MARKS.len()]) } }
}

pub(super) fn thread_class(thread: usize) -> String {
    format!("t{}", thread % MARKS.len())
}

/// Hidden until a script makes them work.
fn controls(anchor: &str, steps: &Stepper) -> Markup {
    let last = steps.states.len() - 1;
    let slider = format!("{anchor}-slider");
    html! {
        div.stepper data-stepper hidden role="group" aria-label="Step through the execution" {
            div.buttons {
                button type="button" data-go="first" aria-label="To the beginning" { (icon("M3 3v10M12 3L6 8l6 5z")) }
                button type="button" data-go="back" aria-label="One step back" { (icon("M11 3L5 8l6 5z")) }
                button type="button" data-go="play" aria-pressed="false" { "Play" }
                button type="button" data-go="forward" aria-label="One step forward" { (icon("M5 3l6 5-6 5z")) }
                button type="button" data-go="last" aria-label="To the end" { (icon("M13 3v10M4 3l6 5-6 5z")) }
                label.unseen for=(slider) { "Step" }
                input id=(slider) type="range" min="0" max=(last) value=(last) data-slider;
                span.position data-position { (last) " of " (last) }
            }
            p.now data-now role="status" {}
            div.state {
                div.threads data-threads {}
                div.values data-values {}
            }
            div.locks role="group" aria-label="Highlight what is done to" data-locks {
                span.label aria-hidden="true" { "Highlight" }
            }
            p.hint { "Keys: " kbd { "←" } " " kbd { "→" } " step, " kbd { "Home" } " " kbd { "End" }
                " go to the ends, " kbd { "P" } " plays." }
        }
    }
}

fn icon(path: &str) -> Markup {
    html! { svg.icon viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" { path d=(path) {} } }
}

struct EventTable<'a> {
    trace: &'a RecordedTrace,
    labels: &'a Labels,
    diagnosis: &'a Diagnosis,
    steps: &'a Stepper,
}

impl EventTable<'_> {
    fn shown(&self) -> Markup {
        html! {
            table.events {
                caption.unseen { "The events in the order in which they took effect" }
                thead { tr {
                    th.step scope="col" { span.unseen { "Step" } "#" }
                    @for (index, thread) in self.steps.threads.iter().enumerate() {
                        th scope="col" class=(thread_class(index)) { (mark(index)) " " (thread) }
                    }
                    th scope="col" { "At" }
                } }
                tbody {
                    @for (index, event) in self.trace.events.iter().enumerate() {
                        @if let Some(gap) = self.trace.gap.as_ref().filter(|gap| gap.before == index) {
                            tr.gap { td colspan=(self.steps.threads.len() + 2) {
                                "… " (count(gap.events)) " events are left out here"
                            } }
                        }
                        (self.row(index, event))
                    }
                }
            }
        }
    }

    fn row(&self, index: usize, event: &RecordedEvent) -> Markup {
        let state = &self.steps.states[index + 1];
        let is_told = self.diagnosis.events.contains(&index);
        html! {
            tr.told[is_told] data-step=(index + 1) data-object=[event.action.object] {
                th.step scope="row" {
                    @if is_told { span.unseen { "told above: " } } (index + 1)
                }
                @for thread in 0..self.steps.threads.len() {
                    td.lane.(lane(state, thread)) data-holds=[held(state, thread)] {
                        @if thread == event.thread { (self.cell(event)) }
                    }
                }
                td.at { (ShownPlace::of(&event.location, self.labels).shown()) }
            }
        }
    }

    fn cell(&self, event: &RecordedEvent) -> Markup {
        let panics = event.action.kind == ActionKind::Panic;
        html! {
            span.event.blocked[event.blocked].stale[event.stale].panic[panics] {
                span.who { (mark(event.thread)) " " (self.steps.threads[event.thread]) " " }
                (breakable(&phrase(&timeline::words(event, self.labels))))
            }
        }
    }
}

fn lane(state: &StepState, thread: usize) -> String {
    let found = &state.threads[thread];
    let phase = match found.phase {
        ThreadPhase::Unborn => "unborn",
        ThreadPhase::Runs => "runs",
        ThreadPhase::Waits => "waits",
        ThreadPhase::Ended => "ended",
    };
    let holding = if found.holds.is_empty() { "" } else { " holds" };
    format!("{} {phase}{holding}", thread_class(thread))
}

/// The locks that a thread holds, for a script that looks for one of them.
fn held(state: &StepState, thread: usize) -> Option<String> {
    let locks: Vec<_> =
        state.threads[thread].holds.iter().map(|hold| hold.lock.to_string()).collect();
    (!locks.is_empty()).then(|| locks.join(" "))
}
