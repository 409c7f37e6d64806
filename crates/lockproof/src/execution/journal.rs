//! The trace of an execution as it is written: objects by name, events in order.

use std::cell::Ref;
use std::fmt::Write;
use std::panic::Location;

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::backend::Birth;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::trace::{Event, Object, ObjectKind, Operation, Phase, SourceLocation, Trace};

impl Execution {
    /// Adds the primitive that `slot` belongs to.
    pub(crate) fn add_object(&self, kind: ObjectKind, slot: &Slot) -> usize {
        let objects = &mut self.trace.borrow_mut().objects;
        let alike = |object: &&Object| match slot.name {
            None => object.name.is_none() && object.kind == kind,
            name => object.name == name,
        };
        let number = 1 + objects.iter().filter(alike).count();
        let created = slot.created.into();
        objects.push(Object { kind, name: slot.name, number, created, made_by: None });
        objects.len() - 1
    }

    /// Adds the lock that `slot` belongs to, with its maker where that is known.
    pub(crate) fn add_lock(&self, kind: ObjectKind, slot: &Slot, birth: Birth) -> usize {
        let index = self.add_object(kind, slot);
        let maker = (birth == Birth::Made).then(|| self.thread());
        self.trace.borrow_mut().objects[index].made_by = maker;
        index
    }

    /// Appends an event of the current thread.
    pub(crate) fn record(
        &self,
        operation: Operation,
        object: Option<usize>,
        location: &'static Location<'static>,
    ) {
        let thread = self.current.get();
        self.threads.borrow_mut()[thread].acts_at(location);
        let (phase, location) = (Phase::Done, location.into());
        self.trace.borrow_mut().events.push(Event { thread, operation, object, phase, location });
    }

    /// Appends the event that the current thread waits for something another one holds.
    pub(crate) fn record_blocked(
        &self,
        operation: Operation,
        object: Option<usize>,
        location: &'static Location<'static>,
    ) {
        self.push(operation, object, Phase::Blocked, location.into());
    }

    /// Appends an event of `thread`, while the engine runs.
    pub(crate) fn record_of(
        &self,
        thread: usize,
        operation: Operation,
        object: Option<usize>,
        location: &'static Location<'static>,
    ) {
        self.current.set(thread);
        self.record(operation, object, location);
    }

    pub(crate) fn push(
        &self,
        operation: Operation,
        object: Option<usize>,
        phase: Phase,
        location: SourceLocation,
    ) {
        let thread = self.current.get();
        self.threads.borrow_mut()[thread].blames = None;
        let event = Event { thread, operation, object, phase, location };
        self.trace.borrow_mut().events.push(event);
    }

    /// Appends the event that the current thread waits for something to come.
    pub(crate) fn record_wish(&self, waiting: Waiting, location: &'static Location<'static>) {
        let (operation, object) = self.wish(waiting);
        self.record_blocked(operation, object, location);
    }

    /// Appends that `thread` waits for something that will not come, unless its last event said so.
    pub(crate) fn record_stuck(
        &self,
        thread: usize,
        operation: Operation,
        object: Option<usize>,
        location: &'static Location<'static>,
    ) {
        let last = self.trace.borrow().events.iter().rfind(|event| event.thread == thread).cloned();
        if last.is_none_or(|last| last.phase != Phase::Blocked) {
            self.current.set(thread);
            self.record_blocked(operation, object, location);
        }
    }

    /// Notes that the model used something, in case the engine cannot explore it completely.
    pub(crate) fn uses(&self, spot: BlindSpot) {
        if self.body.blind_spots().contains(&spot) {
            self.run.counts().blind_spots.insert(spot);
        }
    }

    /// Notes that an execution has left something in the primitive of `slot`, which this one finds.
    pub(crate) fn found_kept(&self) {
        let trace = self.trace.borrow();
        // The slot's peer was just made, so its object is the last one.
        let Some(object) = trace.objects.last() else { return };
        let kept_data = &mut self.run.counts().kept_data;
        if !kept_data.contains(object) {
            kept_data.push(object.clone());
        }
    }

    /// Notes a plain atomic access, which matters only beside other threads.
    pub(crate) fn uses_plain_atomic(&self) {
        if self.others_run() {
            self.uses(BlindSpot::PlainAtomics);
        }
    }

    /// The trace so far. Its threads are named when somebody asks for it, because hardly anybody
    /// asks for that of an execution that ends well.
    pub(crate) fn trace(&self) -> Ref<'_, Trace> {
        let threads = self.threads.borrow();
        if self.named.replace(threads.len()) < threads.len() {
            let names = &mut self.trace.borrow_mut().threads;
            // What is there may be of another execution.
            names.resize_with(threads.len(), String::new);
            for (index, (name, thread)) in names.iter_mut().zip(threads.iter()).enumerate() {
                name.clear();
                match &thread.name {
                    Some(given) => name.push_str(given),
                    None => write!(name, "thread {index}").expect("a string takes any text"),
                }
            }
        }
        self.trace.borrow()
    }
}
