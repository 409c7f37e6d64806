//! Races: pairs of dependent steps that could have come in the other order.
//!
//! A step races with an earlier one if they depend on each other, nothing that depends on the
//! earlier one stands between them, and the later one could have taken effect first. Steps that
//! wait for a lock need care: a release never races with the acquisition it makes possible, the
//! acquisition before it does; and an exclusive acquisition may have to overtake several readers
//! at once, if none of them could let go before the others took hold.
//!
//! Two kinds of steps race without having happened. A lock operation that is blocked for ever
//! races with the acquisitions in its way. An outcome that the environment did not choose races
//! with the one that it chose.

use super::path::{NOWHERE, Path, StepIndex};
use super::reversal::{Rebuilt, Reversal, own_ending, set_written};
use crate::dependency::{Reduction, is_barrier};
use crate::event::{Access, Alternative, EventKey, VisibleEvent};
use crate::identity::ObjectId;
use crate::operation::OperationKind;

/// A race: a step that may come earlier, and the steps that make way for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Race {
    /// The racing event, as it will turn out.
    pub(crate) event: VisibleEvent,
    /// The part of [`Races::moved`] that makes way.
    pub(crate) moved: (usize, usize),
    /// The racing event's own position; [`NOWHERE`] if it did not happen.
    pub(crate) at: StepIndex,
    /// Whether the other order has been explored, whatever comes after the racing event.
    pub(crate) settled: bool,
}

/// Finds the races of a path.
#[derive(Debug, Default)]
pub(crate) struct Races {
    pub(crate) found: Vec<Race>,
    pub(crate) moved: Vec<StepIndex>,
    /// The races found between steps that happened; others follow.
    pub(crate) happened: usize,
    /// The steps that the step at hand races with.
    partners: Vec<StepIndex>,
    /// The steps that make way in the race at hand.
    movers: Vec<StepIndex>,
    rebuilt: Rebuilt,
}

/// The step whose races are sought: an event, and what is known of its past.
struct Seeker<'a> {
    event: &'a VisibleEvent,
    /// The last step that happened before it in any case.
    before: StepIndex,
    last_on_object: StepIndex,
    last_on_second: StepIndex,
    /// Its own position; [`NOWHERE`] if it did not happen.
    at: StepIndex,
}

impl Seeker<'_> {
    fn reversal<'a>(&'a self, path: &'a Path, moved: &'a [StepIndex]) -> Reversal<'a> {
        Reversal {
            path,
            moved,
            event: self.event,
            last_on_object: self.last_on_object,
            last_on_second: self.last_on_second,
        }
    }
}

impl Races {
    /// Another exploration: nothing has been found yet.
    pub(crate) fn clear(&mut self) {
        self.found.clear();
        self.moved.clear();
        self.happened = 0;
    }

    /// Keeps the races between steps before `first_new`, which the next execution has, too.
    pub(crate) fn keep_before(&mut self, first_new: StepIndex) {
        self.found.truncate(self.happened);
        while self.found.last().is_some_and(|race| race.at >= first_new) {
            self.found.pop();
        }
        self.moved.truncate(self.found.last().map_or(0, |race| race.moved.1));
    }

    /// Says that the races found from here on are with steps that did not happen.
    pub(crate) fn happened_so_far(&mut self) {
        self.happened = self.found.len();
    }

    /// Works out the clock of the step at `at`, whose predecessors have theirs, and its races.
    pub(crate) fn analyse<R: Reduction>(&mut self, path: &mut Path, at: StepIndex) {
        let frame = *path.frame(at);
        let late = path.late.iter().rev().find(|late| **late < at).copied();
        let before = later(frame.previous_of_thread, late);
        path.begin_clock(at, before);
        if frame.event.late {
            (0..at).for_each(|earlier| path.join_clock(at, earlier));
            return;
        }
        let event = &frame.event;
        let seeker = Seeker {
            event,
            before,
            last_on_object: frame.previous_on(event.operation.object),
            last_on_second: frame.previous_on(event.operation.second),
            at,
        };
        self.partners.clear();
        if event.cause != EventKey::NONE {
            self.take_cause(path, &seeker);
        }
        if event.access != Access::None {
            self.walk::<R>(path, &seeker, event.operation.object, event.access);
        }
        if event.second_access != Access::None {
            self.walk::<R>(path, &seeker, event.operation.second, event.second_access);
        }
        self.record(path, &seeker);
    }

    /// The event that made this one possible comes before it; a wait that can also end by itself
    /// races with it.
    fn take_cause(&mut self, path: &mut Path, seeker: &Seeker<'_>) {
        let cause = path.position_of(seeker.event.cause);
        let is_known = path.is_before(cause, seeker.before);
        path.join_clock(seeker.at, cause);
        if seeker.event.operation.kind == OperationKind::WakeUp && !is_known {
            let Some(alternative) = own_ending(seeker.event.operation.freedom) else { return };
            let mut event = *seeker.event;
            (event.access, event.cause) = (Access::Leave, EventKey::NONE);
            event.alternative = alternative;
            self.add(event, &[cause], seeker.at);
        }
    }

