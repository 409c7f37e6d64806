//! The lock order of a model: drawn, as a list, and what else is known about how long locks are
//! held.

use lockproof_record::{CycleStatus, LockCycle, LockEdge, LockOrder, RecordedLocation, one_line};
use maud::{Markup, html};

use super::layout::{Drawing, HEIGHT};
use super::safe::{name, phrase, short_place};
use crate::lock_order::discharge;
use crate::plain_text::{count, counted, shorten};

/// Longer names are cut in the drawing; the list below it has them whole.
const WIDEST_NAME: usize = 28;

/// Empty if no lock was held while another was taken, nor across anything.
pub(super) fn account(anchor: &str, order: &LockOrder) -> Markup {
    let heading = format!("{anchor}-order");
    html! {
        section.order aria-labelledby=(heading) {
            @if !order.edges.is_empty() {
                h4 id=(heading) { "Lock order" }
                p.source { "What was held while what was taken, in " (executions(order.executions)) "." }
                (drawing(anchor, order))
                (edges(order))
                (cycles(order))
            } @else if !order.longest_sections.is_empty() {
                h4 id=(heading) { "Locks" }
                p.source { "No lock was taken while another was held, in " (executions(order.executions)) "." }
            }
            (held_across(order))
            (sections(order))
            @for left_out in &order.left_out { p.source { (phrase(left_out)) } }
        }
    }
}

fn executions(number: u64) -> String {
    counted(number, "execution")
}

/// Edges between the same two locks are one arrow.
fn arrows(order: &LockOrder) -> Vec<(usize, usize)> {
    let mut arrows: Vec<_> = order.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    arrows.sort_unstable();
    arrows.dedup();
    arrows
}

fn drawing(anchor: &str, order: &LockOrder) -> Markup {
    let arrows = arrows(order);
    let names: Vec<_> =
        order.locks.iter().map(|lock| shorten(&name(&lock.name), WIDEST_NAME)).collect();
    let lengths: Vec<_> = names.iter().map(|name| name.chars().count()).collect();
    let drawing = Drawing::new(&lengths, &arrows);
    let (head, title) = (format!("{anchor}-arrow"), format!("{anchor}-drawing"));
    let reference = format!("url(#{head})");
    html! {
        div.scroll.drawing tabindex="0" role="region" aria-label="Lock order, drawn" {
            svg viewBox=(format!("0 0 {} {}", drawing.width, drawing.height))
                width=(drawing.width) height=(drawing.height) role="img" aria-labelledby=(title) {
                title id=(title) { (alternative(order, &arrows)) }
                defs {
                    marker id=(head) viewBox="0 0 10 10" refX="9" refY="5" markerWidth="12"
                        markerHeight="12" markerUnits="userSpaceOnUse" orient="auto-start-reverse" {
                        path.head d="M0 0L10 5L0 10z" {}
                    }
                }
                @for (arrow, edge) in arrows.iter().zip(&drawing.edges) {
                    g class=(arrow_class(order, *arrow)) {
                        path.arrow d=(edge.path) marker-end=(reference) {}
                    }
                }
                @for (node, name) in drawing.nodes.iter().zip(&names) {
                    g.node {
                        rect x=(node.x) y=(node.y) width=(node.width) height=(HEIGHT) rx="8" {}
                        text x=(node.x + node.width / 2) y=(node.y + HEIGHT / 2) { (name) }
                    }
                }
                @for (index, edge) in drawing.edges.iter().enumerate() {
                    g.label {
                        circle cx=(edge.label.0) cy=(edge.label.1) r="10" {}
                        text x=(edge.label.0) y=(edge.label.1) { (index + 1) }
                    }
                }
            }
        }
    }
}

/// The drawing in words.
fn alternative(order: &LockOrder, arrows: &[(usize, usize)]) -> String {
    let lock = |index: usize| name(&order.locks[index].name);
    let taken: Vec<_> =
        arrows.iter().map(|(from, to)| format!("{} before {}", lock(*from), lock(*to))).collect();
    phrase(&format!("Locks in the order in which they are taken: {}.", taken.join("; ")))
}

