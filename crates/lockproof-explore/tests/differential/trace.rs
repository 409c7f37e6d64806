//! Traces in a form that the engine and the reference share, and their equivalence.
//!
//! The dependency relation is written here a second time, pair by pair, so that an error in the
//! engine's table shows.

/// What happened, with its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum What {
    Load(usize),
    /// A store or a successful read-modify-write, with the new value.
    Put(usize, u64),
    /// An exchange that failed, and whether it did so spuriously.
    NoExchange(usize, bool),
    /// On a lock: 0 and 1 are the mutexes, 2 is the read-write lock.
    Acquire(usize),
    Release(usize),
    AcquireShared(usize),
    ReleaseShared(usize),
    Downgrade(usize),
    Refused(usize),
    RefusedShared(usize),
    /// The condition variable and the mutex.
    Wait(usize, usize),
    /// By a notification.
    Woken,
    /// Without one, and whether by a time-out.
    Left(usize, bool),
    /// The set of threads it woke, as bits.
    Notify(usize, u32),
    /// The thread's own token was taken.
    Take,
    /// It was not there, and whether the time ran out.
    NoToken(bool),
    Give(usize),
    Spawn(usize),
    Join(usize),
    Exit,
    Choose(u16),
}

pub(crate) type Event = (usize, What);

/// Whether the two events depend on each other, `a` being the earlier.
pub(crate) fn depend(a: Event, b: Event) -> bool {
    a.0 == b.0 || one_way(a, b) || one_way(b, a)
}

#[expect(clippy::match_same_arms, reason = "the relation is spelled out pair by pair")]
fn one_way((_, a): Event, (other, b): Event) -> bool {
    use What::{
        Acquire, AcquireShared, Downgrade, Exit, Give, Join, Left, Load, NoExchange, NoToken,
        Notify, Put, Refused, RefusedShared, Release, ReleaseShared, Spawn, Take, Wait, Woken,
    };
    match (a, b) {
        (Put(x, _), Put(y, _) | Load(y) | NoExchange(y, _)) => x == y,
        // An exclusive acquisition or release conflicts with every access to the lock.
        (Acquire(x) | Release(x), _) => lock_of(b) == Some(x),
        (Wait(_, x), _) if lock_of(b) == Some(x) => true,
        (Downgrade(x), AcquireShared(y) | ReleaseShared(y) | RefusedShared(y)) => x == y,
        (Refused(x), AcquireShared(y) | ReleaseShared(y)) => x == y,
        (Notify(_, woken), Woken) => woken & (1 << other) != 0,
        (Notify(_, 0), Notify(_, 0)) => false,
        (Notify(x, _), Notify(y, _) | Wait(y, _) | Left(y, _)) => x == y,
        (Give(thread), Take | NoToken(_)) => thread == other,
        (Spawn(thread), _) => thread == other,
        (Join(thread), Exit) => thread == other,
        _ => false,
    }
}

fn lock_of(what: What) -> Option<usize> {
    use What::{
        Acquire, AcquireShared, Downgrade, Refused, RefusedShared, Release, ReleaseShared, Wait,
    };
    match what {
        Acquire(lock)
        | Release(lock)
        | AcquireShared(lock)
        | ReleaseShared(lock)
        | Downgrade(lock)
        | Refused(lock)
        | RefusedShared(lock)
        | Wait(_, lock) => Some(lock),
        _ => None,
    }
}

/// The representative of the trace's equivalence class: of all equivalent orders the one that
/// always takes the event of the lowest thread next.
pub(crate) fn normal_form(trace: &[Event]) -> Vec<Event> {
    let mut left: Vec<Event> = trace.to_vec();
    let mut form = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = (0..left.len()).filter(|i| left[..*i].iter().all(|a| !depend(*a, left[*i])));
        let next = free.min_by_key(|i| left[*i].0).expect("the first event is free");
        form.push(left.remove(next));
    }
    form
}
