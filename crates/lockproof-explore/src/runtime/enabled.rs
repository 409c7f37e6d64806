//! Which pending operations can take effect now, and in which ways.

use super::{Life, Runtime};
use crate::event::Alternative;
use crate::identity::ThreadId;
use crate::operation::{Allowance, OperationKind, VisibleOperation};

impl Runtime {
    /// Completes an operation with what only the runtime knows, before it becomes pending: what
    /// the environment may still do to this thread, and what a spinning thread waits for.
    pub(super) fn prepare(&mut self, thread: ThreadId, operation: &mut VisibleOperation) {
        use OperationKind::{CompareExchangeWeak, Park, WakeUp, Yield};
        let state = &self.threads[thread.index()];
        let met = &mut self.facts.met;
        let within = |count: u32, bound: u32, met: &mut bool| {
            *met |= count >= bound;
            if count < bound { Allowance::SPURIOUS } else { Allowance::NONE }
        };
        match operation.kind {
            WakeUp | Park => {
                let spurious = if operation.freedom.allows(Allowance::CERTAIN) {
                    Allowance::NONE
                } else {
                    within(
                        state.spurious_wake_ups,
                        self.bounds.spurious_wake_ups,
                        &mut met.spurious_wake_ups,
                    )
                };
                let time_out = if !operation.freedom.allows(Allowance::TIME_OUT) {
                    Allowance::NONE
                } else if state.time_outs < self.bounds.time_outs {
                    Allowance::TIME_OUT
                } else {
                    met.time_outs = true;
                    Allowance::LATE_TIME_OUT
                };
                operation.freedom = spurious.with(time_out);
            }
            CompareExchangeWeak => {
                let met = &mut met.weak_failures;
                operation.freedom = within(state.weak_failures, self.bounds.weak_failures, met);
            }
            Yield if state.spinning.must_wait(self.bounds.idle_spins) => {
                met.idle_spins = true;
                if state.spinning.watches_many() {
                    operation.freedom = Allowance::LATE;
                    return;
                }
                let mut watched = state.spinning.watched();
                let mut next = |object: &mut _| {
                    if let Some(look) = watched.next() {
                        *object = look.object;
                    }
                };
                next(&mut operation.object);
                next(&mut operation.second);
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
                self.thread(thread).notified.is_some() || may_end_by_itself(operation)
            }
            OperationKind::Park => {
                self.object(operation.object).token || may_end_by_itself(operation)
            }
            OperationKind::Join => self.thread(operation.peer).life == Life::Finished,
            OperationKind::Yield => {
                let awaits = operation.object.is_some();
                !operation.freedom.allows(Allowance::LATE)
                    && (!awaits || self.has_something_changed(thread))
            }
            _ => true,
        }
    }

    /// Whether all that `thread` can do is to stop waiting for no reason.
    pub(crate) fn is_enabled_by_luck(&self, thread: ThreadId) -> bool {
        let Some(operation) = self.pending(thread) else { return false };
        let awaited = match operation.kind {
            OperationKind::WakeUp => self.thread(thread).notified.is_some(),
            OperationKind::Park => self.object(operation.object).token,
            _ => return false,
        };
        let has_time_out =
            operation.freedom.allows(Allowance::TIME_OUT.with(Allowance::LATE_TIME_OUT));
        !awaited && !has_time_out && operation.freedom.allows(Allowance::SPURIOUS)
    }

    /// Whether `thread` may go on if nothing else can: its time-out is due at last, or its spin
    /// loop goes round in vain.
    pub(crate) fn is_enabled_late(&self, thread: ThreadId) -> bool {
        self.pending(thread).is_some_and(|operation| match operation.kind {
            OperationKind::WakeUp | OperationKind::Park => {
                operation.freedom.allows(Allowance::LATE_TIME_OUT)
            }
            OperationKind::Yield => true,
            _ => false,
        })
    }

    pub(super) fn has_something_changed(&self, thread: ThreadId) -> bool {
        let mut watched = self.thread(thread).spinning.watched();
        watched.any(|look| self.object(look.object).version != look.version)
    }

    /// The ways in which `thread`'s operation, which is enabled, can turn out.
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
                into.extend(waiters.iter().map(|waiter| Alternative::waking(*waiter)));
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
                own_endings(operation, into);
            }
            OperationKind::CompareExchangeWeak => {
                into.push(Alternative::ORDINARY);
                let exchanges = self.object(operation.object).value == operation.operand;
                if exchanges && operation.freedom.allows(Allowance::SPURIOUS) {
                    into.push(Alternative::SPURIOUS);
                }
            }
            _ => into.push(Alternative::ORDINARY),
        }
        if into.is_empty() {
            into.push(Alternative::NOBODY);
        }
    }
}

/// The ways in which a wait can end without anybody's help.
fn own_endings(operation: &VisibleOperation, into: &mut Vec<Alternative>) {
    if operation.freedom.allows(Allowance::TIME_OUT) {
        into.push(Alternative::TIMED_OUT);
    }
    if operation.freedom.allows(Allowance::SPURIOUS) {
        into.push(Alternative::SPURIOUS);
    }
}

/// Whether a wait may end without anybody's help.
pub(crate) fn may_end_by_itself(operation: &VisibleOperation) -> bool {
    operation.freedom.allows(Allowance::TIME_OUT.with(Allowance::SPURIOUS))
}
