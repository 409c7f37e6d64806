//! Spin loops: a thread that only reads and yields need not run again until something has changed.
//!
//! `while !flag.load(..) { spin_loop() }` has infinitely many interleavings and two that matter.
//! Between two yields, the objects that a thread observes are recorded with their versions. A round
//! that observes exactly what the round before observed, and does nothing else, is *idle*. After a
//! bounded number of idle rounds ([`Bounds::idle_spins`](crate::Bounds::idle_spins)) the next yield
//! waits until one of the observed objects changes. A loop that counts its rounds can tell the
//! difference, so the findings report that the bound was met.
//!
//! An event accesses two objects at most, so the reduction can handle a yield that waits for
//! [`MAX_AWAITED`] objects. One that waits for more continues only when nothing else can happen, like
//! a late time-out, and the findings report that. A thread that observes more than [`MAX_OBSERVED`]
//! objects is not taken to be spinning.
//!
//! Invariant: everything here is decided by what the thread itself observed, so that a yield that
//! need not wait is independent of all other events.

use crate::identity::ObjectId;

/// A thread that observes more objects in one round is not taken to be spinning.
const MAX_OBSERVED: usize = 8;
/// A thread that waits for more objects continues only when nothing else can happen.
const MAX_AWAITED: usize = 2;

/// An object that a thread has observed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Observation {
    pub(crate) object: ObjectId,
    /// The version after the thread's last access.
    pub(crate) version: u32,
}

/// The observations since a yield.
#[derive(Clone, Copy, Debug, Default)]
struct Round {
    /// The first `count` are valid.
    observations: [Observation; MAX_OBSERVED],
    count: u8,
    /// Whether the thread observed something new, or did more than observe.
    busy: bool,
}

impl Round {
    /// Removes all observations.
    fn clear(&mut self) {
        (self.count, self.busy) = (0, false);
    }

    #[inline]
    fn observations(&self) -> &[Observation] {
        &self.observations[..usize::from(self.count)]
    }

    #[inline]
    fn find(&self, object: ObjectId) -> Option<Observation> {
        self.observations().iter().copied().find(|seen| seen.object == object)
    }

    /// Adds an observation. If there are too many, the thread is busy.
    #[inline]
    fn enter(&mut self, seen: Observation) {
        let count = usize::from(self.count);
        let known = self.observations[..count].iter_mut().find(|known| known.object == seen.object);
        if let Some(known) = known {
            *known = seen;
        } else if let Some(free) = self.observations.get_mut(count) {
            *free = seen;
            self.count += 1;
        } else {
            self.busy = true;
        }
    }
}

/// The observations of a thread between its yields.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spinning {
    before: Round,
    now: Round,
    idle_rounds: u32,
    /// The rounds that ended because no thread was enabled.
    pub(crate) late_yields: u32,
}

impl Spinning {
    /// The thread has observed an object with this version.
    #[inline]
    pub(crate) fn observe(&mut self, object: ObjectId, version: u32) {
        if !self.now.busy {
            let earlier = self.now.find(object).or_else(|| self.before.find(object));
            self.now.busy = earlier.is_none_or(|seen| seen.version != version);
        }
        self.note_own_use(object, version);
    }

    /// The thread has changed the version itself, by the release of a lock.
    #[inline]
    pub(crate) fn note_own_use(&mut self, object: ObjectId, version: u32) {
        self.now.enter(Observation { object, version });
    }

    /// The thread has done something that others can see.
    #[inline]
    pub(crate) fn note_action(&mut self) {
        self.now.busy = true;
    }

    fn is_idle(&self) -> bool {
        !self.now.busy && self.now.count > 0 && self.now.count == self.before.count
    }

    /// Whether a yield now must wait for a change.
    pub(crate) fn must_wait(&self, bound: u32) -> bool {
        self.is_idle() && self.idle_rounds >= bound
    }

    /// Whether it observed more objects than an event can access.
    pub(crate) fn watches_many(&self) -> bool {
        usize::from(self.now.count) > MAX_AWAITED
    }

    /// The objects that it observed in this round.
    pub(crate) fn watched(&self) -> impl Iterator<Item = Observation> + '_ {
        self.now.observations().iter().copied()
    }

    /// The thread has yielded: a new round begins.
    pub(crate) fn yielded(&mut self, changed: bool) {
        self.idle_rounds = if self.is_idle() && !changed { self.idle_rounds + 1 } else { 0 };
        self.before = self.now;
        self.now.clear();
    }
}
