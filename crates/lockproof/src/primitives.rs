//! The primitives of a model, whatever face they are used by and whatever engine runs: each as a
//! sequence of intents that go through the [door](crate::execution), with the state that no engine
//! knows.
//!
//! Nothing in here names an engine. Between two intents no other thread runs.

pub(crate) mod atomic;
pub(crate) mod barrier;
pub(crate) mod bits;
mod built;
pub(crate) mod cell;
pub(crate) mod channel;
mod channel_visit;
pub(crate) mod condvar;
pub(crate) mod lock;
pub(crate) mod once;
pub(crate) mod thread;
