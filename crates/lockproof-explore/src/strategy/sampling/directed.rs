//! Directed sampling towards a deadlock: Joshi, Park, Sen, Naik, "A Randomized Dynamic Program
//! Analysis Technique for Detecting Real Deadlocks", PLDI 2009 (`DeadlockFuzzer`).

use super::Samples;
use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{OperationKind, Place, VisibleOperation};
use crate::strategy::{Pick, SearchStrategy, View};

/// A place in the code, by name. It may come from another process.
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

/// An edge of a lock-order cycle: a thread acquires a lock at one place, and another lock at another
/// place while it still holds the first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CycleEdge {
    /// The thread's path of spawns, as in a [`Turn`](crate::Turn): `0` for `main`.
    pub thread: String,
    /// The place where it acquires the lock that it holds. If that place acquires no lock, any
    /// read-modify-write there counts.
    pub holding: NamedPlace,
    /// The place where it acquires the other lock.
    pub taking: NamedPlace,
}

/// Random schedules that pause each thread just before it acquires the next lock of a cycle, until
/// all threads of the cycle are paused (Joshi, Park, Sen, Naik, "A Randomized Dynamic Program
/// Analysis Technique for Detecting Real Deadlocks", PLDI 2009).
///
/// Each step is a random choice among the enabled threads that are not paused. If there is none, it
/// is a random choice among the paused ones. When all threads of the cycle are paused, all continue:
/// if each of them holds the lock that the next one acquires, they deadlock.
///
/// *Guarantee:* none, but a deadlock that it reports is real. *When:* threads were seen to acquire
/// locks in a cyclic order, and the question is whether they can deadlock.
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
/// let edges = vec![
///     CycleEdge { thread: "0".into(), holding: named(first), taking: named(second) },
///     CycleEdge { thread: "0.0".into(), holding: named(third), taking: named(fourth) },
/// ];
/// let outcome = explore(&Options::default(), &mut Directed::new(0, 1, edges), &mut (), move || {
///     let (a, b) = (Mutex::new(), Mutex::new());
///     let take = move |one: Mutex, at, other: Mutex, then| {
///         one.lock(at);
///         other.lock(then);
///         other.unlock(here());
///         one.unlock(here());
///     };
///     let child = spawn(move || take(b, third, a, fourth), here());
///     take(a, first, b, second);
///     join(child, here()).unwrap();
/// });
/// let failure = outcome.failure.expect("both threads are paused at once");
/// assert!(matches!(failure.bug, Bug::Deadlock { .. }));
/// ```
#[derive(Clone, Debug)]
pub struct Directed {
    samples: Samples,
    edges: Vec<CycleEdge>,
    /// By edge.
    progress: Vec<EdgeState>,
    /// Whether all threads of the cycle have been paused at once.
    arrived: bool,
    free: Vec<ThreadId>,
}

/// The state of a thread on its edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EdgeState {
    /// It does not hold the first lock.
    Away,
    /// It holds this lock, or has performed the read-modify-write.
    Holds(Option<ObjectId>),
}

impl Directed {
    /// This number of executions from this seed, towards the deadlock of this cycle.
    pub fn new(seed: u64, executions: u64, edges: Vec<CycleEdge>) -> Self {
        Self {
            samples: Samples::new(seed, executions),
            progress: vec![EdgeState::Away; edges.len()],
            edges,
            arrived: false,
            free: Vec::new(),
        }
    }

    /// Whether `thread` is about to acquire the second lock of an edge.
    fn is_paused(&self, thread: ThreadId, view: &View<'_>) -> bool {
        let Some(operation) = view.pending(thread) else { return false };
        let mut edges = self.edges.iter().zip(&self.progress);
        edges.any(|(edge, progress)| {
            *progress != EdgeState::Away
                && acquires(operation)
                && edge.taking.is(operation.location)
                && view.path(thread) == edge.thread
        })
    }

    fn all_are_paused(&self, view: &View<'_>) -> bool {
        view.unfinished().filter(|thread| self.is_paused(*thread, view)).count() == self.edges.len()
    }
}

impl SearchStrategy for Directed {
    fn begin(&mut self) -> bool {
        self.progress.fill(EdgeState::Away);
        self.arrived = false;
        self.samples.begin()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        self.arrived = self.arrived || self.all_are_paused(view);
        let mut free = std::mem::take(&mut self.free);
        free.clear();
        free.extend(view.enabled().filter(|thread| self.arrived || !self.is_paused(*thread, view)));
        if free.is_empty() {
            free.extend(view.enabled());
        }
        let thread = (!free.is_empty()).then(|| free[self.samples.rng.below(free.len())]);
        self.free = free;
        thread.map_or(Pick::Nothing, |thread| self.samples.run(view, thread))
    }

    fn executed(&mut self, event: &VisibleEvent, view: &View<'_>) {
        let operation = &event.operation;
        let (acquired, released) = (acquired(event), released(event));
        for (edge, progress) in self.edges.iter().zip(&mut self.progress) {
            let next = match (acquired, released) {
                (_, Some(lock)) if *progress == EdgeState::Holds(Some(lock)) => EdgeState::Away,
                (Some(lock), _) => EdgeState::Holds(Some(lock)),
                _ if operation.kind == OperationKind::ReadModifyWrite => EdgeState::Holds(None),
                _ => continue,
            };
            let is_at_place = next == EdgeState::Away || edge.holding.is(operation.location);
            if is_at_place && view.path(event.thread) == edge.thread {
                *progress = next;
            }
        }
    }
}

/// Whether the operation acquires a lock, or begins an acquisition that the facade builds from an
/// atomic.
fn acquires(operation: &VisibleOperation) -> bool {
    operation.kind.is_blocking_acquire() || operation.kind == OperationKind::ReadModifyWrite
}

fn acquired(event: &VisibleEvent) -> Option<ObjectId> {
    let is_acquisition = matches!(event.access, Access::Acquire | Access::AcquireShared);
    event.operation.object().filter(|_| is_acquisition)
}

fn released(event: &VisibleEvent) -> Option<ObjectId> {
    let releases = matches!(event.access, Access::Release | Access::ReleaseShared);
    event.operation.object().filter(|_| releases).or(event.operation.released_mutex())
}
