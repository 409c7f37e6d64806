//! A thread takes a wake-up for what it waited for.

use lockproof_record::{ActionKind, RecordedEvent, RecordedWakeUp};

use super::{Evidence, Finding};

/// The last spurious wake-up after which its thread let go of the lock without waiting again.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let events = &evidence.trace.events;
    let spurious = |event: &RecordedEvent| event.action.woken_by == Some(RecordedWakeUp::Spurious);
    events.iter().enumerate().rev().filter(|(_, event)| spurious(event)).find_map(
        |(index, event)| {
            let next = events[index + 1..].iter().find(|next| next.thread == event.thread)?;
            (next.action.kind == ActionKind::Unlock).then_some(())?;
            let (thread, condvar) = (event.thread, event.action.object?);
            let sentence = format!(
                "{} woke up from {} at {} spuriously, and went on without waiting again",
                evidence.labels.thread(thread),
                evidence.labels.object(condvar),
                evidence.labels.place(&event.location)
            );
            Some(Finding::new(sentence, [index]))
        },
    )
}
