//! The restart protocol: what executions are prepared for, and how a search is left for one that is
//! prepared for more.
//!
//! Some things must be made before the model begins, or cost scheduling points. A search begins
//! without them, and starts again the first time that an execution needs one.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How many objects of a kind are made in advance at first.
const FIRST_POOL: usize = 8;

/// Something that costs scheduling points, so that executions are prepared for it only in a search
/// of a model that was seen to need it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Need {
    /// Some thread tries a lock.
    #[cfg_attr(not(feature = "loom"), expect(dead_code, reason = "for loom"))]
    Attempts,
    /// Some thread looks at the clock while others run.
    Clock,
    /// Some thread changes the mode in which it holds an `RwLock`.
    Turnstiles,
    /// Some thread asks whether another one has ended.
    Ends,
}

impl Need {
    const COUNT: usize = 4;
}

/// What the executions of the current search are prepared for. It only ever grows.
pub(crate) struct Restart {
    pool: AtomicUsize,
    needs: [AtomicBool; Need::COUNT],
}

impl Default for Restart {
    fn default() -> Self {
        Self { pool: AtomicUsize::new(FIRST_POOL), needs: Default::default() }
    }
}

impl Restart {
    /// How many objects of a kind an engine that must make them in advance makes.
    pub(crate) fn pool(&self) -> usize {
        // ORDERING: Relaxed: searches follow each other, ordered by the channel of their messages.
        self.pool.load(Ordering::Relaxed)
    }

    /// Whether the model needs it, as far as is known.
    #[inline]
    pub(crate) fn needs(&self, need: Need) -> bool {
        // ORDERING: Relaxed: as above.
        self.needs[need as usize].load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, need: Need) {
        // ORDERING: Relaxed: as above.
        self.needs[need as usize].store(true, Ordering::Relaxed);
    }

    pub(super) fn double_pool(&self) {
        // ORDERING: Relaxed: as above.
        self.pool.fetch_add(self.pool(), Ordering::Relaxed);
    }
}
