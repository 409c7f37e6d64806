//! Which thread and which lock of one execution is which of another.
//!
//! A thread is known by its path of spawns: `0` is the model's own, `0.1` its second child. A lock
//! is known by its kind, its name, the place where it was made, and its rank among the locks of one
//! execution that have these in common. The rank must not depend on the schedule, so it goes by
//! which thread made the lock and when, where that is known (of locks that were named inside the
//! model), and otherwise by the first thread, in the order of paths, that uses it, and by when *that
//! thread* does so. If every thread does the same in every execution, two locks that were made at
//! one place are never confused, whoever comes first. Where an execution uses only some of them,
//! and they have no names, they may be. So nothing is concluded from different executions alone: a
//! cycle is discharged by what holds in each execution by itself, and confirmed by a deadlock.

use lockproof::trace::{ObjectKind, Operation, SourceLocation, Trace};

/// A lock, in any execution of a model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct LockId {
    pub(super) kind: ObjectKind,
    pub(super) name: Option<&'static str>,
    pub(super) created: SourceLocation,
    rank: usize,
}

/// The threads and locks of one execution by what they are called in all of them.
pub(super) struct Identities {
    paths: Vec<Vec<u32>>,
    locks: Vec<Option<LockId>>,
}

impl Identities {
    pub(super) fn of(trace: &Trace) -> Self {
        let paths = paths(trace);
        let keys = rank_keys(trace, &paths);
        let locks = trace.objects.iter().enumerate().map(|(index, object)| {
            let alike = trace.objects.iter().zip(&keys).filter(|(other, _)| {
                (other.kind, other.name) == (object.kind, object.name)
                    && other.created == object.created
            });
            let rank = alike.filter(|(_, key)| **key < keys[index]).count();
            let (kind, name, created) = (object.kind, object.name, object.created.clone());
            is_lock(kind).then_some(LockId { kind, name, created, rank })
        });
        let locks = locks.collect();
        Self { paths, locks }
    }

    /// The path of a thread as text.
    pub(super) fn path(&self, thread: usize) -> String {
        let counts: Vec<_> = self.paths[thread].iter().map(ToString::to_string).collect();
        counts.join(".")
    }

    /// The lock that an object is, if it is one.
    pub(super) fn lock(&self, object: usize) -> Option<&LockId> {
        self.locks[object].as_ref()
    }
}

/// Whether a thread can hold it.
pub(super) fn is_lock(kind: ObjectKind) -> bool {
    use ObjectKind::{LazyLock, Mutex, Once, OnceLock, RwLock};
    matches!(kind, Mutex | RwLock | Once | OnceLock | LazyLock)
}

/// By thread: the count of each spawn on the way from the model's own thread.
fn paths(trace: &Trace) -> Vec<Vec<u32>> {
    let mut paths = vec![vec![0]; trace.threads.len()];
    let mut children = vec![0; trace.threads.len()];
    for event in &trace.events {
        if let Operation::Spawn { child } = event.operation {
            let mut path = paths[event.thread].clone();
            path.push(children[event.thread]);
            children[event.thread] += 1;
            paths[child] = path;
        }
    }
    paths
}

/// By object: what decides its rank. First those whose maker is known, by the maker and the order
/// in which it made them; then the others by their first use.
fn rank_keys(trace: &Trace, paths: &[Vec<u32>]) -> Vec<(bool, Vec<u32>, usize)> {
    let uses = first_uses(trace, paths);
    let key = |(index, used): (usize, &Option<(usize, usize)>)| {
        if let Some(maker) = trace.objects[index].made_by {
            return (false, paths[maker].clone(), index);
        }
        let (thread, event) = used.unwrap_or_default();
        (true, paths[thread].clone(), event)
    };
    uses.iter().enumerate().map(key).collect()
}

/// By object: of the threads that use it the one with the least path, and its count of events there.
fn first_uses(trace: &Trace, paths: &[Vec<u32>]) -> Vec<Option<(usize, usize)>> {
    let mut uses: Vec<Option<(usize, usize)>> = vec![None; trace.objects.len()];
    let mut counts = vec![0; trace.threads.len()];
    for event in &trace.events {
        counts[event.thread] += 1;
        let Some(object) = event.object else { continue };
        let comes_first =
            uses[object].is_none_or(|(thread, _)| paths[event.thread] < paths[thread]);
        if comes_first {
            uses[object] = Some((event.thread, counts[event.thread]));
        }
    }
    uses
}
