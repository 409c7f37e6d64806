//! The lock order as a graph in the language of Graphviz.

use std::collections::BTreeMap;
use std::fmt::Write;

use lockproof_record::{CycleStatus, LockEdge, LockOrder, one_line};

use crate::plain_text::count;

/// The graph: a node for each lock, an arrow from what was held to what was taken, with the threads
/// and places; red where a cycle is confirmed, orange where it is potential, grey where it is
/// discharged.
///
/// ```
/// use lockproof_record::LockOrder;
/// use lockproof_report::lock_order;
///
/// assert_eq!(lock_order::dot(&LockOrder::default()), "digraph lock_order {\n}\n");
/// ```
pub fn dot(order: &LockOrder) -> String {
    let mut text = "digraph lock_order {\n".to_owned();
    for (index, lock) in order.locks.iter().enumerate() {
        let label = [one_line(&lock.name), format!("{}, {}", lock.kind, lock.created)];
        let _ = writeln!(text, "  lock{index} [label={}];", quoted(&label));
    }
    let colors = colors(order);
    for (index, edge) in order.edges.iter().enumerate() {
        let color = colors.get(&index).map_or(String::new(), |color| format!(", color={color}"));
        let label = quoted(&words(edge));
        let _ = writeln!(text, "  lock{} -> lock{} [label={label}{color}];", edge.from, edge.to);
    }
    text + "}\n"
}

fn words(edge: &LockEdge) -> [String; 3] {
    [
        format!("{}, {} x", edge.thread, count(edge.executions)),
        format!("held {} since {}", edge.held, edge.held_since),
        format!("taken {} at {}", edge.taken, edge.taken_at),
    ]
}

/// By edge: the colour of the worst cycle that it is part of.
fn colors(order: &LockOrder) -> BTreeMap<usize, &'static str> {
    let severity = |status: &CycleStatus| match status {
        CycleStatus::Discharged { .. } => (0, "gray"),
        CycleStatus::Potential { .. } => (1, "orange"),
        CycleStatus::Confirmed { .. } => (2, "red"),
    };
    let mut cycles: Vec<_> = order.cycles.iter().collect();
    cycles.sort_by_key(|cycle| severity(&cycle.status).0);
    let of_cycles = cycles.into_iter().flat_map(|cycle| {
        let (_, color) = severity(&cycle.status);
        cycle.edges.iter().map(move |edge| (*edge, color))
    });
    of_cycles.collect()
}

/// A quoted string of the language: lines set apart, quotes and backslashes escaped, no control
/// characters.
fn quoted(lines: &[String]) -> String {
    let lines = lines.iter().map(|line| one_line(line).replace('\\', "\\\\").replace('"', "\\\""));
    format!("\"{}\"", lines.collect::<Vec<_>>().join("\\n"))
}