    /// Walks back over the steps that touched `object`.
    fn walk<R: Reduction>(
        &mut self,
        path: &mut Path,
        seeker: &Seeker<'_>,
        object: ObjectId,
        access: Access,
    ) {
        let mut next = if object == seeker.event.operation.object {
            seeker.last_on_object
        } else {
            seeker.last_on_second
        };
        while next != NOWHERE {
            let at = next;
            let earlier = path.event(at).access_to(object);
            next = path.frame(at).previous_on(object);
            if !R::conflict(earlier, access) {
                continue;
            }
            let mut ends = path.is_before(at, seeker.before);
            if !ends {
                if seeker.at != NOWHERE {
                    path.join_clock(seeker.at, at);
                }
                let covered = self.partners.iter().any(|partner| path.is_before(at, *partner));
                if !covered && self.can_reverse(path, seeker, at, earlier) {
                    self.partners.push(at);
                }
                ends = covered || self.partners.last() == Some(&at);
            }
            if ends && is_barrier(earlier) {
                return;
            }
        }
    }

    /// Whether the step could have come before the one at `at`.
    fn can_reverse(
        &mut self,
        path: &Path,
        seeker: &Seeker<'_>,
        at: StepIndex,
        earlier: Access,
    ) -> bool {
        let kind = seeker.event.operation.kind;
        if kind.is_blocking_acquire() {
            return matches!(earlier, Access::Acquire | Access::AcquireShared)
                && (kind == OperationKind::Lock || self.find_movers(path, seeker, at));
        }
        match kind {
            OperationKind::Park | OperationKind::Yield => seeker.reversal(path, &[at]).is_enabled(),
            _ => true,
        }
    }

    /// Collects the acquisitions that have to make way together if the one at `at` does; false if
    /// that cannot be.
    fn find_movers(&mut self, path: &Path, seeker: &Seeker<'_>, at: StepIndex) -> bool {
        let shared = seeker.event.operation.kind == OperationKind::ReadLock;
        self.movers.clear();
        self.movers.push(at);
        loop {
            seeker.reversal(path, &self.movers).find_holders(shared, &mut self.rebuilt);
            let holders = &mut self.rebuilt.holders;
            if holders.is_empty() {
                return true;
            }
            if holders.iter().any(|holder| path.is_before(*holder, seeker.before)) {
                return false;
            }
            self.movers.append(holders);
        }
    }

    /// Keeps the races found for one step.
    fn record(&mut self, path: &Path, seeker: &Seeker<'_>) {
        for index in 0..self.partners.len() {
            let partner = self.partners[index];
            let kind = seeker.event.operation.kind;
            if kind.is_blocking_acquire() && kind != OperationKind::Lock {
                self.find_movers(path, seeker, partner);
            } else {
                self.movers.clear();
                self.movers.push(partner);
            }
            let event = seeker.reversal(path, &self.movers).predict(&mut self.rebuilt);
            let from = self.moved.len();
            self.moved.extend_from_slice(&self.movers);
            self.keep(event, from, seeker.at);
        }
    }

    fn add(&mut self, event: VisibleEvent, moved: &[StepIndex], at: StepIndex) {
        let from = self.moved.len();
        self.moved.extend_from_slice(moved);
        self.keep(event, from, at);
    }

    /// Keeps a race; the steps that make way are those entered since `from`.
    fn keep(&mut self, event: VisibleEvent, from: usize, at: StepIndex) {
        self.found.push(Race { event, moved: (from, self.moved.len()), at, settled: false });
    }

    /// Finds the races of a lock operation that is blocked at the end of the path.
    pub(crate) fn analyse_blocked<R: Reduction>(&mut self, path: &mut Path, event: &VisibleEvent) {
        let seeker = Seeker {
            event,
            before: later(path.last_of(event.thread), path.late.last().copied()),
            last_on_object: path.last_on(event.operation.object),
            last_on_second: NOWHERE,
            at: NOWHERE,
        };
        self.partners.clear();
        self.walk::<R>(path, &seeker, event.operation.object, event.access);
        self.record(path, &seeker);
    }

    /// Adds the outcomes that the environment could have chosen at `at` and did not.
    pub(crate) fn add_other_outcomes(&mut self, path: &Path, at: StepIndex) {
        for index in 0..path.options(at as usize).len() {
            let alternative = path.options(at as usize)[index];
            let taken = path.event(at);
            if alternative != taken.alternative {
                self.add(other_outcome(taken, alternative), &[at], at);
            }
        }
    }
}

/// The event that would have happened if the environment had chosen otherwise.
fn other_outcome(taken: &VisibleEvent, alternative: Alternative) -> VisibleEvent {
    let mut event = *taken;
    event.alternative = alternative;
    match taken.operation.kind {
        OperationKind::Choose => event.after = u64::from(alternative.0),
        OperationKind::CompareExchangeWeak => set_written(&mut event),
        _ => {}
    }
    event
}

/// The later of two positions, where nowhere is before everything.
fn later(one: StepIndex, other: Option<StepIndex>) -> StepIndex {
    match (one, other) {
        (NOWHERE, Some(other)) => other,
        (one, Some(other)) => one.max(other),
        (one, None) => one,
    }
}
