//! The lock order as text: a few lines if nothing is wrong, and each cycle with its places if
//! something is.

mod dot;

use std::fmt::Write;

use lockproof_record::{
    CriticalSection, CycleStatus, Discharge, HeldAcross, LockCycle, LockEdge, LockOrder,
    RecordedMode, one_line,
};

use crate::plain_text::counted;
use crate::{Appearance, failure_account};

pub use dot::dot;

/// The cycles and the locks that are held across blocking calls. Empty for a model that has
/// neither.
///
/// ```
/// use lockproof_record::LockOrder;
/// use lockproof_report::lock_order;
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
/// use lockproof_record::LockOrder;
/// use lockproof_report::lock_order;
///
/// let order = LockOrder { executions: 4, ..LockOrder::default() };
/// let text = lock_order::details(&order);
/// assert_eq!(text, "lock order in 4 executions: 0 locks, 0 edges, 0 cycles\n");
/// ```
pub fn details(order: &LockOrder) -> String {
    let mut text = format!(
        "lock order in {}: {}, {}, {}\n",
        counted(order.executions, "execution"),
        counted(order.locks.len() as u64, "lock"),
        counted(order.edges.len() as u64, "edge"),
        counted(order.cycles.len() as u64, "cycle")
    );
    for edge in &order.edges {
        let executions = counted(edge.executions, "execution");
        let _ = writeln!(text, "  {}, in {executions}", take(order, edge));
    }
    text.push_str(&summary(order));
    for sentence in &order.unmet {
        let _ = writeln!(text, "demanded in vain: {}", one_line(sentence));
    }
    for cycle in &order.cycles {
        if let CycleStatus::Confirmed { failure, .. } = &cycle.status {
            let _ =
                writeln!(text, "\n{}", failure_account::of_failure(failure, Appearance::default()));
        }
    }
    for longest in &order.longest_sections {
        let _ = writeln!(text, "{}", section(order, longest));
    }
    text
}

fn of_cycle(order: &LockOrder, cycle: &LockCycle) -> String {
    let status = match &cycle.status {
        CycleStatus::Confirmed { by, .. } => format!("confirmed by {by}"),
        CycleStatus::Discharged { reason } => format!("discharged: {}", discharge(reason)),
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

/// One acquisition under a held lock, with both places.
fn take(order: &LockOrder, edge: &LockEdge) -> String {
    let name = |lock: usize| &order.locks[lock].name;
    let mode = |mode: RecordedMode| match mode {
        RecordedMode::Exclusive => String::new(),
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
        counted(held.executions, "execution")
    ))
}

/// A critical section on one line.
pub fn section(order: &LockOrder, section: &CriticalSection) -> String {
    let events = counted(section.events as u64, "event");
    one_line(&format!(
        "critical section of {events}: {} in {} since {}",
        order.locks[section.lock].name, section.thread, section.since
    ))
}

/// Reason why a cycle is no deadlock.
pub fn discharge(reason: &Discharge) -> String {
    match reason {
        Discharge::SameThread { thread } => format!("{thread} makes all of it by itself"),
        Discharge::GateLock { name, executions, .. } => {
            format!("gate lock {name}, held around both, in {}", counted(*executions, "execution"))
        }
        Discharge::Ordered { first, second, executions } => format!(
            "{first} is through before {second} begins, by spawn or join, in {}",
            counted(*executions, "execution")
        ),
        Discharge::Explored { engine } => {
            format!("{engine} explored every interleaving, and none deadlocks")
        }
    }
}
