//! What identifies an execution: which thread did what to which primitive, in which order.
//!
//! Source locations are not part of it, so that code may move without changing it; values are, as
//! they show what a program did, but addresses are not, as they differ from process to process.

use std::fmt;

use crate::record::{RecordedEvent, RecordedTrace};

/// The fingerprint of the events.
pub(super) fn of(trace: &RecordedTrace) -> String {
    let mut hash = Hash::default();
    for event in &trace.events {
        hash.add(&shape(trace, event));
    }
    hash.add(&trace.gap.as_ref().map_or(0, |gap| gap.events).to_string());
    hash.to_string()
}

/// How `now` differs from `then`: the first event that is another one, or that code has moved.
pub(super) fn change(then: &RecordedTrace, now: &RecordedTrace) -> Option<String> {
    let shapes = |trace: &RecordedTrace| -> Vec<String> {
        trace.events.iter().map(|event| shape(trace, event)).collect()
    };
    let (old, new) = (shapes(then), shapes(now));
    let first = old.iter().zip(&new).position(|(one, other)| one != other);
    let first = first.or_else(|| (old.len() != new.len()).then(|| old.len().min(new.len())));
    if let Some(first) = first {
        let shown = |shapes: &[String], trace: &RecordedTrace| match trace.events.get(first) {
            Some(event) => format!("`{}` at {}", shapes[first], event.location),
            None => "nothing".to_owned(),
        };
        let (was, is) = (shown(&old, then), shown(&new, now));
        return Some(format!("event {} was {was}, and is {is}", first + 1));
    }
    let mut places = then.events.iter().zip(&now.events);
    let moved = places.find(|(one, other)| one.location != other.location)?;
    Some(format!("the code has moved, from {} to {}", moved.0.location, moved.1.location))
}

fn shape(trace: &RecordedTrace, event: &RecordedEvent) -> String {
    let thread = trace.threads.get(event.thread).map_or("?", String::as_str);
    let wait = if event.blocked { " waits for" } else { "" };
    let object = event.object.as_deref().map_or_else(String::new, |object| format!(" {object}"));
    format!("{thread}{wait}{object} {}", without_addresses(&event.operation))
}

fn without_addresses(operation: &str) -> String {
    let words = operation.split(' ');
    let masked = words.map(|word| if word.starts_with("0x") { "0x#" } else { word });
    masked.collect::<Vec<_>>().join(" ")
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo): small, and the same in every release, which std's hashes
/// do not promise.
pub(super) struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// Adds a text and its end.
    pub(super) fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{RecordedAction, RecordedLocation};

    fn trace(operation: &str, line: u32) -> RecordedTrace {
        let location = RecordedLocation { file: "a.rs".to_owned(), line, column: 1 };
        let event = RecordedEvent {
            thread: 0,
            operation: operation.to_owned(),
            object: Some("total".to_owned()),
            blocked: false,
            stale: false,
            location,
            action: RecordedAction::default(),
        };
        let threads = vec!["main".to_owned()];
        RecordedTrace { threads, events: vec![event], ..RecordedTrace::default() }
    }

    #[test]
    fn code_that_moves_is_not_a_changed_program() {
        let (then, now) = (trace("store 1", 4), trace("store 1", 9));
        assert_eq!(of(&then), of(&now));
        assert_eq!(change(&then, &then), None);
        let moved = "the code has moved, from a.rs:4 to a.rs:9".to_owned();
        assert_eq!(change(&then, &now), Some(moved));
    }

    #[test]
    fn another_operation_is_a_changed_program() {
        let (then, now) = (trace("store 1", 4), trace("fetch_add 0 -> 1", 4));
        assert_ne!(of(&then), of(&now));
        let change = change(&then, &now).expect("they differ");
        assert_eq!(
            change,
            "event 1 was `main total store 1` at a.rs:4, and is `main total fetch_add 0 -> 1` at \
             a.rs:4"
        );
    }

    #[test]
    fn an_event_that_is_missing_is_a_change() {
        let then = trace("store 1", 4);
        let now = RecordedTrace { events: Vec::new(), ..then.clone() };
        let change = change(&then, &now).expect("they differ");
        assert!(change.ends_with("and is nothing"), "{change}");
    }

    #[test]
    fn addresses_do_not_count() {
        assert_eq!(of(&trace("load = 0x7f10", 4)), of(&trace("load = 0x5590", 4)));
    }
}
