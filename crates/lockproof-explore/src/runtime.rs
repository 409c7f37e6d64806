//! The state of one execution: threads, objects, and the semantics of the operations.
//!
//! Every operation passes through three stages. It is announced and becomes *pending*. It is
//! *enabled* or not, which `enabled` decides from the state alone. It is *applied*, which changes
//! the state and adds a [`VisibleEvent`] to the trace. Nothing here knows coroutines or strategies.
//!
//! Invariant: only the thread that the executor resumed last applies an operation, so no state
//! changes between the strategy's pick and its effect.

mod apply;
mod cells;
mod enabled;
mod naming;
mod object;
mod race_clocks;
mod result;
mod spin;
mod stuck;
mod thread;

use crate::event::{Alternative, VisibleEvent};
use crate::failure::{Bug, DataRace};
use crate::findings::Facts;
use crate::identity::{ObjectId, ThreadId};
use crate::operation::VisibleOperation;
use crate::options::Bounds;
use crate::tables::entry;
use crate::turns::Turns;

use cells::CellState;
use naming::{Naming, Origin};
use object::ObjectState;

pub(crate) use result::OperationResult;
pub(crate) use thread::{Life, StartingThread, ThreadBody, ThreadState};

/// Room for the events of a short execution, so that a short search does not spend its time on
/// growing tables.
const EXPECTED_EVENTS: usize = 64;
/// Room for its threads and objects.
const EXPECTED_NAMES: usize = 16;

/// The state of one execution, and the names that outlive it.
#[derive(Default)]
pub(crate) struct Runtime {
    naming: Naming,
    /// By [`ThreadId::index`].
    pub(crate) threads: Vec<ThreadState>,
    /// The threads of this execution, in the order of their creation.
    pub(crate) thread_order: Vec<ThreadId>,
    /// By [`ObjectId::index`].
    pub(crate) objects: Vec<ObjectState>,
    /// Those of this execution come first, [`Runtime::cells_made`] in number.
    pub(crate) cells: Vec<CellState>,
    pub(crate) cells_made: u32,
    pub(crate) current: ThreadId,
    /// The outcome that the strategy picked for the current thread's operation.
    pub(crate) granted: Alternative,
    /// Whether it was picked only because nothing else could happen.
    pub(crate) granted_late: bool,
    pub(crate) starting: Option<StartingThread>,
    /// The number of pending waits and parks.
    pub(crate) waits: usize,
    pub(crate) trace: Vec<VisibleEvent>,
    pub(crate) bounds: Bounds,
    /// The bytes of a thread's stack that the model may use.
    pub(crate) stack_size: usize,
    pub(crate) facts: Facts,
    pub(crate) race: Option<DataRace>,
    pub(crate) tearing_down: bool,
}

impl Runtime {
    pub(crate) fn new(bounds: Bounds, stack_size: usize) -> Self {
        Self {
            thread_order: Vec::with_capacity(EXPECTED_NAMES),
            objects: Vec::with_capacity(EXPECTED_NAMES),
            trace: Vec::with_capacity(EXPECTED_EVENTS),
            bounds,
            stack_size,
            ..Self::default()
        }
    }

    /// Prepares for another exploration, and keeps the memory.
    pub(crate) fn renew(&mut self, bounds: Bounds) {
        self.naming.clear();
        self.bounds = bounds;
        self.facts = Facts::default();
    }

    /// Begins a new execution, with its main thread about to start.
    pub(crate) fn begin(&mut self, main: ThreadBody) {
        self.naming.begin();
        for thread in self.thread_order.drain(..) {
            self.threads[thread.index()].life = Life::NotStarted;
        }
        self.cells_made = 0;
        self.trace.clear();
        self.race = None;
        self.waits = 0;
        self.tearing_down = false;
        self.start_thread(ThreadId::MAIN);
        self.starting = Some(StartingThread { thread: ThreadId::MAIN, body: main });
    }

