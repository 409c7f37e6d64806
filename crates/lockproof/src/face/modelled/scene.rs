//! Where an operation on a channel happens.

use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::queue::WaitQueue;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::execution::weak_memory::Asked;
use crate::trace::{ObjectKind, Operation};

/// A place in the code under test.
pub(crate) type Place = &'static Location<'static>;

/// Where an operation happens: a place in the code, and the running execution, if there is one.
///
/// A channel may outlive its execution. Then nobody else runs, and only what waits is an error.
pub(crate) struct Scene {
    engine: Option<(Rc<Execution>, Rc<WaitQueue>)>,
    location: Place,
}

impl Scene {
    #[track_caller]
    pub(crate) fn new(execution: Option<Rc<Execution>>, slot: &Slot, location: Place) -> Self {
        let Some(execution) = execution else { return Self { engine: None, location } };
        let make = || WaitQueue::new(&execution, ObjectKind::Channel, slot);
        let queue = slot.peer(&execution, &execution.queues, make);
        Self { engine: Some((execution, queue)), location }
    }

    pub(crate) fn execution(&self) -> Option<&Rc<Execution>> {
        self.engine.as_ref().map(|(execution, _)| execution)
    }

    pub(crate) fn thread(&self) -> usize {
        self.execution().map_or(0, |execution| execution.thread())
    }

    pub(crate) fn visit(&self, order: Ordering) {
        if let Some((execution, queue)) = &self.engine {
            queue.visit(execution, order);
        }
    }

    pub(crate) fn wait(&self, waiting: fn(usize) -> Waiting) {
        let (execution, queue) = self.engine.as_ref().expect(
            "a channel of a model is waited for outside of it: make the channel where it is used",
        );
        queue.wait(execution, waiting(queue.index), self.location);
    }

    pub(crate) fn wake(&self, thread: Option<usize>) {
        if let Some(((execution, queue), thread)) = self.engine.as_ref().zip(thread) {
            queue.wake(execution, thread);
        }
    }

    pub(crate) fn wake_all(&self) {
        if let Some((execution, queue)) = &self.engine {
            queue.wake_all(execution);
        }
    }

    /// The channel is asked for a message, or for room, and may say "not yet".
    pub(crate) fn ask(&self) {
        if let Some((execution, queue)) = &self.engine {
            execution.note_question(Asked::Object(queue.object));
        }
    }

    /// It does.
    pub(crate) fn answer_not_yet(&self) {
        if let Some((execution, queue)) = &self.engine {
            execution.note_answer(Asked::Object(queue.object));
        }
    }

    pub(crate) fn record(&self, operation: Operation) {
        if let Some((execution, queue)) = &self.engine {
            queue.record(execution, operation, self.location);
        }
    }
}
