//! The equivalence class of the current execution, as a hash.
//!
//! A class is the set of its events, each with its happens-before past by the dependency relation.
//! The hash of an event consists of its number among the events of its thread, of the hash of the
//! thread's event before it, and of the sum of the hashes of all other earlier events that it
//! depends on. A sum suffices, because their order among themselves is in their own hashes. The hash
//! of the class is the sum over all events.
//!
//! Names of objects are not part of it: the object of an event follows from its past.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::dependency::conflict;
use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::mutant;
use crate::operation::OperationKind;

/// The equivalence class of the events so far.
#[derive(Debug, Default)]
pub(super) struct Class {
    sum: u128,
    /// By [`ThreadId::index`]: the hash of its spawn, and then of each of its events.
    threads: Vec<Vec<u128>>,
    /// By [`ObjectId::index`]: the sums over the events at it, by how they accessed it.
    objects: Vec<Vec<(Access, u128)>>,
    /// The hash of the last late event, on which all later ones depend.
    late: u128,
}

impl Class {
    /// Begins a new execution.
    pub(super) fn begin(&mut self) {
        (self.sum, self.late) = (0, 0);
        self.threads.iter_mut().for_each(Vec::clear);
        self.objects.iter_mut().for_each(Vec::clear);
        self.history(ThreadId::MAIN).push(0);
    }

    /// Adds an event that took effect.
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
        let own = (event.thread, event.alternative, event.sequence, event.late);
        let hash = hash(&(own, last, past, cause, everything, self.late));
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

    /// The key of the prefix: its class, and the thread on which the cost of the next step depends.
    pub(super) fn key(&self, running: Option<ThreadId>) -> u128 {
        hash(&(self.sum, running.filter(|_| !mutant::ignores_running_thread())))
    }

    fn history(&mut self, thread: ThreadId) -> &mut Vec<u128> {
        entry(&mut self.threads, thread.index())
    }

    /// The sum over the events at `object` that one with this access depends on.
    fn conflicting(&self, object: ObjectId, access: Access) -> u128 {
        let Some(accesses) = self.objects.get(object.index()).filter(|_| access != Access::None)
        else {
            return 0;
        };
        let conflicting = accesses.iter().filter(|(earlier, _)| conflict(*earlier, access));
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

/// Two hashes of 64 bits, made independent of each other by a salt.
fn hash(of: &impl Hash) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        of.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
