//! Small random concurrent programs over every primitive.
//!
//! A program is data, so that two interpreters can run it: the engine under test, and a reference
//! that enumerates interleavings by brute force. It may deadlock, lose wake-ups and race, but it
//! always ends.

use proptest::collection::vec;
use proptest::prelude::*;

/// The numbers of atomics, mutexes and condition variables. There is one read-write lock.
pub(crate) const ATOMICS: usize = 2;
pub(crate) const MUTEXES: usize = 2;
pub(crate) const CONDVARS: usize = 2;

/// One operation of a thread. Releases are skipped if the lock is not held, which is how an
/// attempt can fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Load(usize),
    Store(usize, u64),
    /// Stores the value last loaded, plus one.
    StoreLast(usize),
    Add(usize),
    Exchange {
        atomic: usize,
        expected: u64,
        new: u64,
        weak: bool,
    },
    /// Skips the next step unless this value was loaded last.
    OnlyIf(u64),
    Lock(usize),
    TryLock(usize),
    Unlock(usize),
    Read,
    TryRead,
    UnlockRead,
    Write,
    TryWrite,
    UnlockWrite,
    Downgrade,
    /// Skipped if the mutex is not held.
    Wait {
        condvar: usize,
        mutex: usize,
        timed: bool,
    },
    NotifyOne(usize),
    NotifyAll(usize),
    Park {
        timed: bool,
    },
    Unpark(usize),
    Spawn(usize),
    Join(usize),
    Choose(u16),
}

/// The steps of each thread; thread 0 is `main`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    pub threads: Vec<Vec<Step>>,
    /// How often a thread's waits may end, or its weak exchanges fail, spuriously.
    pub spurious: u32,
    /// Whether objects are created at their first use, or beforehand.
    pub lazy: bool,
}

fn plain() -> impl Strategy<Value = Vec<Step>> {
    let atomic = 0..ATOMICS;
    prop_oneof![
        3 => atomic.clone().prop_map(|a| vec![Step::Load(a)]),
        3 => (atomic.clone(), 0..2u64).prop_map(|(a, v)| vec![Step::Store(a, v)]),
        1 => atomic.clone().prop_map(|a| vec![Step::StoreLast(a)]),
        1 => atomic.clone().prop_map(|a| vec![Step::Add(a)]),
        2 => (atomic.clone(), 0..2u64, 0..2u64, any::<bool>()).prop_map(
            |(atomic, expected, new, weak)| vec![Step::Exchange { atomic, expected, new, weak }]
        ),
        1 => (atomic, 0..2u64, 0..ATOMICS)
            .prop_map(|(a, v, b)| vec![Step::Load(a), Step::OnlyIf(v), Step::Store(b, 7)]),
        1 => (2..3u16).prop_map(|n| vec![Step::Choose(n)]),
    ]
}

/// A critical section, which may be empty.
fn section() -> impl Strategy<Value = Vec<Step>> {
    let locks = prop_oneof![
        4 => (0..MUTEXES).prop_map(|m| (vec![Step::Lock(m)], vec![Step::Unlock(m)])),
        2 => (0..MUTEXES).prop_map(|m| (vec![Step::TryLock(m)], vec![Step::Unlock(m)])),
        2 => (0..MUTEXES).prop_map(|m| (
            vec![Step::Lock(m), Step::Lock(1 - m)],
            vec![Step::Unlock(1 - m), Step::Unlock(m)],
        )),
        3 => Just((vec![Step::Read], vec![Step::UnlockRead])),
        2 => Just((vec![Step::TryRead], vec![Step::UnlockRead])),
        2 => Just((vec![Step::Write], vec![Step::UnlockWrite])),
        2 => Just((vec![Step::TryWrite], vec![Step::UnlockWrite])),
        1 => Just((vec![Step::Write, Step::Downgrade], vec![Step::UnlockRead])),
        1 => (0..MUTEXES).prop_map(|m| (
            vec![Step::Read, Step::Lock(m)],
            vec![Step::Unlock(m), Step::UnlockRead],
        )),
        1 => (0..MUTEXES).prop_map(|m| (
            vec![Step::Lock(m), Step::Write],
            vec![Step::UnlockWrite, Step::Unlock(m)],
        )),
    ];
    (locks, proptest::option::of(plain()))
        .prop_map(|((before, after), inside)| [before, inside.unwrap_or_default(), after].concat())
}

fn waiting(threads: usize) -> impl Strategy<Value = Vec<Step>> {
    let (condvar, mutex) = (0..CONDVARS, 0..MUTEXES);
    prop_oneof![
        3 => (condvar.clone(), mutex.clone(), any::<bool>()).prop_map(|(condvar, mutex, timed)| {
            vec![Step::Lock(mutex), Step::Wait { condvar, mutex, timed }, Step::Unlock(mutex)]
        }),
        2 => condvar.clone().prop_map(|c| vec![Step::NotifyOne(c)]),
        2 => condvar.clone().prop_map(|c| vec![Step::NotifyAll(c)]),
        1 => (condvar, mutex).prop_map(|(c, m)| {
            vec![Step::Lock(m), Step::NotifyOne(c), Step::Unlock(m)]
        }),
        2 => any::<bool>().prop_map(|timed| vec![Step::Park { timed }]),
        3 => (0..threads).prop_map(|t| vec![Step::Unpark(t)]),
    ]
}

fn block(threads: usize) -> impl Strategy<Value = Vec<Step>> {
    prop_oneof![3 => plain(), 4 => section(), 3 => waiting(threads)]
}

fn body(threads: usize, most: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(block(threads), most.min(1)..=most).prop_map(|blocks| blocks.concat())
}

/// Programs of up to four threads. The last one may be spawned by the first worker.
pub(crate) fn programs() -> impl Strategy<Value = Program> {
    (2..=3usize).prop_flat_map(|workers| {
        let most = if workers == 2 { 4 } else { 2 };
        let bodies = vec(body(workers + 1, most), workers);
        (proptest::option::of(body(workers + 1, 1)), bodies, any::<[bool; 3]>(), 0..2u32).prop_map(
            |(main, bodies, flags, spurious)| {
                assemble(main.unwrap_or_default(), bodies, flags, spurious)
            },
        )
    })
}

fn assemble(
    main: Vec<Step>,
    mut bodies: Vec<Vec<Step>>,
    [nested, join, lazy]: [bool; 3],
    spurious: u32,
) -> Program {
    let workers = bodies.len();
    if nested {
        let middle = bodies[0].len() / 2;
        let is_guarded = matches!(bodies[0].get(middle.wrapping_sub(1)), Some(Step::OnlyIf(_)));
        bodies[0].insert(if is_guarded { 0 } else { middle }, Step::Spawn(workers));
        bodies[0].push(Step::Join(workers));
    }
    let spawned = if nested { workers - 1 } else { workers };
    for (index, body) in bodies.iter_mut().enumerate() {
        let is_nested = nested && index + 1 == workers;
        let most = if is_nested { 1 } else { index + 1 };
        for step in body {
            aim(step, most);
        }
    }
    let mut first: Vec<Step> = (1..=spawned).map(Step::Spawn).collect();
    first.extend(main.into_iter().map(|mut step| {
        aim(&mut step, spawned);
        step
    }));
    if join {
        first.extend((1..=spawned).map(Step::Join));
    }
    let mut threads = vec![first];
    threads.append(&mut bodies);
    Program { threads, spurious, lazy }
}

/// A thread can only unpark threads that are sure to exist: itself, or those up to `most`.
fn aim(step: &mut Step, most: usize) {
    if let Step::Unpark(thread) = step {
        *thread = (*thread).min(most);
    }
}
