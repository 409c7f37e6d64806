//! The threads that wait on a condition variable: built once, for every engine, from the engine's
//! locks and batons.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::execution::Execution;
use super::lock::must_not_unwind;
use super::mutex::Hold;
use super::peer::{AtomicPeer, BatonPeer, Fetch, Width};
use super::slot::Slot;
use super::threads::Waiting;
use crate::engine::BlindSpot;
use crate::trace::{ObjectKind, Operation, WakeUp};

/// One wait in so many ends spuriously, on an engine that can choose.
const SPURIOUS: usize = 16;

/// The threads that wait on a condition variable of an execution.
pub(super) struct Waiters {
    pub(super) object: usize,
    /// Its index among the execution's condition variables.
    index: usize,
    /// Makes waits and notifications depend on each other in the engine's eyes.
    point: Box<dyn AtomicPeer>,
    /// The longest waiter first.
    queue: RefCell<Vec<Rc<Waiter>>>,
}

struct Waiter {
    thread: usize,
    baton: Box<dyn BatonPeer>,
    notified: Cell<bool>,
}

/// How a wait may end without a notification, on an engine that can choose.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Never,
    Spuriously,
    After(Duration),
}

impl Waiters {
    /// The threads at the condition variable that `slot` belongs to.
    #[track_caller]
    pub(super) fn of(execution: &Execution, slot: &Slot) -> Rc<Self> {
        slot.peer(execution, &execution.condvars, || Self {
            object: execution.add_object(ObjectKind::Condvar, slot),
            index: execution.condvars.len(),
            point: execution.body.atomic(Width::U8, 0),
            queue: RefCell::default(),
        })
    }

    pub(super) fn wait(
        &self,
        execution: &Execution,
        hold: &Hold,
        ends: Ends,
        location: &'static Location<'static>,
    ) -> WakeUp {
        must_not_unwind(location);
        execution.uses(BlindSpot::SpuriousWakeUp);
        let deadline = match ends {
            Ends::After(duration) => Some(execution.deadline(duration)),
            Ends::Never | Ends::Spuriously => None,
        };
        self.schedule(execution);
        let spurious = ends == Ends::Spuriously && execution.body.choose(SPURIOUS) == Some(0);
        let waiter = Rc::new(Waiter {
            thread: execution.thread(),
            baton: execution.body.baton(),
            notified: Cell::new(false),
        });
        self.queue.borrow_mut().push(Rc::clone(&waiter));
        execution.record(Operation::Wait, Some(self.object), location);
        hold.suspend(execution);
        if deadline.is_some() || spurious {
            self.schedule(execution);
        } else {
            let waiting = Waiting::Notification(self.index);
            execution.wait(waiting, location, || waiter.baton.wait());
        }
        self.queue.borrow_mut().retain(|other| !Rc::ptr_eq(other, &waiter));
        hold.resume(execution, location);
        let by = match deadline {
            _ if waiter.notified.get() => WakeUp::Notification,
            None => WakeUp::Spurious,
            Some(deadline) => {
                execution.pass_time_until(deadline);
                WakeUp::TimeOut
            }
        };
        execution.record(Operation::WakeUp { by }, Some(self.object), location);
        by
    }

    /// Says how many threads were notified.
    pub(super) fn notify(
        &self,
        execution: &Execution,
        operation: Operation,
        location: &'static Location<'static>,
    ) -> usize {
        self.schedule(execution);
        let all = operation == Operation::NotifyAll;
        execution.record(operation, Some(self.object), location);
        // A signal may switch: who is notified is settled before the first of them.
        let notified = if all { self.queue.take() } else { self.choose(execution) };
        for waiter in &notified {
            waiter.notified.set(true);
        }
        let count = notified.len();
        for waiter in notified {
            execution.release(Box::new(move || waiter.baton.signal()));
        }
        count
    }

    /// Takes one waiter, if there is any.
    fn choose(&self, execution: &Execution) -> Vec<Rc<Waiter>> {
        let mut queue = self.queue.borrow_mut();
        let waiting = queue.len();
        match waiting {
            0 => Vec::new(),
            1 => queue.drain(..).collect(),
            _ => vec![queue.remove(execution.body.choose(waiting).unwrap_or(0))],
        }
    }

    /// Whether a thread's notification has not come yet.
    pub(super) fn is_waiting(&self, thread: usize) -> bool {
        self.queue.borrow().iter().any(|waiter| waiter.thread == thread)
    }

    fn schedule(&self, execution: &Execution) {
        // ORDERING: Relaxed: the point orders events in the engine's eyes, but no memory.
        execution.engine(|| self.point.fetch(Fetch::Add, 0, Ordering::Relaxed));
    }
}
