//! Lock ownership: who holds what, since where. The one table that the door, the diagnosis of a
//! standstill and the guards ask.
//!
//! [`Operation::lock_effect`](crate::trace::Operation::lock_effect) of the events changes it, in
//! [`Owners::apply`] and nowhere else.

#![expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]

use std::cell::RefCell;

use super::Execution;
use super::backend::CallSite;
use super::intent::{Intent, Reply};
use super::objects::ModelObject;
use crate::trace::{LockEffect, LockMode};

/// A thread that holds a lock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    pub(crate) object: usize,
    pub(crate) thread: usize,
    pub(crate) mode: LockMode,
    pub(crate) since: CallSite,
    /// Whether the backend knows. It does not learn of what a thread acquires while it unwinds.
    pub(crate) is_known: bool,
}

/// The locks that are held, the oldest first. A thread that reads recursively has one entry for
/// each guard.
#[derive(Default)]
pub(crate) struct Owners(pub(super) RefCell<Vec<Owner>>);

/// What the owners say to an intent before the backend is asked.
#[derive(Clone, Copy)]
pub(super) struct Claim {
    /// The reply, where the owners settle it.
    pub(super) reply: Option<Reply>,
    /// Whether the thread holds the lock in no other way.
    pub(super) alone: bool,
    /// Whether the backend knows that the thread holds the lock.
    pub(super) is_known: bool,
}

impl Claim {
    /// Nothing is known: the backend is asked.
    const OPEN: Self = Self { reply: None, alone: true, is_known: true };
}

/// Whether a thread that wants a lock in one mode must wait for one that holds it in the other.
fn conflict(wanted: LockMode, held: LockMode) -> bool {
    use LockMode::{Exclusive, Shared};
    !(wanted == Shared && held != Exclusive || held == Shared && wanted != Exclusive)
}

impl Owners {
    /// The owners that a thread which wants the lock in this mode must wait for.
    pub(crate) fn in_the_way(&self, object: usize, wanted: LockMode) -> Vec<Owner> {
        let owners = self.0.borrow();
        let is_in_the_way = |owner: &&Owner| owner.object == object && conflict(wanted, owner.mode);
        owners.iter().filter(is_in_the_way).copied().collect()
    }

    /// The locks that a thread holds.
    pub(crate) fn held_by(&self, thread: usize) -> Vec<Owner> {
        self.0.borrow().iter().filter(|owner| owner.thread == thread).copied().collect()
    }

    /// Whether a thread holds the lock in any mode.
    pub(crate) fn holds(&self, object: usize, thread: usize) -> bool {
        self.find(object, thread, |_| true).is_some()
    }

    /// The last entry of a thread at a lock that is as wanted.
    fn find(
        &self,
        object: usize,
        thread: usize,
        wanted: impl Fn(LockMode) -> bool,
    ) -> Option<Owner> {
        let owners = self.0.borrow();
        let is_wanted =
            |owner: &&Owner| owner.object == object && owner.thread == thread && wanted(owner.mode);
        owners.iter().rfind(is_wanted).copied()
    }

    /// How many guards of a thread read the lock.
    fn count(&self, object: usize, thread: usize) -> usize {
        let owners = self.0.borrow();
        owners.iter().filter(|owner| owner.object == object && owner.thread == thread).count()
    }

    /// Whether any owner keeps a thread from the lock, and whether one of them is the thread itself.
    #[inline]
    fn obstacle(&self, object: usize, thread: usize, wanted: LockMode) -> Option<bool> {
        let owners = self.0.borrow();
        let mut obstacle = None;
        for owner in owners.iter().filter(|owner| owner.object == object) {
            if conflict(wanted, owner.mode) {
                obstacle = Some(obstacle == Some(true) || owner.thread == thread);
            }
        }
        obstacle
    }

    /// Changes the table as an event says that took effect.
    #[inline(always)]
    fn apply(&self, effect: LockEffect, released: Option<LockMode>, owner: Owner) {
        let mut owners = self.0.borrow_mut();
        let (before, after) = (released.or(effect.before()), effect.after());
        let place = before.and_then(|mode| {
            let is_meant = |held: &Owner| {
                held.object == owner.object && held.thread == owner.thread && held.mode == mode
            };
            owners.iter().rposition(is_meant)
        });
        match (place, after) {
            (Some(place), Some(mode)) => owners[place] = Owner { mode, ..owner },
            (Some(place), None) if place + 1 == owners.len() => drop(owners.pop()),
            (Some(place), None) => drop(owners.remove(place)),
            (None, Some(mode)) => owners.push(Owner { mode, ..owner }),
            (None, None) => {}
        }
    }
}

