//! The lock order as text: a few lines if nothing is wrong, and each cycle with its places if
//! something is.

use std::fmt::Write;

use super::cycle::{CycleStatus, LockCycle};
use super::graph::{CriticalSection, HeldAcross, LockEdge, LockMode, LockOrder};
use crate::plain_text::{count, one_line};
use crate::{Appearance, explanation};

/// The cycles and the locks that are held across blocking calls. Empty for a model that has
/// neither.
///
/// ```
/// use lockproof_check::lock_order::{self, LockOrder};
///
/// assert_eq!(lock_order::summary(&LockOrder::default()), "");
/// ```
pub fn summary(order: &LockOrder) -> String {
    let mut text = cycles(order);
    for held in &order.held_across {
        let _ = writeln!(text, "{}", across(order, held));
    }
    for sentence in &order.left_out {
        let _ = writeln!(text, "lock order: not shown or not found: {}", one_line(sentence));
    }
    text
}

/// Each cycle: what became of it, and below it a line for each thread. Empty if there is none.
pub fn cycles(order: &LockOrder) -> String {
    order.cycles.iter().map(|cycle| of_cycle(order, cycle)).collect()
}

/// All of it: the edges, the cycles with the executions that confirm them, blocking calls under
/// locks, and the longest critical sections.
///
/// ```
/// use lockproof::sync::Mutex;
/// use lockproof_check::{Model, lock_order};
///
/// let report = Model::new("two locks", "nest", || {
///     let (outer, inner) = (Mutex::new(0), Mutex::new(0));
///     let outer = outer.lock().unwrap();
///     *inner.lock().unwrap() += *outer;
/// })
/// .check();
/// // Real threads are not watched: a lock order takes an engine that controls the schedule.
/// if let Some(order) = &report.lock_order {
///     assert!(lock_order::details(order).starts_with("lock order in "));
/// }
/// ```
pub fn details(order: &LockOrder) -> String {
    let executions = counted(order.executions);
    let mut text = format!("lock order in {executions}: {}\n", totals(order));
    for edge in &order.edges {
        let _ = writeln!(text, "  {}", of_edge(order, edge));
    }
    text.push_str(&summary(order));
    for sentence in &order.unmet {
        let _ = writeln!(text, "demanded in vain: {}", one_line(sentence));
    }
    for cycle in &order.cycles {
        if let CycleStatus::Confirmed { failure, .. } = &cycle.status {
            let _ = writeln!(text, "\n{}", explanation::of_failure(failure, Appearance::default()));
        }
    }
    for longest in &order.longest_sections {
        let _ = writeln!(text, "{}", section(order, longest));
    }
    text
}

fn totals(order: &LockOrder) -> String {
    let number_of = |number: usize, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        _ => format!("{} {many}", count(number as u64)),
    };
    format!(
        "{}, {}, {}",
        number_of(order.locks.len(), "lock", "locks"),
        number_of(order.edges.len(), "edge", "edges"),
        number_of(order.cycles.len(), "cycle", "cycles")
    )
}

fn of_cycle(order: &LockOrder, cycle: &LockCycle) -> String {
    let status = match &cycle.status {
        CycleStatus::Confirmed { by, .. } => format!("confirmed by {by}"),
        CycleStatus::Discharged { reason } => format!("discharged: {reason}"),
        CycleStatus::Potential { tried } => {
            format!("a potential deadlock; tried: {}", tried.join("; "))
        }
    };
    let mut text = format!("cycle of locks, {}\n", one_line(&status));
    for edge in &cycle.edges {
        let _ = writeln!(text, "  {}", take(order, &order.edges[*edge]));
    }
    text
}

fn of_edge(order: &LockOrder, edge: &LockEdge) -> String {
    format!("{}, in {}", take(order, edge), counted(edge.executions))
}

/// Who takes what at which place, holding what since which.
fn take(order: &LockOrder, edge: &LockEdge) -> String {
    let name = |lock: usize| &order.locks[lock].name;
    let mode = |mode: LockMode| match mode {
        LockMode::Exclusive => String::new(),
        shared => format!(" {shared}"),
    };
    one_line(&format!(
        "{} takes {}{} at {}, holding {}{} since {}",
        edge.thread,
        name(edge.to),
        mode(edge.taken),
        edge.taken_at,
        name(edge.from),
        mode(edge.held),
        edge.held_since
    ))
}

fn across(order: &LockOrder, held: &HeldAcross) -> String {
    one_line(&format!(
        "held across a blocking call: {} holds {} since {} at {}: {}, in {}",
        held.thread,
        order.locks[held.lock].name,
        held.held_since,
        held.at,
        held.call,
        counted(held.executions)
    ))
}

/// How much a thread does under a lock.
pub(super) fn section(order: &LockOrder, section: &CriticalSection) -> String {
    let events = match section.events {
        1 => "1 event".to_owned(),
        events => format!("{} events", count(events as u64)),
    };
    one_line(&format!(
        "critical section of {events}: {} in {} since {}",
        order.locks[section.lock].name, section.thread, section.since
    ))
}

/// A number of executions.
pub(super) fn counted(executions: u64) -> String {
    match executions {
        1 => "1 execution".to_owned(),
        _ => format!("{} executions", count(executions)),
    }
}
