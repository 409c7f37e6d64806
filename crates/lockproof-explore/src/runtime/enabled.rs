//! The pending operations that are enabled, and their possible outcomes.

use super::{Life, Runtime};
use crate::event::Alternative;
use crate::identity::ThreadId;
use crate::operation::{Allowance, OperationKind, VisibleOperation};

impl Runtime {
    /// Completes an operation before it becomes pending: by what the environment may still do to the
    /// thread, and by the objects that a spinning thread waits for.
    pub(super) fn prepare(&mut self, thread: ThreadId, operation: &mut VisibleOperation) {
        use OperationKind::{CompareExchangeWeak, Park, WakeUp, Yield};
        let state = &self.threads[thread.index()];
        let (bounds, met) = (&self.bounds, &mut self.facts.met);
        match operation.kind {
            WakeUp | Park => {
                let (count, bound) = (state.spurious_wake_ups, bounds.spurious_wake_ups);
                let time_out = if !operation.allowance.allows(Allowance::TIME_OUT) {
                    Allowance::NONE
                } else if state.time_outs < bounds.time_outs {
                    Allowance::TIME_OUT
                } else {
                    met.time_outs = true;
                    Allowance::LATE_TIME_OUT
                };
                operation.allowance = if operation.allowance.allows(Allowance::CERTAIN) {
                    time_out
                } else {
                    time_out.with(spurious_within(bound, count, &mut met.spurious_wake_ups))
                };
            }
            CompareExchangeWeak => {
                let (count, bound) = (state.weak_failures, bounds.weak_failures);
                operation.allowance = spurious_within(bound, count, &mut met.weak_failures);
            }
            Yield if state.spinning.must_wait(bounds.idle_spins) => {
                met.idle_spins = true;
                if state.spinning.watches_many() {
                    operation.allowance = Allowance::LATE;
                    return;
                }
                // There are at most two, since an event accesses at most two objects.
                let awaited = [&mut operation.object, &mut operation.second];
                for (object, seen) in awaited.into_iter().zip(state.spinning.watched()) {
                    *object = seen.object;
                }
            }
            _ => {}
        }
    }

    /// Whether `thread` has a pending operation that can take effect now.
    #[inline]
    pub(crate) fn is_enabled(&self, thread: ThreadId) -> bool {
        self.pending(thread).is_some_and(|operation| self.is_possible(thread, operation))
    }

    /// Whether `thread` has this operation pending, and it can take effect now.
    #[inline]
    pub(crate) fn can_perform(&self, thread: ThreadId, operation: &VisibleOperation) -> bool {
        self.pending(thread)
            .is_some_and(|pending| pending.is_same(operation) && self.is_possible(thread, pending))
    }

    /// Whether the pending operation of `thread` can take effect now.
    #[inline]
    fn is_possible(&self, thread: ThreadId, operation: &VisibleOperation) -> bool {
        match operation.kind {
            OperationKind::Lock | OperationKind::WriteLock => {
                self.object(operation.object).is_free()
            }
            OperationKind::ReadLock => self.object(operation.object).holder.is_none(),
            OperationKind::WakeUp => {
                self.thread(thread).notified.is_some() || may_end_alone(operation)
            }
            OperationKind::Park => self.object(operation.object).token || may_end_alone(operation),
            OperationKind::Join => self.thread(operation.peer).life == Life::Finished,
            OperationKind::Yield => {
                let awaits = operation.object.is_some();
                !operation.allowance.allows(Allowance::LATE)
                    && (!awaits || self.has_something_changed(thread))
            }
            _ => true,
        }
    }

    /// Whether `thread` can continue by a spurious wake-up only.
    pub(crate) fn is_enabled_spuriously(&self, thread: ThreadId) -> bool {
        let Some(operation) = self.pending(thread) else { return false };
        let awaited = match operation.kind {
            OperationKind::WakeUp => self.thread(thread).notified.is_some(),
            OperationKind::Park => self.object(operation.object).token,
            _ => return false,
        };
        let has_time_out =
            operation.allowance.allows(Allowance::TIME_OUT.with(Allowance::LATE_TIME_OUT));
        !awaited && !has_time_out && operation.allowance.allows(Allowance::SPURIOUS)
    }

    /// Whether `thread` may continue if no thread is enabled: by a late time-out, or by one more
    /// round of its spin loop.
    pub(crate) fn is_enabled_late(&self, thread: ThreadId) -> bool {
        self.pending(thread).is_some_and(|operation| match operation.kind {
            OperationKind::WakeUp | OperationKind::Park => {
                operation.allowance.allows(Allowance::LATE_TIME_OUT)
            }
            OperationKind::Yield => true,
            _ => false,
        })
    }

    pub(super) fn has_something_changed(&self, thread: ThreadId) -> bool {
        let mut watched = self.thread(thread).spinning.watched();
        watched.any(|seen| self.object(seen.object).version != seen.version)
    }

    /// Collects the possible outcomes of the operation of an enabled `thread`.
    pub(crate) fn alternatives(&self, thread: ThreadId, into: &mut Vec<Alternative>) {
        into.clear();
        let Some(operation) = self.pending(thread) else { return };
        match operation.kind {
            OperationKind::Choose => {
                let count = u16::try_from(operation.operand).unwrap_or(u16::MAX);
                into.extend((0..count).map(Alternative));
            }
            OperationKind::NotifyOne => {
                let waiters = &self.object(operation.object).waiters;
                into.extend(waiters.iter().map(|waiter| Alternative(waiter.0)));
                into.sort_unstable();
            }
            OperationKind::NotifyAll if !self.object(operation.object).waiters.is_empty() => {
                into.push(Alternative::ORDINARY);
            }
            OperationKind::NotifyAll => {}
            OperationKind::WakeUp if self.thread(thread).notified.is_some() => {
                into.push(Alternative::ORDINARY);
            }
            OperationKind::Park if self.object(operation.object).token => {
                into.push(Alternative::ORDINARY);
            }
            OperationKind::WakeUp | OperationKind::Park => {
                into.extend(Alternative::own_endings(operation.allowance));
            }
            OperationKind::CompareExchangeWeak => {
                into.push(Alternative::ORDINARY);
                let exchanges = self.object(operation.object).value == operation.operand;
                if exchanges && operation.allowance.allows(Allowance::SPURIOUS) {
                    into.push(Alternative::SPURIOUS);
                }
            }
            _ => into.push(Alternative::ORDINARY),
        }
        if into.is_empty() {
            into.push(Alternative::NO_WAITER);
        }
    }
}

/// Whether the environment may intervene once more, and notes if the bound is met.
fn spurious_within(bound: u32, count: u32, met: &mut bool) -> Allowance {
    *met |= count >= bound;
    if count < bound { Allowance::SPURIOUS } else { Allowance::NONE }
}

/// Whether a wait may end without another thread.
pub(crate) fn may_end_alone(operation: &VisibleOperation) -> bool {
    operation.allowance.allows(Allowance::TIME_OUT.with(Allowance::SPURIOUS))
}
