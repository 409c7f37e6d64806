//! A thread takes a wake-up for what it waited for.

use super::{Case, Finding};
use crate::record::{ActionKind, RecordedEvent};

/// The last spurious wake-up after which its thread let go of the lock without waiting again.
pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let events = &case.trace.events;
    let spurious = |event: &RecordedEvent| {
        event.action.kind == ActionKind::WakeUp && event.operation.ends_with("spuriously")
    };
    events.iter().enumerate().rev().filter(|(_, event)| spurious(event)).find_map(
        |(index, event)| {
            let next = events[index + 1..].iter().find(|next| next.thread == event.thread)?;
            (next.action.kind == ActionKind::Unlock).then_some(())?;
            let (thread, condvar) = (event.thread, event.action.object?);
            let sentence = format!(
                "{} woke up from {} at {} spuriously, and went on without waiting again",
                case.labels.thread(thread),
                case.labels.object(condvar),
                case.labels.place(&event.location)
            );
            Some(Finding::new(sentence, [index]))
        },
    )
}
