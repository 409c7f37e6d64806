//! Directed sampling towards one deadlock: Joshi, Park, Sen, Naik, "A Randomized Dynamic Program
//! Analysis Technique for Detecting Real Deadlocks", PLDI 2009 (`DeadlockFuzzer`).

use super::Samples;
use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{OperationKind, Place, VisibleOperation};
use crate::strategy::{Pick, SearchStrategy, View};

/// A place in the code, by name: it need not be of this process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedPlace {
    /// The path as the compiler was given it.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl NamedPlace {
    fn is(&self, place: Place) -> bool {
        (self.line, self.column) == (place.line(), place.column()) && self.file == place.file()
    }
}

/// What one thread does on its way into a deadlock: it takes a lock at one place, and at another
/// place waits for a lock while it still holds that one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CycleEdge {
    /// The thread's path of spawns, as in a [`Turns`](crate::Turns): `0` for `main`.
    pub thread: String,
    /// Where it takes the lock that it holds. Any operation there counts if that takes no lock.
    pub holding: NamedPlace,
    /// Where it takes the other one.
    pub taking: NamedPlace,
}

/// Random schedules that pause each thread just before it takes the next lock of a cycle, until all
/// of them are there (Joshi, Park, Sen, Naik, "A Randomized Dynamic Program Analysis Technique for
/// Detecting Real Deadlocks", PLDI 2009).
///
/// Any thread that is not paused goes on at random. If only paused ones could, and not all of them
/// are where they should be, one of them goes on, at random, too. When all are there, nobody is
/// paused any more: if each of them holds what the next one takes, the execution is a deadlock, and
/// else it goes on as it will.
///
/// *Guarantee:* none but that a deadlock it ends in is one. *When:* two threads were seen to take
/// two locks in opposite orders, and the question is whether they can meet.
///
/// ```
/// use lockproof_explore::{
///     CycleEdge, Bug, Directed, Mutex, NamedPlace, Options, Place, explore, here, join, spawn,
/// };
///
/// let named = |place: Place| NamedPlace {
///     file: place.file().to_owned(),
///     line: place.line(),
///     column: place.column(),
/// };
/// let [first, second, third, fourth] = [here(), here(), here(), here()];
/// let approaches = vec![
///     CycleEdge { thread: "0".into(), holding: named(first), taking: named(second) },
///     CycleEdge { thread: "0.0".into(), holding: named(third), taking: named(fourth) },
/// ];
/// let outcome = explore(&Options::default(), &mut Directed::new(0, 1, approaches), &mut (), move || {
///     let (a, b) = (Mutex::new(), Mutex::new());
///     let take = move |one: Mutex, at, other: Mutex, then| {
///         one.lock(at);
///         other.lock(then);
///         other.unlock(here());
///         one.unlock(here());
///     };
///     let child = spawn(None, move || take(b, third, a, fourth), here());
///     take(a, first, b, second);
///     join(child, here()).unwrap();
/// });
/// let failure = outcome.failure.expect("both threads are where they should be");
/// assert!(matches!(failure.bug, Bug::Deadlock { .. }));
/// ```
#[derive(Clone, Debug)]
pub struct Directed {
    samples: Samples,
    approaches: Vec<CycleEdge>,
    /// By approach.
    progress: Vec<EdgeState>,
    /// Whether all threads were where they should be.
    arrived: bool,
    free: Vec<ThreadId>,
}

/// How far a thread is on its approach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EdgeState {
    /// It does not hold the lock.
    Away,
    /// It holds this one, or has done what takes no lock.
    Holds(Option<ObjectId>),
}

impl Directed {
    /// That many executions from this seed, towards the deadlock that these approaches make.
    pub fn new(seed: u64, executions: u64, approaches: Vec<CycleEdge>) -> Self {
        Self {
            samples: Samples::new(seed, executions),
            progress: vec![EdgeState::Away; approaches.len()],
            approaches,
            arrived: false,
            free: Vec::new(),
        }
    }

    /// The approach that `thread` has come to the end of.
    fn is_there(&self, thread: ThreadId, view: &View<'_>) -> bool {
        let Some(operation) = view.pending(thread) else { return false };
        let mut approaches = self.approaches.iter().zip(&self.progress);
        approaches.any(|(approach, progress)| {
            *progress != EdgeState::Away
                && takes(operation)
                && approach.taking.is(operation.location)
                && view.path(thread) == approach.thread
        })
    }

    fn all_are_there(&self, view: &View<'_>) -> bool {
        view.unfinished().filter(|thread| self.is_there(*thread, view)).count()
            == self.approaches.len()
    }
}

impl SearchStrategy for Directed {
    fn begin(&mut self) -> bool {
        self.progress.fill(EdgeState::Away);
        self.arrived = false;
        self.samples.begin()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        self.arrived = self.arrived || self.all_are_there(view);
        let mut free = std::mem::take(&mut self.free);
        free.clear();
        free.extend(view.enabled().filter(|thread| self.arrived || !self.is_there(*thread, view)));
        if free.is_empty() {
            free.extend(view.enabled());
        }
        let thread = (!free.is_empty()).then(|| free[self.samples.rng.below(free.len())]);
        self.free = free;
        thread.map_or(Pick::Nothing, |thread| self.samples.run(view, thread))
    }

    fn executed(&mut self, event: &VisibleEvent, view: &View<'_>) {
        let operation = &event.operation;
        let (acquired, given_up) = (acquired(event), given_up(event));
        for (approach, progress) in self.approaches.iter().zip(&mut self.progress) {
            let next = match (acquired, given_up) {
                (_, Some(lock)) if *progress == EdgeState::Holds(Some(lock)) => EdgeState::Away,
                (Some(lock), _) => EdgeState::Holds(Some(lock)),
                _ if operation.kind == OperationKind::ReadModifyWrite => EdgeState::Holds(None),
                _ => continue,
            };
            let is_at_place = next == EdgeState::Away || approach.holding.is(operation.location);
            if is_at_place && view.path(event.thread) == approach.thread {
                *progress = next;
            }
        }
    }
}

/// Whether the operation takes a lock, or begins what the facade builds from atomics.
fn takes(operation: &VisibleOperation) -> bool {
    operation.kind.is_blocking_acquire() || operation.kind == OperationKind::ReadModifyWrite
}

fn acquired(event: &VisibleEvent) -> Option<ObjectId> {
    let acquires = matches!(event.access, Access::Acquire | Access::AcquireShared);
    event.operation.object().filter(|_| acquires)
}

fn given_up(event: &VisibleEvent) -> Option<ObjectId> {
    let releases = matches!(event.access, Access::Release | Access::ReleaseShared);
    event.operation.object().filter(|_| releases).or(event.operation.released_mutex())
}
