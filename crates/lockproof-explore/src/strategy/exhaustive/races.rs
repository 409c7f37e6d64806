//! Races: pairs of dependent steps that could have come in the other order.
//!
//! A step races with an earlier one if they depend on each other, no third step happens between
//! them, and the later one could have taken effect first (*e ≲ e'* in JACM'17). Acquisitions of locks
//! need care. A release never races with the acquisition that it enables, but the acquisition before
//! the release does. And an exclusive acquisition may have to overtake several readers at once, if
//! none of them released the lock before the others acquired it.
//!
//! Two kinds of steps race although they did not happen. A lock operation that is blocked for ever
//! races with the acquisitions that block it. An outcome that the environment did not choose races
//! with the one that it chose.

use super::outcomes::other_outcome;
use super::path::Path;
use super::race_list::RaceList;
use super::reversal::{Racing, Rebuilt, Reversal};
use super::{NOWHERE, StepIndex};
use crate::dependency::{conflict, is_barrier};
use crate::event::{Access, Alternative, EventKey, VisibleEvent};
use crate::identity::ObjectId;
use crate::operation::OperationKind;

/// Finds the races of a path.
#[derive(Debug, Default)]
pub(super) struct Races {
    pub(super) found: RaceList,
    /// The steps that the current one races with.
    partners: Vec<StepIndex>,
    /// The steps that make way in the current race.
    movers: Vec<StepIndex>,
    rebuilt: Rebuilt,
}

impl Races {
    /// Computes the clock of the step `at`, and finds its races. Earlier steps have their clocks.
    pub(super) fn analyse(&mut self, path: &mut Path, at: StepIndex) {
        let frame = *path.frame(at);
        let event = &frame.event;
        let before = later(frame.previous.of_thread, path.indexes.last_late_before(at));
        path.clocks.begin(at, before, (event.thread, event.sequence));
        if event.late {
            // It depends on every step before, and could not have come before any: it took effect
            // because nothing else could.
            (0..at).for_each(|earlier| path.clocks.join(at, earlier));
            return;
        }
        let racing = Racing {
            event,
            before,
            last_on_object: frame.previous_on(event.operation.object),
            last_on_second: frame.previous_on(event.operation.second),
            at,
        };
        self.partners.clear();
        if event.cause != EventKey::NONE {
            self.join_cause(path, &racing);
        }
        if event.access != Access::None {
            self.walk(path, &racing, event.operation.object, event.access);
        }
        if event.second_access != Access::None {
            self.walk(path, &racing, event.operation.second, event.second_access);
        }
        self.record(path, &racing);
    }

    /// Finds the races of a lock operation that is blocked at the end of the path.
    pub(super) fn analyse_blocked(&mut self, path: &mut Path, event: &VisibleEvent) {
        let end = StepIndex::MAX;
        let racing = Racing {
            event,
            before: later(path.indexes.last_of(event.thread), path.indexes.last_late_before(end)),
            last_on_object: path.indexes.last_on(event.operation.object),
            last_on_second: NOWHERE,
            at: NOWHERE,
        };
        self.partners.clear();
        self.walk(path, &racing, event.operation.object, event.access);
        self.record(path, &racing);
    }

    /// Adds the outcomes that the environment could have chosen at `at` and did not.
    pub(super) fn add_other_outcomes(&mut self, path: &Path, at: StepIndex) {
        for index in 0..path.options(at as usize).len() {
            let alternative = path.options(at as usize)[index];
            let taken = path.event(at);
            if alternative != taken.alternative {
                self.found.add(other_outcome(taken, alternative), &[at], at);
            }
        }
    }

    /// Joins the clock of the event that enabled this one. A notified wait races with its
    /// notification if it could also have ended by itself.
    fn join_cause(&mut self, path: &mut Path, racing: &Racing<'_>) {
        let cause = path.indexes.step_of(racing.event.cause);
        let is_known = path.is_before(cause, racing.before);
        path.clocks.join(racing.at, cause);
        if racing.event.operation.kind == OperationKind::WakeUp && !is_known {
            let Some(alternative) =
                Alternative::own_endings(racing.event.operation.allowance).next()
            else {
                return;
            };
            let mut event = *racing.event;
            (event.access, event.cause) = (Access::Leave, EventKey::NONE);
            event.alternative = alternative;
            self.found.add(event, &[cause], racing.at);
        }
    }

