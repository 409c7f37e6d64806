//! Fingerprint of an execution: its threads, operations and primitives, in order.
//!
//! Only facts count, no wording. Source locations are not among them, so that code may move without
//! changing it. Values are, since they show what a program did, but addresses are not, since they
//! differ from process to process.

use std::fmt;

use crate::trace::{RecordedEvent, RecordedTrace};

/// The fingerprint of the events.
pub(super) fn of(trace: &RecordedTrace) -> String {
    let mut hash = Fnv::default();
    trace.objects.iter().for_each(|object| hash.add(object.kind.as_bytes()));
    trace.events.iter().for_each(|event| hash.add(&facts(event)));
    hash.add(&trace.gap.as_ref().map_or(0, |gap| gap.events).to_le_bytes());
    hash.to_string()
}

/// The difference of `now` from `then`: the first event that is another one, or moved code.
pub(super) fn change(then: &RecordedTrace, now: &RecordedTrace) -> Option<String> {
    let mut pairs = then.events.iter().zip(&now.events);
    let first = pairs.position(|(one, other)| facts(one) != facts(other));
    let (old, new) = (then.events.len(), now.events.len());
    if let Some(first) = first.or_else(|| (old != new).then(|| old.min(new))) {
        let (was, is) = (shown(then, first), shown(now, first));
        return Some(format!("event {} was {was}, and is {is}", first + 1));
    }
    let mut places = then.events.iter().zip(&now.events);
    let moved = places.find(|(one, other)| one.location != other.location)?;
    Some(format!("the code has moved, from {} to {}", moved.0.location, moved.1.location))
}

/// The event without its wording, as bytes.
fn facts(event: &RecordedEvent) -> Vec<u8> {
    let mut action = event.action.clone();
    if action.has_addresses {
        (action.read, action.written) = (None, None);
    }
    let facts = (event.thread, event.blocked, event.stale, action);
    serde_json::to_vec(&facts).expect("an action is made of texts and numbers")
}

fn shown(trace: &RecordedTrace, index: usize) -> String {
    let Some(event) = trace.events.get(index) else { return "nothing".to_owned() };
    let thread = trace.threads.get(event.thread).map_or("?", String::as_str);
    let wait = if event.blocked { " waits for" } else { "" };
    let object = event.object.as_deref().map_or_else(String::new, |object| format!(" {object}"));
    format!("`{thread}{wait}{object} {}` at {}", event.operation, event.location)
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo): small, and the same in every release, which std's hashes
/// do not promise.
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds bytes and their end.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().copied().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl fmt::Display for Fnv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::{ActionKind, RecordedAction};
    use crate::location::RecordedLocation;

    /// An execution of one event. The wording stands for `written`, too.
    fn trace(kind: ActionKind, written: &str, line: u32) -> RecordedTrace {
        let written = Some(written.to_owned());
        let action = RecordedAction { kind, written, ..RecordedAction::default() };
        let location = RecordedLocation { file: "a.rs".to_owned(), line, column: 1 };
        let event = RecordedEvent {
            thread: 0,
            operation: action.written.clone().unwrap_or_default(),
            object: Some("total".to_owned()),
            blocked: false,
            stale: false,
            location,
            action,
            after: Vec::new(),
        };
        let threads = vec!["main".to_owned()];
        RecordedTrace { threads, events: vec![event], ..RecordedTrace::default() }
    }

    fn store(line: u32) -> RecordedTrace {
        trace(ActionKind::Store, "1", line)
    }

    #[test]
    fn code_that_moves_is_not_a_changed_program() {
        let (then, now) = (store(4), store(9));
        assert_eq!(of(&then), of(&now));
        assert_eq!(change(&then, &then), None);
        let moved = "the code has moved, from a.rs:4 to a.rs:9".to_owned();
        assert_eq!(change(&then, &now), Some(moved));
    }

    #[test]
    fn another_operation_is_a_changed_program() {
        let (then, now) = (store(4), trace(ActionKind::Update, "2", 4));
        assert_ne!(of(&then), of(&now));
        let change = change(&then, &now).expect("they differ");
        assert_eq!(change, "event 1 was `main total 1` at a.rs:4, and is `main total 2` at a.rs:4");
    }

    #[test]
    fn an_event_that_is_missing_is_a_change() {
        let then = store(4);
        let now = RecordedTrace { events: Vec::new(), ..then.clone() };
        let change = change(&then, &now).expect("they differ");
        assert!(change.ends_with("and is nothing"), "{change}");
    }

    #[test]
    fn addresses_and_wording_do_not_count() {
        let of_address = |address: &str| {
            let mut trace = trace(ActionKind::Store, address, 4);
            trace.events[0].action.has_addresses = true;
            of(&trace)
        };
        assert_eq!(of_address("0x7f10"), of_address("0x5590"));
        let mut reworded = store(4);
        reworded.events[0].operation = "write 1".to_owned();
        assert_eq!(of(&reworded), of(&store(4)));
        assert_ne!(of(&trace(ActionKind::Store, "2", 4)), of(&store(4)), "a value counts");
    }
}
