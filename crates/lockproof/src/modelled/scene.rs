//! Where an operation on a channel happens.

use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::execution::Execution;
use super::queue::WaitQueue;
use super::slot::Slot;
use super::threads::Waiting;
use super::weak_memory::Asked;
use crate::trace::{ObjectKind, Operation};

/// A place in the code under test.
pub(super) type Place = &'static Location<'static>;

/// Where an operation happens: a place in the code, and the running execution, if there is one.
///
/// A channel may outlive its execution. Then nobody else runs, and only what waits is an error.
pub(super) struct Scene {
    engine: Option<(Rc<Execution>, Rc<WaitQueue>)>,
    location: Place,
}

impl Scene {
    #[track_caller]
    pub(super) fn new(execution: Option<Rc<Execution>>, slot: &Slot, location: Place) -> Self {
        let Some(execution) = execution else { return Self { engine: None, location } };
        let make = || WaitQueue::new(&execution, ObjectKind::Channel, slot);
        let queue = slot.peer(&execution, &execution.queues, make);
        Self { engine: Some((execution, queue)), location }
    }

    pub(super) fn execution(&self) -> Option<&Rc<Execution>> {
        self.engine.as_ref().map(|(execution, _)| execution)
    }

    pub(super) fn thread(&self) -> usize {
        self.execution().map_or(0, |execution| execution.thread())
    }

    pub(super) fn visit(&self, order: Ordering) {
        if let Some((execution, queue)) = &self.engine {
            queue.visit(execution, order);
        }
    }

    pub(super) fn wait(&self, waiting: fn(usize) -> Waiting) {
        let (execution, queue) = self.engine.as_ref().expect(
            "a channel of a model is waited for outside of it: make the channel where it is used",
        );
        queue.wait(execution, waiting(queue.index), self.location);
    }

    pub(super) fn wake(&self, thread: Option<usize>) {
        if let Some(((execution, queue), thread)) = self.engine.as_ref().zip(thread) {
            queue.wake(execution, thread);
        }
    }

    pub(super) fn wake_all(&self) {
        if let Some((execution, queue)) = &self.engine {
            queue.wake_all(execution);
        }
    }

    /// The channel is asked for a message, or for room, and may say "not yet".
    pub(super) fn ask(&self) {
        if let Some((execution, queue)) = &self.engine {
            execution.note_question(Asked::Object(queue.object));
        }
    }

    /// It does.
    pub(super) fn answer_not_yet(&self) {
        if let Some((execution, queue)) = &self.engine {
            execution.note_answer(Asked::Object(queue.object));
        }
    }

    pub(super) fn record(&self, operation: Operation) {
        if let Some((execution, queue)) = &self.engine {
            queue.record(execution, operation, self.location);
        }
    }
}
