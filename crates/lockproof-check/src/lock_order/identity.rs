//! Identity of threads and locks across executions.
//!
//! A thread is known by its path of spawns: `0` is the model's own, `0.1` its second child. A lock
//! is known by its kind, its name, the place where it was made, and its rank among the locks of one
//! execution that have these in common. The rank must not depend on the schedule, so it goes by
//! which thread made the lock and when, where that is known (of locks that were named inside the
//! model), and otherwise by the first thread, in the order of paths, that uses it, and by when
//! *that thread* does so. If every thread does the same in every execution, two locks that were
//! made at one place are never confused, whichever comes first. Where an execution uses only some
//! of them, and they have no names, they may be. So nothing is concluded from different executions
//! alone: a cycle is discharged by what holds in each execution by itself, and confirmed by a
//! deadlock.

use lockproof::trace::{Event, Object, ObjectKind, Operation, SourceLocation};

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
    /// The path of a thread as text.
    pub(super) fn path(&self, thread: usize) -> String {
        let path = self.paths.get(thread).map_or(&[0][..], Vec::as_slice);
        path.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
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

/// Follows an execution: who spawned whom, and who used which object first.
#[derive(Default)]
pub(super) struct IdentityBuilder {
    /// By thread: the count of each spawn on the way from the model's own thread.
    paths: Vec<Vec<u32>>,
    children: Vec<u32>,
    /// By thread: its events.
    counts: Vec<usize>,
    /// By object: of the threads that use it the one with the least path, and its count of events
    /// there.
    first_uses: Vec<Option<(usize, usize)>>,
}

impl IdentityBuilder {
    /// The next event of the execution.
    pub(super) fn event(&mut self, event: &Event) {
        let thread = event.thread;
        self.grow(thread);
        self.counts[thread] += 1;
        if let Operation::Spawn { child } = event.operation {
            self.grow(child);
            let mut path = self.paths[thread].clone();
            path.push(self.children[thread]);
            self.children[thread] += 1;
            self.paths[child] = path;
        }
        let Some(object) = event.object else { return };
        if self.first_uses.len() <= object {
            self.first_uses.resize(object + 1, None);
        }
        let known = self.first_uses[object];
        // The least path, not the first user: who comes first is the schedule's.
        if known.is_none_or(|(other, _)| self.paths[thread] < self.paths[other]) {
            self.first_uses[object] = Some((thread, self.counts[thread]));
        }
    }

    /// The execution has ended; it had these objects.
    pub(super) fn end(self, objects: &[Object]) -> Identities {
        let keys: Vec<_> = objects
            .iter()
            .enumerate()
            .map(|(index, object)| self.rank_key(index, object))
            .collect();
        let locks = objects.iter().enumerate().map(|(index, object)| {
            let alike = objects.iter().zip(&keys).filter(|(other, _)| {
                (other.kind, other.name) == (object.kind, object.name)
                    && other.created == object.created
            });
            // The rank counts those alike that come first, so equal objects of two executions get equal
            // ranks if each thread does the same in both.
            let rank = alike.filter(|(_, key)| **key < keys[index]).count();
            let (kind, name, created) = (object.kind, object.name, object.created.clone());
            is_lock(kind).then_some(LockId { kind, name, created, rank })
        });
        Identities { locks: locks.collect(), paths: self.paths }
    }

    /// The sort key of an object among its like. First those whose maker is known, by the maker and
    /// the order in which it made them; then the others by their first use.
    fn rank_key(&self, index: usize, object: &Object) -> (bool, &[u32], usize) {
        let path = |thread: usize| self.paths.get(thread).map_or(&[0][..], Vec::as_slice);
        if let Some(maker) = object.made_by {
            return (false, path(maker), index);
        }
        let (thread, event) = self.first_uses.get(index).copied().flatten().unwrap_or_default();
        (true, path(thread), event)
    }

    fn grow(&mut self, thread: usize) {
        if self.paths.len() <= thread {
            self.paths.resize(thread + 1, vec![0]);
            self.children.resize(thread + 1, 0);
            self.counts.resize(thread + 1, 0);
        }
    }
}
