//! Threads wait for each other: the cycle, named in order.

use lockproof_record::{ActionKind, RecordedBlock};

use super::{Evidence, Finding};

/// The sentence of a deadlock.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let blocked = &evidence.failure.defect.blocked;
    let cycle = cycle(blocked);
    let sentence = match cycle.as_slice() {
        [] => of_a_dead_holder(evidence).or_else(|| without_a_cycle(evidence))?,
        [alone] => {
            let hold =
                alone.holds.iter().find(|hold| *hold.lock == *waited_for(evidence, alone))?;
            let since = evidence.labels.place(&hold.since);
            format!("{}, which it holds already since {since}", wait(evidence, alone))
        }
        threads => {
            let links = threads.iter().enumerate().map(|(index, thread)| {
                let before = threads[(index + threads.len() - 1) % threads.len()];
                link(evidence, thread, before)
            });
            links.collect::<Vec<_>>().join(", ")
        }
    };
    Some(Finding::new(
        format!("deadlock: {sentence}"),
        blocked.iter().filter_map(|blocked| evidence.last_event(blocked)),
    ))
}

/// The threads that wait for each other, in order; empty if none do.
///
/// The facade puts those of the cycle first.
pub(crate) fn cycle(blocked: &[RecordedBlock]) -> Vec<&RecordedBlock> {
    let Some(first) = blocked.first().filter(|first| first.index.is_some()) else { return vec![] };
    let waits_for = |one: &RecordedBlock, other: &RecordedBlock| {
        one.actors.iter().any(|actor| Some(*actor) == other.index)
    };
    let mut cycle = vec![first];
    for next in &blocked[1..] {
        let last = cycle[cycle.len() - 1];
        if !waits_for(last, first) && waits_for(last, next) {
            cycle.push(next);
        }
    }
    if waits_for(cycle[cycle.len() - 1], first) { cycle } else { vec![] }
}

/// What the thread holds that `before` waits for, and what it waits for itself.
fn link(evidence: &Evidence<'_>, thread: &RecordedBlock, before: &RecordedBlock) -> String {
    let wanted = waited_for(evidence, before);
    let name = evidence.name_of(thread);
    let waits = format!("waits for {}", waited_for(evidence, thread));
    match thread.holds.iter().find(|hold| *hold.lock == *wanted) {
        Some(hold) => format!("{name} holds {} and {waits}", hold.lock),
        None => format!("{name} {waits}"),
    }
}

/// A lock was never released by a thread that has ended.
fn of_a_dead_holder(evidence: &Evidence<'_>) -> Option<String> {
    let ended = |thread: usize| {
        let mut events = evidence.trace.events.iter();
        events.any(|event| event.thread == thread && event.action.kind == ActionKind::Exit)
    };
    evidence.failure.defect.blocked.iter().find_map(|blocked| {
        let holder = blocked.actors.iter().copied().find(|actor| ended(*actor))?;
        let holder = evidence.labels.thread(holder);
        Some(format!("{}, which {holder} has held since before it ended", wait(evidence, blocked)))
    })
}

/// The thread, and where it waits for what.
fn wait(evidence: &Evidence<'_>, blocked: &RecordedBlock) -> String {
    let (name, place) = (evidence.name_of(blocked), evidence.labels.place(&blocked.location));
    format!("{name} waits at {place} for {}", waited_for(evidence, blocked))
}

fn without_a_cycle(evidence: &Evidence<'_>) -> Option<String> {
    let blocked = evidence.failure.defect.blocked.iter();
    let waits = blocked.map(|blocked| {
        let (name, place) = (evidence.name_of(blocked), evidence.labels.place(&blocked.location));
        format!("{name} waits for {} at {place}", waited_for(evidence, blocked))
    });
    let waits: Vec<_> = waits.collect();
    (!waits.is_empty()).then(|| format!("{}, and no thread is left to act", waits.join(", ")))
}

/// The name of the lock, or what else the thread waits for.
fn waited_for<'a>(evidence: &'a Evidence<'_>, blocked: &'a RecordedBlock) -> &'a str {
    let last = evidence.last_event(blocked).map(|index| &evidence.trace.events[index]);
    let lock = last.filter(|event| event.blocked && event.action.kind == ActionKind::Lock);
    lock.and_then(|event| event.object.as_deref()).unwrap_or(&blocked.waits_for)
}
