//! Where the threads of a deadlock come from: what a directed search is told.

use crate::trace::SourceLocation;

/// What one thread does on its way into a deadlock: it takes a lock at one place, and at another
/// place waits for a lock while it still holds that one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Approach {
    /// The thread by its path of spawns: `0` is the model's own, `0.1` its second child.
    pub thread: String,
    /// Where it takes the lock that it holds.
    pub holding: SourceLocation,
    /// Where it takes the other one.
    pub taking: SourceLocation,
}
