//! The reversal of a race: whether a step could come before the steps that it races with, and how it
//! would turn out.
//!
//! To reverse a race, some steps are *moved*: they and all steps that depend on them come after the
//! racing step. The steps that *stay* are a valid execution, since none depends on a moved one. The
//! state of an object after them follows from those that accessed it. So it is known, without
//! running anything, whether the racing operation would be enabled, and how it would turn out.

use super::outcomes::set_written;
use super::path::Path;
use super::{NOWHERE, StepIndex};
use crate::event::{Access, Alternative, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::OperationKind;

/// A step whose races are sought: its event, and the steps before it.
pub(super) struct Racing<'a> {
    /// The event as it was, or as it was pending.
    pub(super) event: &'a VisibleEvent,
    /// The last step that happens before it in any case.
    pub(super) before: StepIndex,
    /// The last steps before it that accessed its objects.
    pub(super) last_on_object: StepIndex,
    pub(super) last_on_second: StepIndex,
    /// Its own step. [`NOWHERE`] if it did not happen.
    pub(super) at: StepIndex,
}

/// A racing step that is to come earlier, and the steps that make way for it.
pub(super) struct Reversal<'a> {
    pub(super) path: &'a Path,
    /// The steps that are moved, together with those that depend on them.
    pub(super) moved: &'a [StepIndex],
    pub(super) racing: &'a Racing<'a>,
}

/// The state of an object without the moved steps. Its memory is reused for every race.
#[derive(Debug, Default)]
pub(super) struct Rebuilt {
    /// The acquisitions of a lock that would still be in force.
    pub(super) holders: Vec<StepIndex>,
    released: Vec<ThreadId>,
    downgraded: Vec<ThreadId>,
    waiting: Vec<ThreadId>,
    gone: Vec<ThreadId>,
}

