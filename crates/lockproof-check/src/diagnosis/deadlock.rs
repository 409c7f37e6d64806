//! Threads wait for each other: the circle, named in order.

use super::{Case, Finding};
use crate::record::{ActionKind, RecordedBlock};

/// The sentence of a deadlock.
pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let blocked = &case.failure.defect.blocked;
    let circle = circle(blocked);
    let sentence = match circle.as_slice() {
        [] => of_a_dead_holder(case).or_else(|| without_a_circle(case))?,
        [alone] => {
            let hold = alone.holds.iter().find(|hold| *hold.lock == *waited_for(case, alone))?;
            format!(
                "{} waits at {} for {}, which it holds already since {}",
                case.name_of(alone),
                case.labels.place(&alone.location),
                waited_for(case, alone),
                case.labels.place(&hold.since)
            )
        }
        threads => {
            let links = threads.iter().enumerate().map(|(index, thread)| {
                let before = threads[(index + threads.len() - 1) % threads.len()];
                link(case, thread, before)
            });
            links.collect::<Vec<_>>().join(", ")
        }
    };
    Some(Finding::new(format!("deadlock: {sentence}"), case.last_events(blocked)))
}

/// The threads that wait for each other, in order; empty if none do.
///
/// The facade puts those of the circle first.
pub(crate) fn circle(blocked: &[RecordedBlock]) -> Vec<&RecordedBlock> {
    let Some(first) = blocked.first().filter(|first| first.index.is_some()) else { return vec![] };
    let mut circle = vec![first];
    for next in &blocked[1..] {
        if circle[circle.len() - 1].actors.iter().any(|actor| Some(*actor) == first.index) {
            break;
        }
        if circle[circle.len() - 1].actors.iter().any(|actor| Some(*actor) == next.index) {
            circle.push(next);
        }
    }
    let last = circle[circle.len() - 1];
    let closes = last.actors.iter().any(|actor| Some(*actor) == first.index);
    if closes { circle } else { vec![] }
}

/// What the thread holds that `before` waits for, and what it waits for itself.
fn link(case: &Case<'_>, thread: &RecordedBlock, before: &RecordedBlock) -> String {
    let wanted = waited_for(case, before);
    let name = case.name_of(thread);
    let waits = format!("waits for {}", waited_for(case, thread));
    match thread.holds.iter().find(|hold| *hold.lock == *wanted) {
        Some(hold) => format!("{name} holds {} and {waits}", hold.lock),
        None => format!("{name} {waits}"),
    }
}

/// A lock was never released by a thread that has ended.
fn of_a_dead_holder(case: &Case<'_>) -> Option<String> {
    let ended = |thread: usize| {
        let mut events = case.trace.events.iter();
        events.any(|event| event.thread == thread && event.action.kind == ActionKind::Exit)
    };
    case.failure.defect.blocked.iter().find_map(|blocked| {
        let holder = blocked.actors.iter().copied().find(|actor| ended(*actor))?;
        Some(format!(
            "{} waits at {} for {}, which {} has held since before it ended",
            case.name_of(blocked),
            case.labels.place(&blocked.location),
            waited_for(case, blocked),
            case.labels.thread(holder)
        ))
    })
}

fn without_a_circle(case: &Case<'_>) -> Option<String> {
    let blocked = case.failure.defect.blocked.iter();
    let waits = blocked.map(|blocked| {
        let place = case.labels.place(&blocked.location);
        format!("{} waits for {} at {place}", case.name_of(blocked), waited_for(case, blocked))
    });
    let waits: Vec<_> = waits.collect();
    (!waits.is_empty()).then(|| format!("{}, and no thread is left to act", waits.join(", ")))
}

/// The name of the lock, or what else the thread waits for.
fn waited_for<'a>(case: &'a Case<'_>, blocked: &'a RecordedBlock) -> &'a str {
    let of_thread = |event: &&crate::record::RecordedEvent| Some(event.thread) == blocked.index;
    let last = case.trace.events.iter().rfind(of_thread).filter(|event| event.blocked);
    let lock = last.filter(|event| event.action.kind == ActionKind::Lock);
    lock.and_then(|event| event.object.as_deref()).unwrap_or(&blocked.waits_for)
}
