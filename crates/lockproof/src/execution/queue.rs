//! A wait queue: where threads meet at an object that no engine knows, such as a once, a barrier
//! or a channel.
//!
//! The object's state is the facade's own. A thread [visits](WaitQueue::visit) the queue before it
//! looks at the state or changes it: that is the operation which the engine schedules. Up to the
//! next call into the engine no other thread runs, so what follows a visit is atomic.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::backend::{BackendAtomic, Birth, Fetch, OneShot, Width};
use crate::execution::lock::must_not_unwind;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::trace::{ObjectKind, Operation};

/// The threads that wait at an object of an execution.
pub(crate) struct WaitQueue {
    pub(crate) object: usize,
    /// Its index among the execution's wait queues.
    pub(crate) index: usize,
    /// Makes visits depend on each other in the engine's eyes.
    point: Box<dyn BackendAtomic>,
    waiters: RefCell<Vec<Waiter>>,
    /// The thread that the others wait for, where that is one thread.
    pub(crate) actor: Cell<Option<usize>>,
}

struct Waiter {
    thread: usize,
    baton: Rc<dyn OneShot>,
}

impl WaitQueue {
    /// A queue of `execution`, which must put it into its table next.
    pub(crate) fn new(execution: &Execution, kind: ObjectKind, slot: &Slot) -> Self {
        Self {
            object: execution.add_object(kind, slot),
            index: execution.queues.len(),
            point: execution.body.atomic(Width::U8, 0, Birth::FirstUse),
            waiters: RefCell::default(),
            actor: Cell::new(None),
        }
    }

    /// The same, in its table.
    pub(crate) fn add(execution: &Execution, kind: ObjectKind, slot: &Slot) -> Rc<Self> {
        execution.queues.insert(Self::new(execution, kind, slot)).1
    }

    /// The scheduling point of an operation on the object.
    ///
    /// A visit with `Release` happens before every later one with `Acquire`.
    pub(crate) fn visit(&self, execution: &Execution, order: Ordering) {
        execution.engine(|| self.point.fetch(Fetch::Add, 0, order));
    }

    /// Waits until another thread wakes this one. Follows a visit.
    pub(crate) fn wait(
        &self,
        execution: &Execution,
        waiting: Waiting,
        location: &'static Location<'static>,
    ) {
        must_not_unwind(execution, location);
        execution.record_wish(waiting, location);
        let baton = execution.engine(|| execution.body.baton());
        let baton: Rc<dyn OneShot> = Rc::from(baton.expect("a thread that unwinds does not wait"));
        let waiter = Waiter { thread: execution.thread(), baton: Rc::clone(&baton) };
        self.waiters.borrow_mut().push(waiter);
        execution.wait(waiting, location, || baton.wait());
    }

    /// Lets every waiting thread go on. What they will find must be settled before.
    pub(crate) fn wake_all(&self, execution: &Execution) {
        for waiter in self.waiters.take() {
            execution.release(move || waiter.baton.signal());
        }
    }

    /// Lets `thread` go on, if it waits.
    pub(crate) fn wake(&self, execution: &Execution, thread: usize) {
        let mut waiters = self.waiters.borrow_mut();
        let Some(index) = waiters.iter().position(|waiter| waiter.thread == thread) else { return };
        let waiter = waiters.remove(index);
        drop(waiters);
        execution.release(move || waiter.baton.signal());
    }

    /// Whether nobody has woken `thread` yet.
    pub(crate) fn is_waiting(&self, thread: usize) -> bool {
        self.waiters.borrow().iter().any(|waiter| waiter.thread == thread)
    }

    /// Records an operation of the current thread on the object.
    pub(crate) fn record(
        &self,
        execution: &Execution,
        operation: Operation,
        location: &'static Location<'static>,
    ) {
        execution.record(operation, Some(self.object), location);
    }
}
