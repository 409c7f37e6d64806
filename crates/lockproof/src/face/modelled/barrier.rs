//! `Barrier`: std's outside a model, built from the engine's objects inside one.

use std::fmt;
use std::panic::Location;

use crate::execution::slot::Slot;
use crate::primitives::barrier::wait;

/// Lets several threads go on at the same time: [`std::sync::Barrier`], controlled by the engine
/// inside a model, where it starts empty in each execution.
///
/// ```
/// use lockproof::sync::Barrier;
/// use lockproof::thread;
///
/// let barrier = Barrier::new(2);
/// let leaders = thread::scope(|scope| {
///     let other = scope.spawn(|| barrier.wait().is_leader());
///     usize::from(barrier.wait().is_leader()) + usize::from(other.join().unwrap())
/// });
/// assert_eq!(leaders, 1);
/// ```
pub struct Barrier {
    pub(super) slot: Slot,
    plain: std::sync::Barrier,
    size: usize,
}

impl Barrier {
    /// See [`std::sync::Barrier::new`].
    #[must_use]
    #[track_caller]
    pub const fn new(n: usize) -> Self {
        Self { slot: Slot::new(), plain: std::sync::Barrier::new(n), size: n }
    }

    /// See [`std::sync::Barrier::wait`].
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let leads = wait(&self.slot, self.size, Location::caller());
        BarrierWaitResult(leads.unwrap_or_else(|| self.plain.wait().is_leader()))
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}

/// Which thread was the last to arrive: see [`std::sync::BarrierWaitResult`].
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    /// See [`std::sync::BarrierWaitResult::is_leader`].
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl fmt::Debug for BarrierWaitResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BarrierWaitResult").field("is_leader", &self.is_leader()).finish()
    }
}
