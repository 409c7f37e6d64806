//! Which equivalence class the execution at hand belongs to, as a hash.
//!
//! A class is the set of its events, each with what happens before it by the dependency relation.
//! The hash of an event is made of its thread's count of events, of the hash of the thread's last
//! event, and of the hashes of all other events before that it depends on, added up, as their order
//! among themselves is in their own hashes. The hash of the class is the sum over all events.
//!
//! Names of objects are not part of it: what an event is about follows from its past.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

use crate::dependency::Reduction;
use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::OperationKind;

/// The class of the events so far.
#[derive(Debug)]
pub(super) struct Class<R> {
    sum: u128,
    /// By [`ThreadId::index`]: the hash of its spawn, and then of each of its events.
    threads: Vec<Vec<u128>>,
    /// By [`ObjectId::index`]: the sums over the events at it, by how they accessed it.
    objects: Vec<Vec<(Access, u128)>>,
    /// The last event on which all later ones depend.
    late: u128,
    reduction: PhantomData<R>,
}

impl<R> Default for Class<R> {
    fn default() -> Self {
        Self { sum: 0, threads: vec![], objects: vec![], late: 0, reduction: PhantomData }
    }
}

impl<R: Reduction> Class<R> {
    /// A new execution.
    pub(super) fn begin(&mut self) {
        (self.sum, self.late) = (0, 0);
        self.threads.iter_mut().for_each(Vec::clear);
        self.objects.iter_mut().for_each(Vec::clear);
        self.history(ThreadId::MAIN).push(0);
    }

    /// An event took effect.
    pub(super) fn add(&mut self, event: &VisibleEvent) {
        let cause = match event.cause.sequence {
            0 => 0,
            sequence => self.history(event.cause.thread)[sequence as usize],
        };
        let everything = if event.late { self.sum } else { 0 };
        let past = self
            .conflicting(event.operation.object, event.access)
            .wrapping_add(self.conflicting(event.operation.second, event.second_access));
        let last = self.history(event.thread).last().copied();
        let what = (event.thread, event.alternative, event.sequence, event.late);
        let hash = hash(&(what, last, past, cause, everything, self.late));
        self.sum = self.sum.wrapping_add(hash);
        self.history(event.thread).push(hash);
        self.enter(event.operation.object, event.access, hash);
        self.enter(event.operation.second, event.second_access, hash);
        if event.operation.kind == OperationKind::Spawn {
            self.history(event.operation.peer).push(hash);
        }
        if event.late {
            self.late = hash;
        }
    }

    /// What the continuations follow from: the class, and who could go on.
    pub(super) fn key(&self, running: Option<ThreadId>) -> u128 {
        hash(&(self.sum, running.filter(|_| R::tells_who_runs())))
    }

    fn history(&mut self, thread: ThreadId) -> &mut Vec<u128> {
        entry(&mut self.threads, thread.index())
    }

    /// The sum over the events that one with this access would depend on.
    fn conflicting(&self, object: ObjectId, access: Access) -> u128 {
        let Some(accesses) = self.objects.get(object.index()).filter(|_| access != Access::None)
        else {
            return 0;
        };
        let conflicting = accesses.iter().filter(|(earlier, _)| R::conflict(*earlier, access));
        conflicting.fold(0, |sum, (_, hashes)| sum.wrapping_add(*hashes))
    }

    fn enter(&mut self, object: ObjectId, access: Access, hash: u128) {
        if access == Access::None || !object.is_some() {
            return;
        }
        let accesses = entry(&mut self.objects, object.index());
        match accesses.iter_mut().find(|(known, _)| *known == access) {
            Some((_, sum)) => *sum = sum.wrapping_add(hash),
            None => accesses.push((access, hash)),
        }
    }
}

fn entry<T: Default>(table: &mut Vec<T>, index: usize) -> &mut T {
    if table.len() <= index {
        table.resize_with(index + 1, T::default);
    }
    &mut table[index]
}

/// Two hashes of 64 bits that have nothing to do with each other.
fn hash(of: &impl Hash) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        of.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
