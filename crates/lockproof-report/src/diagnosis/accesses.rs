//! The accesses to shared state in a recorded execution: an operation on an atomic, or a time for
//! which a lock was held.

use lockproof_record::{ActionKind, LockChange, RecordedEvent, RecordedMode, RecordedTrace};

/// An access to the state behind one atomic or one lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SharedAccess {
    pub(super) thread: usize,
    pub(super) object: usize,
    /// The first and the last event of it.
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) touch: Touch,
    pub(super) is_lock: bool,
}

impl SharedAccess {
    /// Its first and its last event.
    pub(super) fn events(&self) -> [usize; 2] {
        [self.begin, self.end]
    }
}

/// What an access does to the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Touch {
    Looks,
    Changes,
    /// The facade could not tell.
    Unknown,
}

/// A lock that is held while the events are followed.
struct Open {
    thread: usize,
    lock: usize,
    begin: usize,
    /// Whether its mode was changed meanwhile: then what was done is unknown.
    is_mixed: bool,
}

/// All accesses that have ended, in the order in which they did.
pub(super) fn of(trace: &RecordedTrace) -> Vec<SharedAccess> {
    let mut accesses = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    for (index, event) in trace.events.iter().enumerate().filter(|(_, event)| !event.blocked) {
        accesses.extend(of_atomic(index, event));
        for change in &event.action.locks {
            let (thread, lock) = (event.thread, change.lock);
            let place = open.iter().rposition(|open| (open.thread, open.lock) == (thread, lock));
            match (place, change.after) {
                (Some(place), None) => accesses.push(ended(&open.remove(place), index, event)),
                (Some(place), Some(_)) if change.before.is_some() => open[place].is_mixed = true,
                _ => open.push(Open { thread, lock, begin: index, is_mixed: false }),
            }
        }
    }
    accesses
}

fn ended(open: &Open, end: usize, event: &RecordedEvent) -> SharedAccess {
    let Open { thread, lock: object, begin, is_mixed } = *open;
    let touch = if is_mixed { Touch::Unknown } else { touch_of(event) };
    SharedAccess { thread, object, begin, end, touch, is_lock: true }
}

fn of_atomic(index: usize, event: &RecordedEvent) -> Option<SharedAccess> {
    let touch = match event.action.kind {
        // What it saw is not what was there at this point of the order.
        ActionKind::Load if event.stale => Touch::Unknown,
        ActionKind::Load => Touch::Looks,
        ActionKind::Store | ActionKind::Update => Touch::Changes,
        _ => return None,
    };
    let object = event.action.object?;
    let thread = event.thread;
    Some(SharedAccess { thread, object, begin: index, end: index, touch, is_lock: false })
}

/// What was done under the lock that `event` gives back.
fn touch_of(event: &RecordedEvent) -> Touch {
    let is_reader = |change: &LockChange| change.before != Some(RecordedMode::Exclusive);
    let reads = event.action.kind == ActionKind::Unlock && event.action.locks.iter().any(is_reader);
    match event.action.changes {
        Some(true) => Touch::Changes,
        Some(false) => Touch::Looks,
        None if reads => Touch::Looks,
        None => Touch::Unknown,
    }
}