impl Execution {
    /// What the owners say to the intent. Ends the execution if the thread waits for itself.
    #[inline(always)]
    pub(super) fn claim(
        &self,
        intent: &Intent,
        object: Option<&ModelObject>,
        at: CallSite,
    ) -> Claim {
        let Some(object) = object else { return Claim::OPEN };
        match *intent {
            Intent::Acquire(mode) => self.claim_to_wait(intent, mode, object, at),
            Intent::TryAcquire(mode) => self.claim_attempt(mode, object.index),
            Intent::Release(mode, _) => self.claim_held(mode, object.index),
            Intent::Downgrade { from, .. } => {
                let claim = self.claim_held(from, object.index);
                Claim {
                    reply: claim.reply.filter(|reply| matches!(reply, Reply::Nothing)),
                    ..claim
                }
            }
            Intent::Upgrade | Intent::TryUpgrade => {
                let claim = self.claim_held(LockMode::Upgradable, object.index);
                if !claim.alone && matches!(intent, Intent::Upgrade) {
                    self.fail_if_own(true, *intent, object, at);
                }
                Claim { reply: None, ..claim }
            }
            Intent::Enlist(_) => {
                let own = self.owners.holds(object.index, self.thread());
                self.fail_if_own(own, *intent, object, at);
                self.record_blocked(*intent, Some(object), at);
                Claim::OPEN
            }
            // The state of a built object is the facade's own.
            Intent::Conclude { .. } => Claim { reply: Some(Reply::Done), ..Claim::OPEN },
            _ => Claim::OPEN,
        }
    }

    #[inline(always)]
    fn claim_to_wait(
        &self,
        intent: &Intent,
        mode: LockMode,
        object: &ModelObject,
        at: CallSite,
    ) -> Claim {
        let thread = self.thread();
        if let Some(own) = self.owners.obstacle(object.index, thread, mode) {
            self.must_not_unwind(at);
            if mode != LockMode::Upgradable {
                self.record_blocked(*intent, Some(object), at);
            }
            self.fail_if_own(own, *intent, object, at);
        }
        self.claim_recursively(mode, object.index, Reply::Done)
    }

    fn claim_attempt(&self, mode: LockMode, object: usize) -> Claim {
        // The engines fault on a thread that tries to lock what it holds. The answer is known.
        match self.owners.obstacle(object, self.thread(), mode) {
            Some(true) => Claim { reply: Some(Reply::Acquired(false)), ..Claim::OPEN },
            _ => self.claim_recursively(mode, object, Reply::Acquired(true)),
        }
    }

    /// A thread that reads already reads once more without the backend.
    #[inline]
    fn claim_recursively(&self, mode: LockMode, object: usize, reply: Reply) -> Claim {
        if mode == LockMode::Exclusive {
            return Claim::OPEN;
        }
        let reads = |held| held != LockMode::Exclusive;
        match self.owners.find(object, self.thread(), reads) {
            None => Claim::OPEN,
            Some(Owner { is_known, .. }) => {
                let reply = (mode == LockMode::Shared).then_some(reply);
                Claim { reply, alone: false, is_known }
            }
        }
    }

    /// For what a thread does with a lock that it holds in this mode.
    #[inline(always)]
    fn claim_held(&self, mode: LockMode, object: usize) -> Claim {
        let thread = self.thread();
        let Some(Owner { is_known, .. }) = self.owners.find(object, thread, |held| held == mode)
        else {
            return Claim { reply: Some(Reply::Nothing), ..Claim::OPEN };
        };
        let alone = mode == LockMode::Exclusive || self.owners.count(object, thread) == 1;
        // A reader leaves with its last guard; an upgradable one also leaves the turnstile.
        let leaves = is_known && (alone || mode != LockMode::Shared);
        Claim { reply: (!leaves).then_some(Reply::Done), alone, is_known }
    }

    /// Whether the current thread holds the lock.
    pub(crate) fn holds(&self, lock: &ModelObject) -> bool {
        self.owners.holds(lock.index, self.thread())
    }

    /// Changes the table of owners as the event of `intent` says.
    #[inline(always)]
    pub(super) fn settle_owners(
        &self,
        intent: &Intent,
        effect: LockEffect,
        object: Option<usize>,
        is_known: bool,
        since: CallSite,
    ) {
        let Some(object) = effect.lock(object) else { return };
        // Of the release of an upgradable reader the event says no more than of any reader's.
        let released = match *intent {
            Intent::Release(mode, _) => Some(mode),
            _ => None,
        };
        let (thread, mode) = (self.thread(), LockMode::Exclusive);
        self.owners.apply(effect, released, Owner { object, thread, mode, since, is_known });
    }
}