    /// Walks back over the steps that accessed `object`: joins the clocks of those that conflict,
    /// and collects those that race.
    fn walk(&mut self, path: &mut Path, racing: &Racing<'_>, object: ObjectId, access: Access) {
        let mut next = if object == racing.event.operation.object {
            racing.last_on_object
        } else {
            racing.last_on_second
        };
        while next != NOWHERE {
            let at = next;
            let earlier = path.event(at).access_to(object);
            next = path.frame(at).previous_on(object);
            if !conflict(earlier, access) {
                continue;
            }
            // If it happens before the thread's own past, no schedule has the other order.
            let mut ends = path.is_before(at, racing.before);
            if !ends {
                if racing.at != NOWHERE {
                    path.clocks.join(racing.at, at);
                }
                // A partner happens before the racing step. If this step happens before a partner,
                // the partner stands between the two, and they do not race.
                let covered = self.partners.iter().any(|partner| path.is_before(at, *partner));
                if !covered && self.can_reverse(path, racing, at, earlier) {
                    self.partners.push(at);
                }
                ends = covered || self.partners.last() == Some(&at);
            }
            // All earlier steps at the object happen before a barrier. If it happens before the
            // thread's past or a partner, or is a partner, then so do they: none of them races, and
            // the clock of the barrier includes theirs. A release that cannot be reversed does not
            // end the walk, because the acquisition before it may race.
            if ends && is_barrier(earlier) {
                return;
            }
        }
    }

    /// Whether the racing step could have come before the one at `at`.
    fn can_reverse(
        &mut self,
        path: &Path,
        racing: &Racing<'_>,
        at: StepIndex,
        earlier: Access,
    ) -> bool {
        let kind = racing.event.operation.kind;
        if kind.is_blocking_acquire() {
            // It cannot come between an acquisition and its release, so only before the acquisition.
            return matches!(earlier, Access::Acquire | Access::AcquireShared)
                && (kind == OperationKind::Lock || self.find_movers(path, racing, at));
        }
        match kind {
            OperationKind::Park | OperationKind::Yield => {
                Reversal { path, moved: &[at], racing }.is_enabled()
            }
            _ => true,
        }
    }

    /// Collects the acquisitions that have to make way together with the one at `at`. False if they
    /// cannot.
    fn find_movers(&mut self, path: &Path, racing: &Racing<'_>, at: StepIndex) -> bool {
        let shared = racing.event.operation.kind == OperationKind::ReadLock;
        self.movers.clear();
        self.movers.push(at);
        // Every acquisition that would still be in force without the steps moved so far has to make
        // way, too. This ends, because each round moves acquisitions that had stayed.
        loop {
            Reversal { path, moved: &self.movers, racing }.find_holders(shared, &mut self.rebuilt);
            let holders = &mut self.rebuilt.holders;
            if holders.is_empty() {
                return true;
            }
            // An acquisition that happens before the racing step in any case cannot make way.
            if holders.iter().any(|holder| path.is_before(*holder, racing.before)) {
                return false;
            }
            self.movers.append(holders);
        }
    }

    /// Adds the races of one step with its partners.
    fn record(&mut self, path: &Path, racing: &Racing<'_>) {
        for index in 0..self.partners.len() {
            let partner = self.partners[index];
            let kind = racing.event.operation.kind;
            if kind.is_blocking_acquire() && kind != OperationKind::Lock {
                self.find_movers(path, racing, partner);
            } else {
                self.movers.clear();
                self.movers.push(partner);
            }
            let event = Reversal { path, moved: &self.movers, racing }.predict(&mut self.rebuilt);
            self.found.add(event, &self.movers, racing.at);
        }
    }
}

/// The later of two steps, where [`NOWHERE`] is before all others.
fn later(one: StepIndex, other: Option<StepIndex>) -> StepIndex {
    match (one, other) {
        (NOWHERE, Some(other)) => other,
        (one, Some(other)) => one.max(other),
        (one, None) => one,
    }
}
