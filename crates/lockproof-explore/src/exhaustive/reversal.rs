//! What would be if a step came before the steps it raced with.
//!
//! To reverse a race, some steps are *moved*: they and all that depends on them come after the
//! racing step. What stays is a valid execution, since nothing in it depends on what is missing.
//! The state of an object after it follows from the steps that stay. So it can be told, without
//! running anything, whether the racing operation would be enabled, and how it would turn out.

use super::path::{NOWHERE, Path, StepIndex};
use crate::event::{Access, Alternative, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{Allowance, OperationKind};

/// A step that is to come earlier, and the steps that make way for it.
pub(crate) struct Reversal<'a> {
    pub(crate) path: &'a Path,
    /// The steps that are moved, with all that depends on them.
    pub(crate) moved: &'a [StepIndex],
    /// The racing event as it was, or would have been.
    pub(crate) event: &'a VisibleEvent,
    /// Where the walk back begins: the last steps before it that touched its objects.
    pub(crate) last_on_object: StepIndex,
    pub(crate) last_on_second: StepIndex,
}

/// Who would hold an object, or wait at it: memory that is used again for every race.
#[derive(Debug, Default)]
pub(crate) struct Rebuilt {
    /// The acquisitions of a lock that would still be in force.
    pub(crate) holders: Vec<StepIndex>,
    released: Vec<ThreadId>,
    downgraded: Vec<ThreadId>,
    waiting: Vec<ThreadId>,
    gone: Vec<ThreadId>,
}

impl Reversal<'_> {
    /// Whether the step stays where it is.
    #[inline]
    pub(crate) fn stays(&self, at: StepIndex) -> bool {
        self.moved.iter().all(|moved| !self.path.is_before(*moved, at))
    }

    /// The steps before the racing one that touched its object and stay, last to first.
    fn history(&self) -> impl Iterator<Item = StepIndex> + '_ {
        self.steps(self.event.operation.object, self.last_on_object).filter(|at| self.stays(*at))
    }

    /// The steps that touched `object`, from `last` back.
    fn steps(&self, object: ObjectId, last: StepIndex) -> impl Iterator<Item = StepIndex> + '_ {
        let next = move |at: StepIndex| (at != NOWHERE).then_some(at);
        std::iter::successors(next(last), move |at| next(self.path.frame(*at).previous_on(object)))
    }

    /// Collects the acquisitions of the lock that would still be in force and that a shared or an
    /// exclusive acquisition would have to wait for.
    pub(crate) fn find_holders(&self, shared: bool, into: &mut Rebuilt) {
        let lock = self.event.operation.object;
        let Rebuilt { holders, released, downgraded, .. } = into;
        holders.clear();
        released.clear();
        downgraded.clear();
        for at in self.history() {
            let event = self.path.event(at);
            match event.access_to(lock) {
                Access::Release => return,
                Access::ReleaseShared => released.push(event.thread),
                Access::Downgrade => downgraded.push(event.thread),
                access @ (Access::Acquire | Access::AcquireShared) => {
                    let own = released.iter().position(|thread| *thread == event.thread);
                    let excludes = access == Access::Acquire && !downgraded.contains(&event.thread);
                    if let Some(own) = own {
                        released.swap_remove(own);
                    } else if excludes || !shared {
                        holders.push(at);
                    }
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

    /// The atomic's value.
    fn value(&self) -> u64 {
        let written = self.history().find_map(|at| {
            let event = self.path.event(at);
            matches!(event.access, Access::Write | Access::Rewrite).then_some(event.after)
        });
        written.unwrap_or_else(|| {
            let oldest = self.steps(self.event.operation.object, self.last_on_object).last();
            oldest.map_or(self.event.before, |at| self.path.event(at).before)
        })
    }

    /// Whether the token would be there.
    fn has_token(&self) -> bool {
        self.history().next().is_some_and(|at| self.path.event(at).access == Access::GiveToken)
    }

    /// Collects the threads that would be waiting.
    fn find_waiters(&self, into: &mut Rebuilt) {
        let Rebuilt { waiting, gone, .. } = into;
        waiting.clear();
        gone.clear();
        for at in self.history() {
            let event = self.path.event(at);
            match (event.access, event.operation.kind) {
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

    /// Whether something that a spinning thread watches would have changed since it looked.
    fn has_something_changed(&self) -> bool {
        let operation = &self.event.operation;
        let watched =
            [(operation.object, self.last_on_object), (operation.second, self.last_on_second)];
        watched.into_iter().filter(|(object, _)| object.is_some()).any(|(object, last)| {
            self.steps(object, last)
                .take_while(|at| self.path.event(*at).thread != self.event.thread)
                .any(|at| {
                    let access = self.path.event(at).access_to(object);
                    matches!(access, Access::Write | Access::Release | Access::Downgrade)
                        && self.stays(at)
                })
        })
    }

    /// Whether the racing operation, which is not one that waits for a lock, would be enabled.
    pub(crate) fn is_enabled(&self) -> bool {
        let operation = &self.event.operation;
        match operation.kind {
            OperationKind::Park => self.has_token() || own_ending(operation.freedom).is_some(),
            OperationKind::Yield => self.has_something_changed(),
            _ => true,
        }
    }

    /// The racing event as it would turn out.
    pub(crate) fn predict(&self, rebuilt: &mut Rebuilt) -> VisibleEvent {
        use OperationKind as Kind;
        let mut event = *self.event;
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
            // What it would compute is not known; a change is the safe guess.
            Kind::ReadModifyWrite => event.access = Access::Write,
            Kind::Park => {
                event.alternative = if self.has_token() {
                    Alternative::ORDINARY
                } else {
                    own_ending(operation.freedom).unwrap_or(Alternative::ORDINARY)
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
            event.access = Access::NotifyNobody;
            event.alternative = Alternative::NOBODY;
            return;
        }
        event.access = Access::NotifyWaiter;
        let chosen = ThreadId(event.alternative.0);
        event.alternative = match (event.operation.kind, waiters.iter().min()) {
            (OperationKind::NotifyOne, Some(_)) if waiters.contains(&chosen) => event.alternative,
            (OperationKind::NotifyOne, Some(first)) => Alternative::waking(*first),
            _ => Alternative::ORDINARY,
        };
    }
}

/// How a store or a compare-exchange touches an atomic that has the value `before`.
pub(crate) fn set_written(event: &mut VisibleEvent) {
    let operation = event.operation;
    let written = if operation.kind == OperationKind::Store {
        operation.operand
    } else {
        if event.before != operation.operand {
            event.alternative = Alternative::ORDINARY;
        }
        if event.before != operation.operand || event.alternative == Alternative::SPURIOUS {
            event.after = event.before;
            event.access = Access::Read;
            return;
        }
        operation.replacement
    };
    event.after = written;
    event.access = if written == event.before { Access::Rewrite } else { Access::Write };
}

/// How a wait ends if nobody ends it: by its time-out if it has one, for no reason if it may.
pub(crate) fn own_ending(freedom: Allowance) -> Option<Alternative> {
    if freedom.allows(Allowance::TIME_OUT) {
        Some(Alternative::TIMED_OUT)
    } else if freedom.allows(Allowance::SPURIOUS) {
        Some(Alternative::SPURIOUS)
    } else {
        None
    }
}
