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

use crate::dependency::AccessTable;
use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::mutant;
use crate::operation::OperationKind;
use crate::tables::entry;

/// The equivalence class of the events so far.
#[derive(Debug, Default)]
pub(super) struct Class {
    sum: u128,
    /// By [`ThreadId::index`]: the hash of its spawn, and then of each of its events.
    threads: Vec<Vec<u128>>,
    /// The sums over the events with each access to each object.
    accesses: AccessTable<u128>,
    /// The hash of the last late event, on which all later ones depend.
    late: u128,
}

impl Class {
    /// Begins a new execution.
    pub(super) fn begin(&mut self) {
        (self.sum, self.late) = (0, 0);
        self.threads.iter_mut().for_each(Vec::clear);
        self.accesses.clear();
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
        let hashes = self.accesses.conflicting(object, access);
        hashes.fold(0, |sum, hash| sum.wrapping_add(*hash))
    }

    fn enter(&mut self, object: ObjectId, access: Access, hash: u128) {
        if let Some(sum) = self.accesses.value(object, access) {
            *sum = sum.wrapping_add(hash);
        }
    }
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
