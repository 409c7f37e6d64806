//! The state of one object: a lock, a condition variable, an atomic or a token.
//!
//! One struct serves all kinds, since a name may stand for another kind of object in another
//! execution; a kind uses the fields it needs. Nothing here is freed between executions.

use lockproof_clock::VectorClock;

use crate::identity::ThreadId;

/// What an object is, and who holds it.
#[derive(Debug, Default)]
pub(crate) struct ObjectState {
    /// The execution that it belongs to, and the number of events before it.
    pub(crate) born: (u64, usize),
    /// The thread that holds the lock for itself.
    pub(crate) holder: Option<ThreadId>,
    /// The threads that hold the lock together; one that took it twice stands here twice.
    pub(crate) sharers: Vec<ThreadId>,
    /// The threads that wait for a notification.
    pub(crate) waiters: Vec<ThreadId>,
    /// Whether the token is there to take.
    pub(crate) token: bool,
    /// The atomic's value.
    pub(crate) value: u64,
    /// Counts what a spinning thread may be waiting for: new values, uses of the lock.
    pub(crate) version: u32,
    /// What an acquisition or an acquiring load learns of the threads that released.
    pub(crate) released: VectorClock,
    /// What an exclusive acquisition learns besides, of those that held it together.
    pub(crate) released_shared: VectorClock,
}

impl ObjectState {
    /// Makes it a new object, with the memory of the old.
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
