//! The thread-local values of an execution, and their destruction in std's order.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::Execution;

/// What a thread has under a key.
pub(crate) enum Local {
    Absent,
    Present(Rc<dyn Any>),
    Destroyed,
}

/// The thread-local values of an execution.
#[derive(Default)]
pub(crate) struct Locals(RefCell<Vec<Entry>>);

struct Entry {
    thread: usize,
    key: usize,
    /// `None` when it is destroyed.
    value: Option<Rc<dyn Any>>,
    has_destructor: bool,
}

impl Execution {
    pub(crate) fn local(&self, key: usize) -> Local {
        let locals = self.locals.0.borrow();
        let entry = locals.iter().find(|entry| (entry.thread, entry.key) == (self.thread(), key));
        match entry {
            None => Local::Absent,
            Some(Entry { value: None, .. }) => Local::Destroyed,
            Some(Entry { value: Some(value), .. }) => Local::Present(Rc::clone(value)),
        }
    }

    pub(crate) fn set_local(&self, key: usize, value: Rc<dyn Any>, has_destructor: bool) {
        let thread = self.thread();
        let mut locals = self.locals.0.borrow_mut();
        let entry = Entry { thread, key, value: Some(value), has_destructor };
        // An initialization that used its own key has lost: the outer value replaces it.
        let inner = locals.iter().position(|entry| (entry.thread, entry.key) == (thread, key));
        let replaced = inner.map(|index| locals[index].value.take());
        match inner {
            None => locals.push(entry),
            Some(index) => locals[index] = entry,
        }
        drop(locals);
        drop(replaced);
    }

    /// Drops the values of the current thread, the one that was initialized last first; a value
    /// that a destructor initializes is next. Values without a destructor stay until all are gone.
    pub(crate) fn destroy_locals(&self) {
        let thread = self.thread();
        let next = || {
            let mut locals = self.locals.0.borrow_mut();
            let alive = |entry: &&mut Entry| {
                entry.thread == thread && entry.has_destructor && entry.value.is_some()
            };
            locals.iter_mut().rfind(alive).and_then(|entry| entry.value.take())
        };
        while let Some(value) = next() {
            drop(value);
        }
    }
}