    fn start_thread(&mut self, thread: ThreadId) {
        entry(&mut self.threads, thread.index()).renew();
        self.thread_order.push(thread);
        self.object_mut(ObjectId::token_of(thread)).renew(0);
        self.facts.threads = self.facts.threads.max(self.thread_order.len());
    }

    /// Names the thread that the current one is about to spawn.
    pub(crate) fn next_child(&mut self) -> ThreadId {
        let creator = &mut self.threads[self.current.index()];
        let count = creator.spawned;
        creator.spawned += 1;
        self.naming.thread(self.current, count)
    }

    /// Creates an object explicitly.
    pub(crate) fn create(&mut self, value: u64) -> ObjectId {
        let creator = &mut self.threads[self.current.index()];
        let count = creator.created;
        creator.created += 1;
        self.make(Origin::Created(count), value)
    }

    /// Creates an object that the current thread's next operation is the first to use.
    pub(crate) fn create_at_first_use(&mut self, value: u64) -> ObjectId {
        let operation = self.threads[self.current.index()].sequence + 1;
        self.make(Origin::FirstUsed(operation), value)
    }

    fn make(&mut self, origin: Origin, value: u64) -> ObjectId {
        let object = self.naming.object(self.current, origin);
        let created_at = (self.naming.execution, self.trace.len());
        let state = self.object_mut(object);
        state.renew(value);
        state.created_at = created_at;
        object
    }

    /// Whether the object was created at its first use, and not within the first `events` events:
    /// then another execution with the same `events` may have another name for it.
    pub(crate) fn has_unstable_name(&self, object: ObjectId, events: usize) -> bool {
        object.is_named_at_first_use()
            && self.objects.get(object.index()).is_none_or(|state| {
                let (execution, after) = state.created_at;
                execution != self.naming.execution || after > events
            })
    }

    /// The current thread wants to perform `operation`.
    pub(crate) fn announce(&mut self, operation: &VisibleOperation) {
        let thread = self.current;
        let mut operation = *operation;
        self.prepare(thread, &mut operation);
        self.waits += usize::from(operation.kind.is_wait());
        let state = &mut self.threads[thread.index()];
        state.life = Life::Pending;
        state.pending = operation;
    }

    pub(crate) fn object(&self, object: ObjectId) -> &ObjectState {
        &self.objects[object.index()]
    }

    pub(crate) fn object_mut(&mut self, object: ObjectId) -> &mut ObjectState {
        entry(&mut self.objects, object.index())
    }

    pub(crate) fn thread(&self, thread: ThreadId) -> &ThreadState {
        &self.threads[thread.index()]
    }

    pub(crate) fn thread_mut(&mut self, thread: ThreadId) -> &mut ThreadState {
        &mut self.threads[thread.index()]
    }

    /// The pending operation of a thread that has one.
    pub(crate) fn pending(&self, thread: ThreadId) -> Option<&VisibleOperation> {
        let state = self.threads.get(thread.index())?;
        (state.life == Life::Pending).then_some(&state.pending)
    }

    /// The number of threads of this exploration: more than the index of any.
    pub(crate) fn thread_count(&self) -> usize {
        self.naming.thread_count()
    }

    pub(crate) fn path(&self, thread: ThreadId) -> String {
        self.naming.path(thread)
    }

    /// The turns that this execution has taken.
    pub(crate) fn turns(&self) -> Turns {
        Turns::of(&self.trace, |thread| self.path(thread))
    }

    /// Whether a thread other than `thread` was suspended in the middle of an unwind.
    pub(crate) fn is_another_unwinding(&self, thread: ThreadId) -> bool {
        self.thread_order
            .iter()
            .any(|other| *other != thread && self.threads[other.index()].unwinding)
    }

    /// The bug that a thread has used up its stack.
    pub(crate) fn overflow_of(&self, thread: ThreadId) -> Bug {
        let last = self.trace.iter().rfind(|event| event.thread == thread);
        let last = last.map(|event| event.operation.location);
        Bug::StackOverflow { thread, stack_size: self.stack_size, last }
    }
}
