//! The state of one object: a lock, a condition variable, an atomic or a token.
//!
//! One struct serves all kinds, since a name may stand for another kind of object in another
//! execution. Each kind uses the fields that it needs. No memory is freed between executions.

use lockproof_clock::VectorClock;

use crate::identity::ThreadId;

/// The state of an object.
#[derive(Debug, Default)]
pub(crate) struct ObjectState {
    /// The execution that it belongs to, and the number of events before its creation.
    pub(crate) created_at: (u64, usize),
    /// The thread that holds the lock exclusively.
    pub(crate) holder: Option<ThreadId>,
    /// The threads that hold the lock for reading. One that has acquired it twice is listed twice.
    pub(crate) sharers: Vec<ThreadId>,
    /// The threads that wait for a notification.
    pub(crate) waiters: Vec<ThreadId>,
    /// Whether the park token is available.
    pub(crate) token: bool,
    /// The atomic's value.
    pub(crate) value: u64,
    /// Counts the changes that a spinning thread may wait for: new values, exclusive releases.
    pub(crate) version: u32,
    /// The clock that an acquisition or an acquiring load joins.
    pub(crate) released: VectorClock,
    /// The clock of readers, which an exclusive acquisition joins, too.
    pub(crate) released_shared: VectorClock,
}

impl ObjectState {
    /// Makes it a new object, and keeps the memory.
    pub(crate) fn renew(&mut self, value: u64) {
        self.holder = None;
        self.sharers.clear();
        self.waiters.clear();
        self.token = false;
        self.value = value;
        self.version = 0;
        self.released.clear();
        self.released_shared.clear();
    }

    pub(crate) fn is_free(&self) -> bool {
        self.holder.is_none() && self.sharers.is_empty()
    }

    pub(crate) fn remove_sharer(&mut self, thread: ThreadId) {
        if let Some(position) = self.sharers.iter().position(|sharer| *sharer == thread) {
            self.sharers.swap_remove(position);
        }
    }

    pub(crate) fn remove_waiter(&mut self, thread: ThreadId) {
        if let Some(position) = self.waiters.iter().position(|waiter| *waiter == thread) {
            self.waiters.remove(position);
        }
    }
}
