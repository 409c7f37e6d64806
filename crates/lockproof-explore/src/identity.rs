//! Names for threads and objects that do not depend on the schedule.
//!
//! Two executions of one exploration must call the same thread and the same object by the same
//! name, or the reduction would compare apples with pears. A thread is named by its creator and
//! the creator's count of spawns. An object made on purpose is named by its creator and the
//! creator's count of objects; an object that comes to light at its first use is named after the
//! operation (thread and position) that used it in an earlier execution.
//!
//! Invariant: within one execution no two objects have the same name. The tables grow with the
//! model, not with the number of executions.

/// A model thread. `main`, the model's own, is [`ThreadId::MAIN`].
///
/// The number is the same in every execution of one exploration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadId(pub(crate) u16);

impl ThreadId {
    /// The thread that runs the model's closure.
    pub const MAIN: Self = Self(0);

    /// A small number, from 0, dense over the threads of an exploration.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// An object that operations are about: a lock, a condition variable, an atomic, a cell, or a
/// thread's park token.
///
/// The number is the same in every execution of one exploration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub(crate) u32);

impl ObjectId {
    /// Stands for "no object".
    pub(crate) const NONE: Self = Self(u32::MAX);

    /// Named objects have the even numbers.
    pub(crate) fn named(name: u32) -> Self {
        Self(2 * name)
    }

    /// Park tokens have the odd numbers.
    pub(crate) fn token_of(thread: ThreadId) -> Self {
        Self(2 * u32::from(thread.0) + 1)
    }

    fn is_token(self) -> bool {
        self.0 % 2 == 1
    }

    /// A small number, dense enough to index tables with.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// How an object comes by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Birth {
    /// It was made on purpose; the creator's number of objects so far.
    Created(u32),
    /// It came to light at an operation; that operation's number in its thread.
    FirstUsedBy(u32),
}

/// The names given so far, over all executions of one exploration.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    /// `children[creator][count]`
    children: Vec<Vec<ThreadId>>,
    /// `parents[thread]`: the creator and its count.
    parents: Vec<Option<(ThreadId, u32)>>,
    /// `created[creator][count]`: the object's name.
    created: Vec<Vec<u32>>,
    /// `used[thread][operation]`: the name last seen there.
    used: Vec<Vec<u32>>,
    /// By name: the execution that has given it out, or `u64::MAX` for names kept for creators.
    bound: Vec<u64>,
    execution: u64,
}

const KEPT: u64 = u64::MAX;
const UNKNOWN: u32 = u32::MAX;

impl Naming {
    /// A new execution: every name may be given out again.
    pub(crate) fn begin(&mut self) {
        self.execution += 1;
        if self.parents.is_empty() {
            self.parents.push(None);
        }
    }

    /// The name of the `count`-th child of `creator`.
    pub(crate) fn thread(&mut self, creator: ThreadId, count: u32) -> ThreadId {
        let next = self.parents.len();
        let children = row(&mut self.children, creator.index());
        if let Some(child) = children.get(count as usize) {
            return *child;
        }
        debug_assert_eq!(children.len(), count as usize, "children are counted one by one");
        let child = ThreadId(u16::try_from(next).expect("fewer than 65,536 threads"));
        children.push(child);
        self.parents.push(Some((creator, count)));
        child
    }

    /// The name of a thread for people and for schedules on disk: the count of each spawn on the
    /// way from `main`, joined by dots; `0` is `main` itself.
    pub(crate) fn path(&self, thread: ThreadId) -> String {
        match self.parents.get(thread.index()).copied().flatten() {
            None => "0".to_owned(),
            Some((creator, count)) => format!("{}.{count}", self.path(creator)),
        }
    }

    /// The name of a new object.
    pub(crate) fn object(&mut self, creator: ThreadId, birth: Birth) -> ObjectId {
        let name = match birth {
            Birth::Created(count) => self.created_name(creator, count),
            Birth::FirstUsedBy(operation) => self.first_use_name(creator, operation),
        };
        ObjectId::named(name)
    }

    fn created_name(&mut self, creator: ThreadId, count: u32) -> u32 {
        if let Some(name) = row(&mut self.created, creator.index()).get(count as usize) {
            return *name;
        }
        let name = self.fresh();
        self.bound[name as usize] = KEPT;
        row(&mut self.created, creator.index()).push(name);
        name
    }

    fn first_use_name(&mut self, thread: ThreadId, operation: u32) -> u32 {
        let seen = row(&mut self.used, thread.index()).get(operation as usize).copied();
        let name = match seen {
            Some(name) if name != UNKNOWN && self.is_free(name) => name,
            _ => self.fresh(),
        };
        self.bound[name as usize] = self.execution;
        name
    }

    fn is_free(&self, name: u32) -> bool {
        let bound = self.bound[name as usize];
        bound != KEPT && bound != self.execution
    }

    /// A name that nobody has: a new one while the table is small against the objects of one
    /// execution, so that a name which some operation is known to use is left to it; then the
    /// lowest free one, so that memory does not grow with the number of executions.
    fn fresh(&mut self) -> u32 {
        let in_use = self.bound.iter().filter(|bound| **bound == self.execution || **bound == KEPT);
        if self.bound.len() < 64 || self.bound.len() < 4 * in_use.count() {
            self.bound.push(0);
            return u32::try_from(self.bound.len() - 1).expect("fewer objects than numbers");
        }
        let free = (0..).find(|name| self.is_free(*name));
        free.expect("three quarters of the names are free")
    }

    /// Remembers that `thread`'s operation used `object`.
    #[inline]
    pub(crate) fn note_use(&mut self, thread: ThreadId, operation: u32, object: ObjectId) {
        if object.is_token() {
            return;
        }
        let row = row(&mut self.used, thread.index());
        let position = operation as usize;
        if row.len() <= position {
            row.resize(position + 1, UNKNOWN);
        }
        row[position] = object.0 / 2;
    }
}

fn row<T>(rows: &mut Vec<Vec<T>>, index: usize) -> &mut Vec<T> {
    if rows.len() <= index {
        rows.resize_with(index + 1, Vec::new);
    }
    &mut rows[index]
}