impl Reversal<'_> {
    /// Whether the step stays.
    #[inline]
    pub(super) fn stays(&self, at: StepIndex) -> bool {
        self.moved.iter().all(|moved| !self.path.is_before(*moved, at))
    }

    /// The steps before the racing one that accessed its object and stay, from last to first.
    fn history(&self) -> impl Iterator<Item = StepIndex> + '_ {
        self.steps(self.racing.event.operation.object, self.racing.last_on_object)
            .filter(|at| self.stays(*at))
    }

    /// The steps that accessed `object`, from `last` back.
    fn steps(&self, object: ObjectId, last: StepIndex) -> impl Iterator<Item = StepIndex> + '_ {
        let next = move |at: StepIndex| (at != NOWHERE).then_some(at);
        std::iter::successors(next(last), move |at| next(self.path.frame(*at).previous_on(object)))
    }

    /// Collects the acquisitions of the lock that would still be in force and that would block a
    /// shared or an exclusive one.
    pub(super) fn find_holders(&self, shared: bool, into: &mut Rebuilt) {
        let lock = self.racing.event.operation.object;
        let Rebuilt { holders, released, downgraded, .. } = into;
        holders.clear();
        released.clear();
        downgraded.clear();
        for at in self.history() {
            let event = self.path.event(at);
            match event.access_to(lock) {
                // The lock was free here, so no earlier acquisition is in force.
                Access::Release => return,
                Access::ReleaseShared => released.push(event.thread),
                Access::Downgrade => downgraded.push(event.thread),
                // From last to first, a thread's release comes before its acquisition, and cancels
                // it. A downgrade in between leaves a hold that blocks exclusive ones only.
                access @ (Access::Acquire | Access::AcquireShared) => {
                    let own = released.iter().position(|thread| *thread == event.thread);
                    let excludes = access == Access::Acquire && !downgraded.contains(&event.thread);
                    if let Some(own) = own {
                        released.swap_remove(own);
                    } else if excludes || !shared {
                        holders.push(at);
                    }
                    // The lock was free before an exclusive acquisition.
                    if access == Access::Acquire {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn is_held(&self, shared: bool, rebuilt: &mut Rebuilt) -> bool {
        self.find_holders(shared, rebuilt);
        !rebuilt.holders.is_empty()
    }

    /// The value of the atomic: that of the last write that stays, or the initial one.
    fn value(&self) -> u64 {
        let written = self.history().find_map(|at| {
            let event = self.path.event(at);
            matches!(event.access, Access::Write | Access::Rewrite).then_some(event.after)
        });
        written.unwrap_or_else(|| {
            // The oldest access found the initial value, whether it stays or not.
            let oldest =
                self.steps(self.racing.event.operation.object, self.racing.last_on_object).last();
            oldest.map_or(self.racing.event.before, |at| self.path.event(at).before)
        })
    }

    /// Whether the park token would be there.
    fn has_token(&self) -> bool {
        // A park that ended without the token leaves none, either, so the last access decides.
        self.history().next().is_some_and(|at| self.path.event(at).access == Access::GiveToken)
    }

    /// Collects the threads that would wait on the condition variable.
    fn find_waiters(&self, into: &mut Rebuilt) {
        let Rebuilt { waiting, gone, .. } = into;
        waiting.clear();
        gone.clear();
        for at in self.history() {
            let event = self.path.event(at);
            match (event.access, event.operation.kind) {
                // It woke every thread that waited.
                (Access::NotifyWaiter, OperationKind::NotifyAll) => break,
                (Access::NotifyWaiter, _) => gone.push(ThreadId(event.alternative.0)),
                (Access::Leave, _) => gone.push(event.thread),
                (Access::Wait, _) => match gone.iter().position(|t| *t == event.thread) {
                    Some(position) => drop(gone.swap_remove(position)),
                    None => waiting.push(event.thread),
                },
                _ => {}
            }
        }
    }

    /// Whether an object that a spinning thread watches would have changed since its last access.
    fn has_something_changed(&self) -> bool {
        let operation = &self.racing.event.operation;
        let watched = [
            (operation.object, self.racing.last_on_object),
            (operation.second, self.racing.last_on_second),
        ];
        watched.into_iter().filter(|(object, _)| object.is_some()).any(|(object, last)| {
            self.steps(object, last)
                .take_while(|at| self.path.event(*at).thread != self.racing.event.thread)
                .any(|at| {
                    let access = self.path.event(at).access_to(object);
                    matches!(access, Access::Write | Access::Release | Access::Downgrade)
                        && self.stays(at)
                })
        })
    }

    /// Whether the racing operation would be enabled. It is not one that waits for a lock.
    pub(super) fn is_enabled(&self) -> bool {
        let operation = &self.racing.event.operation;
        match operation.kind {
            OperationKind::Park => {
                self.has_token() || Alternative::own_endings(operation.allowance).next().is_some()
            }
            OperationKind::Yield => self.has_something_changed(),
            _ => true,
        }
    }

    /// The racing event, as it would turn out.
    pub(super) fn predict(&self, rebuilt: &mut Rebuilt) -> VisibleEvent {
        use OperationKind as Kind;
        let mut event = *self.racing.event;
        let operation = event.operation;
        match operation.kind {
            Kind::TryLock | Kind::TryWriteLock => {
                event.access =
                    if self.is_held(false, rebuilt) { Access::Refused } else { Access::Acquire };
            }
            Kind::TryReadLock => {
                event.access = if self.is_held(true, rebuilt) {
                    Access::RefusedShared
                } else {
                    Access::AcquireShared
                };
            }
            Kind::NotifyOne | Kind::NotifyAll => self.predict_notification(&mut event, rebuilt),
            Kind::Store | Kind::CompareExchange | Kind::CompareExchangeWeak => {
                event.before = self.value();
                set_written(&mut event);
            }
            // Its result is unknown, because `update` is model code. A change conflicts with all that
            // a rewrite conflicts with.
            Kind::ReadModifyWrite => event.access = Access::Write,
            Kind::Park => {
                event.alternative = if self.has_token() {
                    Alternative::ORDINARY
                } else {
                    Alternative::own_endings(operation.allowance)
                        .next()
                        .unwrap_or(Alternative::ORDINARY)
                };
            }
            _ => {}
        }
        event
    }

    fn predict_notification(&self, event: &mut VisibleEvent, rebuilt: &mut Rebuilt) {
        self.find_waiters(rebuilt);
        let waiters = &rebuilt.waiting;
        if waiters.is_empty() {
            event.access = Access::NotifyNone;
            event.alternative = Alternative::NO_WAITER;
            return;
        }
        event.access = Access::NotifyWaiter;
        let chosen = ThreadId(event.alternative.0);
        event.alternative = match (event.operation.kind, waiters.iter().min()) {
            (OperationKind::NotifyOne, Some(_)) if waiters.contains(&chosen) => event.alternative,
            (OperationKind::NotifyOne, Some(first)) => Alternative(first.0),
            _ => Alternative::ORDINARY,
        };
    }
}
