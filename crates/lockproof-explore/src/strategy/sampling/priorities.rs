//! Random priorities of threads, or of their pending operations.

use super::rng::Rng;
use crate::identity::ThreadId;

/// A priority for each thread, by [`ThreadId::index`]; 0 for none yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Priorities(Vec<u64>);

impl Priorities {
    /// Above any priority that is set, below any that is drawn.
    pub(super) const MIDDLE: u64 = 1 << 63;

    /// Removes all priorities.
    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Removes the priority of a thread. The next one is drawn.
    pub(super) fn forget(&mut self, thread: ThreadId) {
        self.set(thread, 0);
    }

    pub(super) fn set(&mut self, thread: ThreadId, priority: u64) {
        let index = thread.index();
        if self.0.len() <= index {
            self.0.resize(index + 1, 0);
        }
        self.0[index] = priority;
    }

    /// The thread with the highest priority. Threads without one draw one first.
    pub(super) fn highest(
        &mut self,
        rng: &mut Rng,
        threads: impl Iterator<Item = ThreadId>,
    ) -> Option<ThreadId> {
        threads.max_by_key(|thread| {
            if self.0.get(thread.index()).is_none_or(|priority| *priority == 0) {
                self.set(*thread, rng.next() | Self::MIDDLE);
            }
            self.0[thread.index()]
        })
    }
}
