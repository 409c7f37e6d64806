//! Spin loops: a thread that only looks, and yields, need not look again until something changed.
//!
//! `while !flag.load(..) { spin_loop() }` has infinitely many interleavings and two that matter.
//! What a thread looked at between two yields is remembered, with a version. A round that saw
//! exactly what the round before saw, and did nothing else, is *idle*. After a bounded number of
//! idle rounds ([`Bounds::idle_spins`](crate::Bounds::idle_spins)) the next yield waits until one
//! of the things looked at changes. A loop that counts its rounds can tell the difference, so the
//! outcome reports that the bound was used.
//!
//! An event touches two objects at most, so the reduction can follow a yield that waits for one of
//! [`MOST_AWAITED`] things. One that waits for more goes on only when nothing else can, like a
//! time-out that comes last, and the outcome reports that. A thread that looks at more than
//! [`MOST_WATCHED`] things is not taken to be spinning.
//!
//! Invariant: everything here is decided by what the thread itself saw, so that a free yield is
//! independent of all other events.

use crate::identity::ObjectId;

/// More things than this in one round, and the thread is not taken to be spinning.
const MOST_WATCHED: usize = 8;
/// More things than this, and the thread goes on only when nothing else can.
const MOST_AWAITED: usize = 2;

/// One thing that a thread looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) object: ObjectId,
    /// The version when the thread last left it.
    pub(crate) version: u32,
}

impl Look {
    const NONE: Self = Self { object: ObjectId::NONE, version: 0 };
}

/// What happened since the last yield.
#[derive(Clone, Copy, Debug)]
struct Round {
    /// Those up to `count` mean something.
    looks: [Look; MOST_WATCHED],
    count: u8,
    /// It saw something new, or did more than look.
    busy: bool,
}

impl Round {
    const EMPTY: Self = Self { looks: [Look::NONE; MOST_WATCHED], count: 0, busy: false };

    /// Forgets everything.
    fn clear(&mut self) {
        (self.count, self.busy) = (0, false);
    }

    #[inline]
    fn looks(&self) -> &[Look] {
        &self.looks[..usize::from(self.count)]
    }

    #[inline]
    fn find(&self, object: ObjectId) -> Option<Look> {
        self.looks().iter().copied().find(|look| look.object == object)
    }

    /// Enters a look; the thread is busy if it looks at too many things.
    #[inline]
    fn enter(&mut self, look: Look) {
        let count = usize::from(self.count);
        let known = self.looks[..count].iter_mut().find(|known| known.object == look.object);
        if let Some(known) = known {
            *known = look;
        } else if let Some(free) = self.looks.get_mut(count) {
            *free = look;
            self.count += 1;
        } else {
            self.busy = true;
        }
    }
}

/// What a thread does between its yields.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spinning {
    before: Round,
    now: Round,
    idle_rounds: u32,
    /// Yields granted because nothing else could run.
    pub(crate) late_yields: u32,
}

impl Default for Spinning {
    fn default() -> Self {
        Self { before: Round::EMPTY, now: Round::EMPTY, idle_rounds: 0, late_yields: 0 }
    }
}

impl Spinning {
    /// A new thread, which has looked at nothing.
    pub(crate) fn renew(&mut self) {
        self.before.clear();
        self.now.clear();
        (self.idle_rounds, self.late_yields) = (0, 0);
    }

    /// The thread looked at an object, whose version it found so.
    #[inline]
    pub(crate) fn look(&mut self, object: ObjectId, version: u32) {
        if !self.now.busy {
            let earlier = self.now.find(object).or_else(|| self.before.find(object));
            self.now.busy = earlier.is_none_or(|look| look.version != version);
        }
        self.leave(object, version);
    }

    /// The thread itself changed the version, by using a lock.
    #[inline]
    pub(crate) fn leave(&mut self, object: ObjectId, version: u32) {
        self.now.enter(Look { object, version });
    }

    /// The thread did something that others can see.
    #[inline]
    pub(crate) fn act(&mut self) {
        self.now.busy = true;
    }

    fn is_idle(&self) -> bool {
        !self.now.busy && self.now.count > 0 && self.now.count == self.before.count
    }

    /// Whether a yield now must wait for a change.
    pub(crate) fn must_wait(&self, bound: u32) -> bool {
        self.is_idle() && self.idle_rounds >= bound
    }

    /// Whether it looked at more than an event can touch.
    pub(crate) fn watches_many(&self) -> bool {
        usize::from(self.now.count) > MOST_AWAITED
    }

    /// What it looked at in this round.
    pub(crate) fn watched(&self) -> impl Iterator<Item = Look> + '_ {
        self.now.looks().iter().copied()
    }

    /// The thread yields: a new round begins.
    pub(crate) fn yielded(&mut self, changed: bool) {
        self.idle_rounds = if self.is_idle() && !changed { self.idle_rounds + 1 } else { 0 };
        self.before = self.now;
        self.now.clear();
    }
}
