//! The names of threads and objects.
//!
//! A thread is named by its creator and the creator's count of spawns, an explicitly created object
//! by its creator and the creator's count of objects. These names do not depend on the schedule. An
//! object that is created at its first use is named by the operation (thread and position) that was
//! about to use it. Executions with a common prefix give it the same name there. After that, another
//! thread may be the first, and the reduction does not rely on such a name.
//!
//! Invariant: within one execution no two objects have the same name. The tables grow with the
//! model, not with the number of executions.

use crate::identity::{ObjectId, ThreadId};
use crate::tables::entry;

/// The creation of an object, which decides its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Explicitly, after this number of other objects of the creator.
    Created(u32),
    /// At its first use, by this operation of the thread that used it.
    FirstUsed(u32),
}

/// The names given so far, over all executions of one exploration.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    /// `children[creator][count]`
    children: Vec<Vec<ThreadId>>,
    /// `parents[thread]`: the creator and its count.
    parents: Vec<Option<(ThreadId, u32)>>,
    /// `created[creator][count]`, `first_used[user][operation]`: the first of the names of the
    /// objects. One operation may be the first to use several.
    created: Vec<Vec<ObjectId>>,
    first_used: Vec<Vec<ObjectId>>,
    /// By [`ObjectId::slot`].
    names: Vec<Name>,
    /// Counts the executions, over all explorations that use these tables.
    pub(super) execution: u64,
}

/// The name of an object.
#[derive(Clone, Copy, Debug)]
struct Name {
    /// The last execution that has given it out.
    given_in: u64,
    /// The next name of an object with the same origin.
    next: ObjectId,
}

impl Naming {
    /// Prepares for another exploration: no name has been given out yet.
    pub(crate) fn clear(&mut self) {
        self.children.iter_mut().for_each(Vec::clear);
        self.parents.clear();
        self.created.iter_mut().chain(&mut self.first_used).for_each(Vec::clear);
        self.names.clear();
    }

    /// The number of threads: more than the index of any.
    pub(crate) fn thread_count(&self) -> usize {
        self.parents.len().max(1)
    }

    /// The name of the `count`-th child of `creator`.
    pub(crate) fn thread(&mut self, creator: ThreadId, count: u32) -> ThreadId {
        if self.parents.is_empty() {
            self.parents.push(None);
        }
        let next = self.parents.len();
        let children = entry(&mut self.children, creator.index());
        if let Some(child) = children.get(count as usize) {
            return *child;
        }
        debug_assert_eq!(children.len(), count as usize, "children are counted one by one");
        let child = ThreadId(u16::try_from(next).expect("fewer than 65,536 threads"));
        children.push(child);
        self.parents.push(Some((creator, count)));
        child
    }

    /// The name of a thread for people and for schedules on disk: the count of each spawn on the way
    /// from `main`, joined by dots. `0` is `main` itself.
    pub(crate) fn path(&self, thread: ThreadId) -> String {
        match self.parents.get(thread.index()).copied().flatten() {
            None => "0".to_owned(),
            Some((creator, count)) => format!("{}.{count}", self.path(creator)),
        }
    }

    /// Begins a new execution: every name may be given out again.
    pub(crate) fn begin(&mut self) {
        self.execution += 1;
    }

    /// The name of a new object.
    pub(crate) fn object(&mut self, creator: ThreadId, origin: Origin) -> ObjectId {
        let (table, position) = match origin {
            Origin::Created(count) => (&mut self.created, count),
            Origin::FirstUsed(operation) => (&mut self.first_used, operation),
        };
        let names = entry(table, creator.index());
        let position = position as usize;
        if names.len() <= position {
            names.resize(position + 1, ObjectId::NONE);
        }
        let (mut name, mut last) = (names[position], ObjectId::NONE);
        while name.is_some() && self.names[name.slot()].given_in == self.execution {
            (name, last) = (self.names[name.slot()].next, name);
        }
        if name.is_some() {
            self.names[name.slot()].given_in = self.execution;
            return name;
        }
        let number = u32::try_from(self.names.len()).expect("fewer objects than numbers");
        name = ObjectId::named(number, matches!(origin, Origin::FirstUsed(_)));
        self.names.push(Name { given_in: self.execution, next: ObjectId::NONE });
        if last.is_some() {
            self.names[last.slot()].next = name;
        } else {
            names[position] = name;
        }
        name
    }
}
