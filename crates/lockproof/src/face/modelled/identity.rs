//! Which thread is which: handles and numbers of threads.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use crate::execution::Execution;
use crate::primitives::thread::unpark;

/// See [`std::thread::current`].
pub fn current() -> Thread {
    let Some(execution) = Execution::current() else {
        return Thread(Identity::Plain(std::thread::current()));
    };
    let index = execution.thread();
    let name = execution.thread_name();
    Thread(Identity::Modelled { index, name })
}

/// See [`std::thread::Thread`].
#[derive(Clone)]
pub struct Thread(pub(crate) Identity);

#[derive(Clone)]
pub(crate) enum Identity {
    Plain(std::thread::Thread),
    Modelled { index: usize, name: Option<Arc<str>> },
}

impl Thread {
    /// See [`std::thread::Thread::id`].
    pub fn id(&self) -> ThreadId {
        match &self.0 {
            Identity::Plain(thread) => ThreadId(Id::Plain(thread.id())),
            Identity::Modelled { index, .. } => ThreadId(Id::Modelled(*index)),
        }
    }

    /// See [`std::thread::Thread::name`].
    pub fn name(&self) -> Option<&str> {
        match &self.0 {
            Identity::Plain(thread) => thread.name(),
            Identity::Modelled { name, .. } => name.as_deref(),
        }
    }

    /// See [`std::thread::Thread::unpark`].
    ///
    /// # Panics
    ///
    /// If the thread belongs to a model and its execution is over.
    #[track_caller]
    pub fn unpark(&self) {
        match &self.0 {
            Identity::Plain(thread) => thread.unpark(),
            Identity::Modelled { index, .. } => {
                let execution = Execution::current().expect(
                    "a model thread is unparked outside its execution: keep it inside the model",
                );
                unpark(&execution, *index, Location::caller());
            }
        }
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Thread");
        fields.field("id", &self.id()).field("name", &self.name()).finish_non_exhaustive()
    }
}

/// See [`std::thread::ThreadId`]. Inside a model threads are numbered in the order of creation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThreadId(Id);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Id {
    Plain(std::thread::ThreadId),
    Modelled(usize),
}

impl fmt::Debug for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Id::Plain(id) => id.fmt(f),
            Id::Modelled(index) => write!(f, "ThreadId({index})"),
        }
    }
}
