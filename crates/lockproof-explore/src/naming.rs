//! Names for threads and objects that do not depend on the schedule.
//!
//! A thread is named by its creator and the creator's count of spawns, an object made on purpose
//! by its creator and the creator's count of objects. An object that comes to light at its first
//! use is named by the use: a thread, and that thread's *history*, which stands for the operations
//! it has performed and how they turned out. If another use comes first in a later execution, and
//! was seen to be about that object before, the name is remembered; a use with a new history is
//! taken to be about the same object as other uses by its thread at the same place in the code.
//!
//! A thread whose course depends on what no operation returns (data behind a lock) can have the
//! same history and yet use another object. If a use is seen with another name than before, and
//! the name from before is not in use, both are *ambiguous*, and the reduction does not rely on
//! them.
//!
//! Invariants: within one execution no two objects have the same name; executions with a common
//! beginning give the same names there. The tables grow with the model, not with the number of
//! executions, and not beyond [`MOST_USES`].

use std::collections::HashMap;

use crate::identity::{ObjectId, ThreadId};
use crate::operation::Place;

/// How an object comes by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Birth {
    /// It was made on purpose; the creator's number of objects so far.
    Created(u32),
    /// It came to light at an operation, at this place in the code, of a thread with this history.
    FirstUsed(Place, u64),
}

/// The names given so far, over all executions of one exploration.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    /// `children[creator][count]`
    children: Vec<Vec<ThreadId>>,
    /// `parents[thread]`: the creator and its count.
    parents: Vec<Option<(ThreadId, u32)>>,
    /// `created[creator][count]`: the object's name.
    created: Vec<Vec<ObjectId>>,
    /// By history: the names of the objects that it was the first to use.
    first_used: HashMap<u64, Vec<ObjectId>>,
    /// By history: the object first seen to be used.
    used: HashMap<u64, ObjectId>,
    /// By user and place in the code: the object first seen to be used, whatever the history.
    used_at: HashMap<(ThreadId, Place), ObjectId>,
    /// `recent[user][operation]`: what was looked up there last.
    recent: Vec<Vec<(u64, ObjectId)>>,
    /// By name: the execution that has given it out last.
    given: Vec<u64>,
    ambiguous: Vec<bool>,
    execution: u64,
}

impl Naming {
    /// The name of the `count`-th child of `creator`.
    pub(crate) fn thread(&mut self, creator: ThreadId, count: u32) -> ThreadId {
        if self.parents.is_empty() {
            self.parents.push(None);
        }
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

    /// A new execution: every name may be given out again.
    pub(crate) fn begin(&mut self) {
        self.execution += 1;
    }

    /// The name of a new object.
    pub(crate) fn object(&mut self, creator: ThreadId, birth: Birth) -> ObjectId {
        match birth {
            Birth::Created(count) => {
                let names = row(&mut self.created, creator.index());
                let known = names.get(count as usize).copied();
                let name = known.unwrap_or_else(|| {
                    let name = self.fresh(birth);
                    row(&mut self.created, creator.index()).push(name);
                    name
                });
                self.given[name.slot()] = self.execution;
                name
            }
            Birth::FirstUsed(place, history) => {
                let name = self.name_by_use(creator, place, history);
                self.given[name.slot()] = self.execution;
                name
            }
        }
    }

    fn name_by_use(&mut self, user: ThreadId, place: Place, history: u64) -> ObjectId {
        let seen = self.used.get(&history).or_else(|| self.used_at.get(&(user, place))).copied();
        if let Some(name) = seen.filter(|name| self.given[name.slot()] != self.execution) {
            return name;
        }
        let names = self.first_used.entry(history).or_default();
        let own = names.iter().copied().find(|name| self.given[name.slot()] != self.execution);
        own.unwrap_or_else(|| {
            let name = self.fresh(Birth::FirstUsed(place, history));
            self.first_used.entry(history).or_default().push(name);
            name
        })
    }

    fn fresh(&mut self, birth: Birth) -> ObjectId {
        let name = u32::try_from(self.given.len()).expect("fewer objects than numbers");
        self.given.push(0);
        self.ambiguous.push(false);
        ObjectId::named(name, matches!(birth, Birth::FirstUsed(..)))
    }

    /// Remembers that `user`, with this history, was about to use `object` in its next operation;
    /// says whether that makes a name ambiguous.
    #[inline]
    pub(crate) fn note_use(
        &mut self,
        (user, operation): (ThreadId, u32),
        (place, history): (Place, u64),
        object: ObjectId,
    ) -> bool {
        if !object.is_named_by_chance() {
            return false;
        }
        let recent = row(row(&mut self.recent, user.index()), operation as usize);
        if *recent == (history, object) {
            return false;
        }
        *recent = (history, object);
        self.used_at.entry((user, place)).or_insert(object);
        self.enter_use(history, object)
    }

    fn enter_use(&mut self, history: u64, object: ObjectId) -> bool {
        if self.used.len() >= MOST_USES && !self.used.contains_key(&history) {
            return !std::mem::replace(&mut self.ambiguous[object.slot()], true);
        }
        let seen = *self.used.entry(history).or_insert(object);
        if seen == object || self.given[seen.slot()] == self.execution {
            // If both names are in use here, it is about another object than before.
            return false;
        }
        let mut news = false;
        for name in [seen, object] {
            news |= !std::mem::replace(&mut self.ambiguous[name.slot()], true);
        }
        news
    }

    /// Whether an operation was seen with two names that may mean one object, this being one.
    pub(crate) fn is_ambiguous(&self, object: ObjectId) -> bool {
        object.is_named_by_chance() && self.ambiguous[object.slot()]
    }
}

/// More uses of objects than this are not remembered; the names concerned become ambiguous.
const MOST_USES: usize = 1 << 17;

fn row<T: Default>(rows: &mut Vec<T>, index: usize) -> &mut T {
    if rows.len() <= index {
        rows.resize_with(index + 1, T::default);
    }
    &mut rows[index]
}
