//! What one execution did: its threads, the objects they touched, and the events in order.
//!
//! The facade writes the trace, so it looks the same on every engine. A trace is complete for its
//! execution: every operation on a modelled primitive is one event, and a thread that never got
//! further ends in one event with [`Phase::Blocked`].

mod lock_effect;
mod operation;
mod value;

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

pub use lock_effect::{LockEffect, LockMode};
pub use operation::{Operation, WakeUp};
pub use value::Value;

/// The events of one execution, in the order in which they took effect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Trace {
    /// The threads in the order of their creation; the first is the model's own, `main`.
    pub threads: Vec<String>,
    /// The primitives that were used, in the order of their first use.
    pub objects: Vec<Object>,
    /// What happened, oldest first.
    pub events: Vec<Event>,
}

impl Trace {
    /// The object an event is about, if it is about one.
    pub fn object_of(&self, event: &Event) -> Option<&Object> {
        event.object.map(|index| &self.objects[index])
    }
}

/// A primitive that a model used. `Display` gives its name, or its kind and number.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// The name given with [`Named`](crate::extension::Named).
    pub name: Option<&'static str>,
    /// Which one of that name it is, or of its kind if it has no name, from 1.
    pub number: usize,
    /// Where it was made.
    pub created: SourceLocation,
    /// The thread that made it, an index into [`Trace::threads`], where that is known: of a lock
    /// that was named inside the model. Such objects stand in the order in which each thread made
    /// them, whichever thread uses them first.
    pub made_by: Option<usize>,
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.name, self.number) {
            (None, number) => write!(f, "{} {number}", self.kind),
            (Some(name), 1) => f.write_str(name),
            (Some(name), number) => write!(f, "{name}#{number}"),
        }
    }
}

/// The kinds of primitives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ObjectKind {
    /// A [`Mutex`](crate::sync::Mutex).
    Mutex,
    /// An [`RwLock`](crate::sync::RwLock).
    RwLock,
    /// A [`Condvar`](crate::sync::Condvar).
    Condvar,
    /// An atomic of any width.
    Atomic,
    /// An [`UnsafeCell`](crate::cell::UnsafeCell).
    Cell,
    /// A [`Once`](crate::sync::Once).
    Once,
    /// A [`OnceLock`](crate::sync::OnceLock).
    OnceLock,
    /// A [`LazyLock`](crate::sync::LazyLock).
    LazyLock,
    /// A [`Barrier`](crate::sync::Barrier).
    Barrier,
    /// A channel.
    Channel,
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mutex => "mutex",
            Self::RwLock => "rwlock",
            Self::Condvar => "condvar",
            Self::Atomic => "atomic",
            Self::Cell => "cell",
            Self::Once => "once",
            Self::OnceLock => "once lock",
            Self::LazyLock => "lazy lock",
            Self::Barrier => "barrier",
            Self::Channel => "channel",
        })
    }
}

/// One visible operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Who did it: an index into [`Trace::threads`].
    pub thread: usize,
    /// What was done, with its result.
    pub operation: Operation,
    /// To what: an index into [`Trace::objects`].
    pub object: Option<usize>,
    /// Whether it happened, or the thread waits for it.
    pub phase: Phase,
    /// The caller, in the code under test. The drop of a guard or of an end of a channel does not
    /// know its own: it has the place of its thread's last operation before it.
    pub location: SourceLocation,
}

/// Whether an operation took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The operation took effect at this point of the trace.
    Done,
    /// The thread waits: the operation cannot take effect yet.
    Blocked,
}

/// A place in the code under test. `Display` gives `file:line`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SourceLocation {
    /// The path as the compiler was given it.
    pub file: Cow<'static, str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
}

impl From<&'static Location<'static>> for SourceLocation {
    fn from(location: &'static Location<'static>) -> Self {
        Self {
            file: Cow::Borrowed(location.file()),
            line: location.line(),
            column: location.column(),
        }
    }
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
