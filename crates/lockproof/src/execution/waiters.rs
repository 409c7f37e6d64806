//! The threads that wait on a condition variable of an execution.

use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;
use std::time::Duration;

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::backend::{BackendCondvar, Birth, Freedom};
use crate::execution::lock::must_not_unwind;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::face::modelled::mutex::Hold;
use crate::trace::{ObjectKind, Operation, WakeUp};

/// The threads that wait on a condition variable of an execution.
pub(crate) struct Waiters {
    pub(crate) object: usize,
    /// Its index among the execution's condition variables.
    index: usize,
    peer: Rc<dyn BackendCondvar>,
    /// The threads that wait and were not notified.
    count: Rc<Cell<usize>>,
}

/// How a wait may end without a notification, on an engine that can choose.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    pub(crate) after: Option<Duration>,
    pub(crate) spuriously: bool,
}

impl Waiters {
    /// The threads at the condition variable that `slot` belongs to.
    #[track_caller]
    pub(crate) fn of(execution: &Execution, slot: &Slot, birth: Birth) -> Rc<Self> {
        slot.peer(execution, &execution.condvars, || Self {
            object: execution.add_object(ObjectKind::Condvar, slot),
            index: execution.condvars.len(),
            peer: Rc::from(execution.body.condvar(birth)),
            count: Rc::default(),
        })
    }

    pub(crate) fn wait(
        &self,
        execution: &Execution,
        hold: &Hold,
        ends: Ends,
        location: &'static Location<'static>,
    ) -> WakeUp {
        must_not_unwind(execution, location);
        execution.uses(BlindSpot::SpuriousWakeUp);
        let deadline = ends.after.map(|duration| execution.deadline(duration));
        let freedom = Freedom { timed: deadline.is_some(), spurious: ends.spuriously };
        let (lock, thread) = (hold.lock(execution), execution.thread());
        execution.engine(|| self.peer.begin_wait(lock.peer.as_ref(), thread, freedom));
        lock.owner.set(None);
        self.count.update(|count| count + 1);
        let mutex = lock.object;
        execution.record(Operation::Wait { mutex }, Some(self.object), location);
        let waiting = Waiting::Notification { condvar: self.index, mutex };
        let by = execution.wait(waiting, location, || self.peer.end_wait(thread, freedom));
        let by = by.unwrap_or(WakeUp::Spurious);
        if by != WakeUp::Notification {
            self.count.update(|count| count.saturating_sub(1));
        }
        lock.relock(execution, location);
        if let Some(deadline) = deadline.filter(|_| by == WakeUp::TimeOut) {
            execution.pass_time_until(deadline);
        }
        execution.record(Operation::WakeUp { by, mutex }, Some(self.object), location);
        by
    }

    /// Says how many threads were notified.
    pub(crate) fn notify(
        &self,
        execution: &Rc<Execution>,
        operation: Operation,
        location: &'static Location<'static>,
    ) -> usize {
        let all = operation == Operation::NotifyAll;
        let (peer, object, count) = (Rc::clone(&self.peer), self.object, Rc::clone(&self.count));
        let (by, thread) = (Rc::clone(execution), execution.thread());
        let notified = execution.release(move || {
            let result = Cell::new(0);
            peer.notify(all, &|| {
                let notified = if all { count.get() } else { count.get().min(1) };
                count.set(count.get() - notified);
                result.set(notified);
                by.record_of(thread, operation.clone(), Some(object), location);
            });
            result.get()
        });
        notified.unwrap_or(0)
    }

    /// Whether a thread's notification has not come yet.
    pub(crate) fn is_waiting(&self, thread: usize) -> bool {
        self.peer.is_waiting(thread)
    }
}
