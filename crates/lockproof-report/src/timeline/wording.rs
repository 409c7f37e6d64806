//! Words for events in a timeline.

use lockproof_record::{ActionKind, RecordedEvent, one_line};

use crate::labels::Labels;

/// An event in words: `operation object ➜ value`, or `… waits for` what. One line, safe to show.
pub fn words(event: &RecordedEvent, labels: &Labels) -> String {
    let text = match &event.object {
        None if event.blocked => format!("… waits for {}", awaited(event, labels)),
        Some(object) if event.blocked => format!("… waits {}", at(object, event)),
        None if event.action.kind == ActionKind::Panic => format!("✗ {}", event.operation),
        None => with_arrows(&event.operation),
        Some(object) => about(object, event, labels),
    };
    one_line(&text)
}

fn awaited(event: &RecordedEvent, labels: &Labels) -> String {
    match (event.action.kind, event.action.threads.as_slice()) {
        (ActionKind::Join, [child]) => format!("the end of {}", labels.thread(*child)),
        (ActionKind::Park, _) => "an unpark".to_owned(),
        _ => event.operation.clone(),
    }
}

fn at(object: &str, event: &RecordedEvent) -> String {
    match event.action.kind {
        ActionKind::Wait => format!("on {object}"),
        ActionKind::Arrive => format!("for the others at {object}"),
        ActionKind::Receive => format!("for a message of {object}"),
        ActionKind::Send => format!("for room in {object}"),
        ActionKind::BeginInitialization => format!("for the initialization of {object}"),
        _ => format!("for {} {object}", event.operation),
    }
}

/// The object stands between what was done and how it turned out.
fn about(object: &str, event: &RecordedEvent, labels: &Labels) -> String {
    let (operation, name) = (&event.operation, event.action.name.as_str());
    let Some(rest) = operation.strip_prefix(name).filter(|_| !name.is_empty()) else {
        return format!("{object} {}", with_arrows(operation));
    };
    match event.action.kind {
        ActionKind::Store => format!("{name} {object} ➜{rest}"),
        ActionKind::Notify => format!("{name} {object}{}", woken(event, labels)),
        ActionKind::WakeUp => format!("{name} from {object}{rest}"),
        ActionKind::Wait => format!("{name} on {object}{rest}"),
        _ => format!("{name} {object}{}", with_arrows(rest)),
    }
}

fn woken(event: &RecordedEvent, labels: &Labels) -> String {
    let names: Vec<_> = event.action.threads.iter().map(|index| labels.thread(*index)).collect();
    match (event.action.woken, names.as_slice()) {
        (None, _) => String::new(),
        (Some(0), _) => ": nobody waits".to_owned(),
        (Some(1), []) => ": wakes one".to_owned(),
        (Some(count), []) => format!(": wakes {count}"),
        (Some(_), names) => format!(": wakes {}", names.join(" and ")),
    }
}

/// The signs of results and changes as arrows.
fn with_arrows(operation: &str) -> String {
    operation.replacen(" = ", " ➜ ", 1).replacen(" -> ", " ➜ ", 1)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn wording(mut event: Value) -> String {
        event["thread"] = json!(0);
        event["location"] = json!("a.rs:1:1");
        let trace = json!({
            "threads": ["main", "worker"],
            "objects": [{"name": "x", "kind": "atomic", "created": "a.rs:1:1"}],
            "events": [event],
        });
        let failure = json!({
            "defect": {"kind": "panic", "sentence": "panic"}, "execution": 1, "trace": trace,
        });
        let failure = serde_json::from_value(failure).expect("the test writes failures");
        let labels = Labels::of(&failure);
        words(&failure.trace.events[0], &labels)
    }

    #[test]
    fn values_follow_an_arrow() {
        for (operation, name, kind, expected) in [
            ("load = 0", "load", "load", "load x ➜ 0"),
            ("load = 0 (stale)", "load", "load", "load x ➜ 0 (stale)"),
            ("store 1", "store", "store", "store x ➜ 1"),
            ("fetch_add 0 -> 1", "fetch_add", "update", "fetch_add x 0 ➜ 1"),
            ("try_lock = would block", "try_lock", "try_lock", "try_lock x ➜ would block"),
            ("wake up: notified", "wake up", "wake_up", "wake up from x: notified"),
            ("unlock (poisons)", "unlock", "unlock", "unlock x (poisons)"),
            (
                "compare_exchange failed: 4",
                "compare_exchange",
                "load",
                "compare_exchange x failed: 4",
            ),
        ] {
            let event = json!({
                "operation": operation, "object": "x", "action": {"name": name, "kind": kind},
            });
            assert_eq!(wording(event), expected);
        }
    }

    #[test]
    fn a_notification_says_whom_it_wakes() {
        for (woken, threads, expected) in [
            (0, json!([]), "notify_one x: nobody waits"),
            (1, json!([1]), "notify_one x: wakes worker"),
            (1, json!([]), "notify_one x: wakes one"),
        ] {
            let event = json!({
                "operation": "notify_one", "object": "x",
                "action": {"name": "notify_one", "kind": "notify", "woken": woken, "threads": threads},
            });
            assert_eq!(wording(event), expected);
        }
    }

    #[test]
    fn an_event_without_fields_is_shown_by_its_text() {
        assert_eq!(wording(json!({"operation": "load = 0", "object": "x"})), "x load ➜ 0");
        assert_eq!(wording(json!({"operation": "exit"})), "exit");
        let waits = json!({"operation": "lock", "object": "x", "blocked": true});
        assert_eq!(wording(waits), "… waits for lock x");
    }
}
