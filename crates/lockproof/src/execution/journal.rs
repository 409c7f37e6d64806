//! The journal: the trace of an execution as it is written, objects by name and events in order.

#![expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]

use std::cell::{Cell, Ref, RefCell};
use std::fmt::Write;

use super::Execution;
use super::backend::{Birth, CallSite};
use super::event::{event, event_at_atomic, event_at_mutex};
use super::intent::{Intent, Reply};
use super::objects::{ModelObject, Side};
use super::slot::Slot;
use crate::trace::{Event, Object, ObjectKind, Operation, Phase, SourceLocation, Trace};

/// The trace so far.
#[derive(Default)]
pub(crate) struct Journal {
    /// Without the names of the threads: see [`Execution::trace`].
    pub(super) trace: RefCell<Trace>,
    /// How many threads have their names in the trace.
    named: Cell<usize>,
}

impl Journal {
    /// A journal in the memory of another one's trace.
    pub(super) fn reusing(trace: Trace) -> Self {
        Self { trace: RefCell::new(trace), named: Cell::new(0) }
    }
}

impl Execution {
    /// Adds the primitive that `slot` belongs to, with the maker of a lock where that is known.
    pub(super) fn name_object(&self, kind: ObjectKind, slot: &Slot, birth: Birth) -> usize {
        let objects = &mut self.journal.trace.borrow_mut().objects;
        let alike = |object: &&Object| match slot.name {
            None => object.name.is_none() && object.kind == kind,
            name => object.name == name,
        };
        let number = 1 + objects.iter().filter(alike).count();
        let is_lock = matches!(kind, ObjectKind::Mutex | ObjectKind::RwLock);
        let made_by = (is_lock && birth == Birth::Made).then(|| self.thread());
        let created = slot.created.into();
        objects.push(Object { kind, name: slot.name, number, created, made_by });
        objects.len() - 1
    }

    /// Appends the event of what the current thread did, if there is one, and lets it change the
    /// table of owners.
    #[inline(always)]
    pub(super) fn record(
        &self,
        intent: &Intent,
        object: Option<&ModelObject>,
        reply: &Reply,
        is_known: bool,
        at: CallSite,
    ) {
        if !intent.is_event() {
            return;
        }
        // The most frequent events come first, each in code of its own.
        match (object, *intent) {
            // None that concerns a lock.
            (Some(ModelObject { index, side: Side::Atomic(atomic) }), _) => {
                self.push(
                    event_at_atomic(intent, atomic, reply),
                    Some(*index),
                    Phase::Done,
                    at.into(),
                );
            }
            (_, Intent::Reacquire { condvar, .. }) => {
                self.append(intent, event(intent, object, reply), Some(condvar), is_known, at);
            }
            (Some(ModelObject { index, side: Side::Mutex(_) }), _) => {
                self.append(intent, event_at_mutex(intent, reply), Some(*index), is_known, at);
            }
            _ => {
                let operation = event(intent, object, reply);
                self.append(intent, operation, object.map(|object| object.index), is_known, at);
            }
        }
    }

    /// Appends what the current thread did, and changes the table of owners by it.
    #[inline(always)]
    fn append(
        &self,
        intent: &Intent,
        operation: Operation,
        object: Option<usize>,
        is_known: bool,
        at: CallSite,
    ) {
        if let Some(effect) = operation.lock_effect() {
            self.settle_owners(intent, effect, object, is_known, at);
        }
        self.push(operation, object, Phase::Done, at.into());
    }

    /// Appends the event that the current thread waits.
    #[cold]
    #[inline(never)]
    pub(super) fn record_blocked(
        &self,
        intent: Intent,
        object: Option<&ModelObject>,
        at: CallSite,
    ) {
        let wish = Self::wish(intent, object);
        self.blame(None);
        self.push(wish, object.map(|object| object.index), Phase::Blocked, at.into());
    }

    /// Appends an event of the current thread.
    #[inline(always)]
    pub(super) fn push(
        &self,
        operation: Operation,
        object: Option<usize>,
        phase: Phase,
        location: SourceLocation,
    ) {
        let thread = self.thread();
        let event = Event { thread, operation, object, phase, location };
        self.journal.trace.borrow_mut().events.push(event);
    }

    /// Appends that `thread` waits for something that will not come, unless its last event said so.
    pub(super) fn record_stuck(
        &self,
        thread: usize,
        operation: Operation,
        object: Option<usize>,
        at: CallSite,
    ) {
        let trace = self.journal.trace.borrow();
        let last = trace.events.iter().rfind(|event| event.thread == thread);
        let is_told = last.is_some_and(|last| last.phase == Phase::Blocked);
        drop(trace);
        if !is_told {
            self.current.set(thread);
            self.blame(None);
            self.push(operation, object, Phase::Blocked, at.into());
        }
    }

    /// Notes that an execution has left something in this object's primitive, which this one finds.
    pub(super) fn found_kept(&self, object: usize) {
        let object = &self.journal.trace.borrow().objects[object];
        let kept_data = &mut self.run.counts().kept_data;
        if !kept_data.contains(object) {
            kept_data.push(object.clone());
        }
    }

    /// The trace so far. Its threads are named when it is asked for, because hardly ever is that of
    /// an execution that ends well.
    pub(crate) fn trace(&self) -> Ref<'_, Trace> {
        let threads = self.threads.borrow();
        let Journal { trace, named } = &self.journal;
        if named.replace(threads.len()) < threads.len() {
            let names = &mut trace.borrow_mut().threads;
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
        trace.borrow()
    }
}
