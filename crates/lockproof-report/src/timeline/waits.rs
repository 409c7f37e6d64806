//! Waits of threads: from the row in which a thread cannot run to the row in which it does.

use std::ops::Range;

use lockproof_record::{ActionKind, LockChange, RecordedEvent, RecordedTrace};

/// For each thread, the events of others that happen while it waits, as ranges of indices.
///
/// A thread is at its next event from the last one on: so a lock that it takes next and that
/// another thread takes meanwhile makes it wait, whether or not an event says so.
pub(super) fn of(trace: &RecordedTrace) -> Vec<Vec<Range<usize>>> {
    let mut waits = vec![Vec::new(); trace.threads.len()];
    let mut last = vec![None; trace.threads.len()];
    for (index, event) in trace.events.iter().enumerate() {
        if let Some(before) = last[event.thread].replace(index) {
            waits[event.thread].extend(between(trace, before, index));
        }
    }
    for (thread, last) in last.into_iter().enumerate() {
        let still_waits = last.filter(|index| begins_to_wait(&trace.events[*index]));
        waits[thread].extend(still_waits.map(|index| index + 1..trace.events.len()));
    }
    waits
}

fn begins_to_wait(event: &RecordedEvent) -> bool {
    event.blocked || event.action.kind == ActionKind::Wait
}

/// The wait of a thread between two events of it that follow each other.
fn between(trace: &RecordedTrace, before: usize, after: usize) -> Option<Range<usize>> {
    let next = &trace.events[after];
    let begins = begins_to_wait(&trace.events[before]).then_some(before);
    let others = || trace.events.iter().enumerate().take(after).skip(before + 1);
    let awaited = |wanted: fn(&RecordedEvent, &RecordedEvent) -> bool| {
        others().find(|(_, event)| wanted(event, next)).map(|(index, _)| index)
    };
    match next.action.kind {
        ActionKind::Lock if !next.blocked => {
            let begin = begins.or_else(|| awaited(takes_away))?;
            let released = others().rfind(|(_, event)| gives_back(event, next));
            Some(begin + 1..released.map_or(after, |(index, _)| index + 1))
        }
        _ if begins.is_some() => Some(before + 1..after),
        ActionKind::Join => awaited(ends).map(|index| before + 1..index),
        ActionKind::Park => awaited(unparks).map(|index| before + 1..index),
        _ => None,
    }
}

/// Whether `event` takes the lock in a way that keeps `next` from taking it.
fn takes_away(event: &RecordedEvent, next: &RecordedEvent) -> bool {
    let wanted = next.action.locks.iter().filter_map(|change| Some((change.lock, change.after?)));
    let taken =
        || event.action.locks.iter().filter_map(|change| Some((change.lock, change.after?)));
    wanted
        .into_iter()
        .any(|(lock, mode)| taken().any(|(other, taken)| other == lock && taken.excludes(mode)))
}

fn gives_back(event: &RecordedEvent, next: &RecordedEvent) -> bool {
    next.action.locks.iter().any(|wanted| {
        let is_it = |change: &LockChange| change.lock == wanted.lock && change.before.is_some();
        event.action.locks.iter().any(is_it)
    })
}

fn ends(event: &RecordedEvent, next: &RecordedEvent) -> bool {
    event.action.kind == ActionKind::Exit && next.action.threads.contains(&event.thread)
}

fn unparks(event: &RecordedEvent, next: &RecordedEvent) -> bool {
    event.action.kind == ActionKind::Unpark && event.action.threads.contains(&next.thread)
}