/// By the worst cycle that an arrow is part of.
fn arrow_class(order: &LockOrder, arrow: (usize, usize)) -> &'static str {
    let has_arrow = |cycle: &&LockCycle| {
        cycle.edges.iter().any(|edge| (order.edges[*edge].from, order.edges[*edge].to) == arrow)
    };
    let cycles: Vec<_> = order.cycles.iter().filter(has_arrow).collect();
    let any = |word: &str| cycles.iter().any(|cycle| cycle.status.word() == word);
    if any("confirmed") {
        "edge confirmed"
    } else if any("potential") {
        "edge potential"
    } else {
        "edge"
    }
}

fn edges(order: &LockOrder) -> Markup {
    let arrows = arrows(order);
    let number = |edge: &LockEdge| {
        arrows.iter().position(|arrow| *arrow == (edge.from, edge.to)).map(|index| index + 1)
    };
    html! {
        table.facts-table {
            caption.unseen { "What was held while what was taken" }
            thead { tr {
                th scope="col" { "#" } th scope="col" { "Held" } th scope="col" { "Taken" }
                th scope="col" { "By" } th.number scope="col" { "Executions" }
            } }
            tbody { @for edge in &order.edges {
                tr {
                    td data-label="#" { @if let Some(number) = number(edge) { (number) } }
                    td data-label="Held" { (lock(order, edge.from, &edge.held_since)) }
                    td data-label="Taken" { (lock(order, edge.to, &edge.taken_at)) }
                    td data-label="By" { (name(&edge.thread)) }
                    td.number data-label="Executions" { (count(edge.executions)) }
                }
            } }
        }
    }
}

fn lock(order: &LockOrder, lock: usize, location: &RecordedLocation) -> Markup {
    html! {
        span.object { (name(&order.locks[lock].name)) } " "
        (short_place(location))
    }
}

fn cycles(order: &LockOrder) -> Markup {
    html! {
        @if !order.cycles.is_empty() {
            ul.cycles aria-label="Potential deadlocks" {
                @for cycle in &order.cycles {
                    li {
                        span.badge.(cycle.status.word()) { (cycle.status.word()) } " "
                        (threads_of(order, cycle)) ": " (phrase(&reason(&cycle.status)))
                    }
                }
            }
        }
    }
}

fn threads_of(order: &LockOrder, cycle: &LockCycle) -> String {
    let threads = cycle.edges.iter().map(|edge| {
        let LockEdge { from, to, thread, .. } = &order.edges[*edge];
        let lock = |index: usize| one_line(&order.locks[index].name);
        format!("{} takes {} and then {}", one_line(thread), lock(*from), lock(*to))
    });
    phrase(&threads.collect::<Vec<_>>().join(", "))
}

fn reason(status: &CycleStatus) -> String {
    match status {
        CycleStatus::Confirmed { by, failure } => {
            format!("{}, found by {by}", failure.defect.summary())
        }
        CycleStatus::Discharged { reason } => discharge(reason),
        CycleStatus::Potential { tried } => {
            let tried = tried.join("; ");
            if tried.is_empty() { "neither confirmed nor ruled out".to_owned() } else { tried }
        }
    }
}

fn held_across(order: &LockOrder) -> Markup {
    html! {
        @if !order.held_across.is_empty() {
            h5 { "Held while waiting for something else" }
            ul.across {
                @for held in &order.held_across {
                    li {
                        strong { (name(&held.thread)) } " holds "
                        (lock(order, held.lock, &held.held_since)) " across "
                        span.object { (name(&held.call)) } " "
                        (short_place(&held.at))
                        ", in " (executions(held.executions))
                    }
                }
            }
        }
    }
}

fn sections(order: &LockOrder) -> Markup {
    html! {
        @if !order.longest_sections.is_empty() {
            h5 { "Longest critical sections" }
            table.facts-table {
                caption.unseen { "By the events of the thread that holds the lock" }
                thead { tr {
                    th scope="col" { "Lock" } th scope="col" { "Thread" }
                    th.number scope="col" { "Events" } th.number scope="col" { "Executions" }
                } }
                tbody { @for section in &order.longest_sections {
                    tr {
                        td data-label="Lock" { (lock(order, section.lock, &section.since)) }
                        td data-label="Thread" { (name(&section.thread)) }
                        td.number data-label="Events" { (count(section.events as u64)) }
                        td.number data-label="Executions" { (count(section.executions)) }
                    }
                } }
            }
        }
    }
}
