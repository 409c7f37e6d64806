//! The state of one execution: threads, objects, and the semantics of the operations.
//!
//! Every operation passes through three stages. It is announced and becomes *pending*; it is
//! *enabled* or not, which `enabled` decides from the state alone; it is *applied*, which changes
//! the state and leaves an [`VisibleEvent`]. Nothing here knows coroutines or strategies.
//!
//! Invariant: only the thread that the executor resumed last applies an operation, so no state
//! changes between the strategy's pick and its effect.

mod apply;
mod cells;
mod enabled;
mod knowledge;
mod object;
mod spin;
mod stuck;
mod thread;

use std::borrow::Cow;
use std::rc::Rc;

use crate::event::{Alternative, VisibleEvent};
use crate::failure::{Bug, DataRace};
use crate::identity::{ObjectId, ThreadId};
use crate::naming::{Naming, Origin};
use crate::operation::{Place, VisibleOperation};
use crate::options::Bounds;
use crate::outcome::Facts;

pub(crate) use cells::CellState;
pub(crate) use object::ObjectState;
pub(crate) use thread::{Life, ThreadState};

/// What a thread runs.
pub(crate) enum ThreadBody {
    /// The model, which every execution runs.
    Main(Rc<dyn Fn()>),
    Child(Box<dyn FnOnce()>),
}

impl ThreadBody {
    pub(crate) fn run(self) {
        match self {
            Self::Main(model) => model(),
            Self::Child(body) => body(),
        }
    }
}

/// A thread that was spawned and has not begun.
pub(crate) struct Newborn {
    pub(crate) thread: ThreadId,
    pub(crate) job: ThreadBody,
}

/// Room for the events of a short execution, so that a short search does not spend its time on
/// growing tables.
const EXPECTED_EVENTS: usize = 64;
/// Room for its threads and objects.
const EXPECTED_NAMES: usize = 16;

/// What an operation gives back to its thread. Two numbers, which travel in registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OperationResult {
    pub(crate) value: u64,
    /// The alternative, and above it whether the operation succeeded.
    turnout: u32,
}

impl OperationResult {
    /// For an operation that nobody waits for.
    pub(crate) const NOTHING: Self = Self::new(0, Alternative::ORDINARY, true);

    const fn new(value: u64, alternative: Alternative, succeeded: bool) -> Self {
        Self { value, turnout: (alternative.0 as u32) | ((succeeded as u32) << 16) }
    }

    pub(crate) fn alternative(self) -> Alternative {
        Alternative((self.turnout & 0xffff) as u16)
    }

    pub(crate) fn succeeded(self) -> bool {
        self.turnout >> 16 != 0
    }
}

/// The state of one execution, and the names that outlive it.
pub(crate) struct Runtime {
    /// Counts executions of this OS thread, so that a handle from another one is recognized.
    pub(crate) execution: u64,
    naming: Naming,
    /// By [`ThreadId::index`].
    pub(crate) threads: Vec<ThreadState>,
    /// The threads of this execution, in the order of their creation.
    pub(crate) alive: Vec<ThreadId>,
    /// By [`ObjectId::index`].
    pub(crate) objects: Vec<ObjectState>,
    /// Those of this execution come first, [`Runtime::cells_made`] in number.
    pub(crate) cells: Vec<CellState>,
    pub(crate) cells_made: u32,
    pub(crate) current: ThreadId,
    /// What the strategy picked for the current thread's operation.
    pub(crate) granted: Alternative,
    /// Whether it was picked only because nothing else could happen.
    pub(crate) granted_late: bool,
    pub(crate) newborn: Option<Newborn>,
    /// The waits and parks that are pending.
    pub(crate) waits: usize,
    pub(crate) trace: Vec<VisibleEvent>,
    pub(crate) bounds: Bounds,
    /// What the model may use of a thread's stack, in bytes.
    pub(crate) stack_size: usize,
    pub(crate) facts: Facts,
    pub(crate) race: Option<DataRace>,
    pub(crate) tearing_down: bool,
}

impl Runtime {
    pub(crate) fn new(bounds: Bounds, stack_size: usize) -> Self {
        Self {
            execution: 0,
            naming: Naming::default(),
            threads: Vec::new(),
            alive: Vec::with_capacity(EXPECTED_NAMES),
            objects: Vec::with_capacity(EXPECTED_NAMES),
            cells: Vec::new(),
            cells_made: 0,
            current: ThreadId::MAIN,
            granted: Alternative::ORDINARY,
            granted_late: false,
            newborn: None,
            waits: 0,
            trace: Vec::with_capacity(EXPECTED_EVENTS),
            bounds,
            stack_size,
            facts: Facts::default(),
            race: None,
            tearing_down: false,
        }
    }

    /// Another exploration begins, with the memory of the last.
    pub(crate) fn renew(&mut self, bounds: Bounds, stack_size: usize) {
        self.naming.clear();
        self.bounds = bounds;
        self.stack_size = stack_size;
        self.facts = Facts::default();
    }

    /// A new execution, with its main thread about to start.
    pub(crate) fn begin(&mut self, execution: u64, main: ThreadBody) {
        self.execution = execution;
        self.naming.begin();
        for thread in self.alive.drain(..) {
            self.threads[thread.index()].life = Life::Unborn;
        }
        self.cells_made = 0;
        self.trace.clear();
        self.race = None;
        self.waits = 0;
        self.tearing_down = false;
        self.be_born(ThreadId::MAIN, Some("main".into()));
        self.newborn = Some(Newborn { thread: ThreadId::MAIN, job: main });
    }

    fn be_born(&mut self, thread: ThreadId, name: Option<Cow<'static, str>>) {
        if self.threads.len() <= thread.index() {
            self.threads.resize_with(thread.index() + 1, ThreadState::unborn);
        }
        self.threads[thread.index()].renew(name);
        self.alive.push(thread);
        self.object_mut(ObjectId::token_of(thread)).renew(0);
        self.facts.threads = self.facts.threads.max(self.alive.len());
    }

    /// Names the thread that the current one is about to spawn.
    pub(crate) fn next_child(&mut self) -> ThreadId {
        let creator = &mut self.threads[self.current.index()];
        let count = creator.spawned;
        creator.spawned += 1;
        self.naming.thread(self.current, count)
    }

    /// Makes an object on purpose.
    pub(crate) fn create(&mut self, value: u64) -> ObjectId {
        let creator = &mut self.threads[self.current.index()];
        let count = creator.created;
        creator.created += 1;
        self.make(Origin::Created(count), value)
    }

    /// Makes an object that the current thread's next operation is the first to use.
    pub(crate) fn create_at_first_use(&mut self, value: u64) -> ObjectId {
        let operation = self.threads[self.current.index()].sequence + 1;
        self.make(Origin::FirstUsed(operation), value)
    }

    fn make(&mut self, birth: Origin, value: u64) -> ObjectId {
        let object = self.naming.object(self.current, birth);
        let born = (self.execution, self.trace.len());
        let state = self.object_mut(object);
        state.renew(value);
        state.born = born;
        object
    }

    /// Whether the object is named by chance, and came to light after that many events or not at
    /// all: then another execution with these events may have another name for it.
    pub(crate) fn is_unclear(&self, object: ObjectId, events: usize) -> bool {
        object.is_named_by_chance()
            && self.objects.get(object.index()).is_none_or(|state| {
                let (execution, after) = state.born;
                execution != self.execution || after > events
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
        if self.objects.len() <= object.index() {
            self.objects.resize_with(object.index() + 1, ObjectState::default);
        }
        &mut self.objects[object.index()]
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

    /// More than the index of any thread of this exploration.
    pub(crate) fn thread_count(&self) -> usize {
        self.naming.thread_count()
    }

    pub(crate) fn path(&self, thread: ThreadId) -> String {
        self.naming.path(thread)
    }

    /// Whether a thread other than `thread` was suspended in the middle of an unwind.
    pub(crate) fn is_another_unwinding(&self, thread: ThreadId) -> bool {
        self.alive.iter().any(|other| *other != thread && self.threads[other.index()].unwinding)
    }

    /// The bug that a thread has used up its stack.
    pub(crate) fn overflow_of(&self, thread: ThreadId) -> Bug {
        let last = self.trace.iter().rfind(|event| event.thread == thread);
        let last = last.map(|event| event.operation.location);
        Bug::StackOverflow { thread, stack_size: self.stack_size, last }
    }

    /// Where the holder of a lock, or one of them, took it.
    pub(crate) fn taken_at(&self, lock: ObjectId, holder: ThreadId) -> Option<Place> {
        let acquired = self.trace.iter().rev().find(|event| {
            event.thread == holder
                && event.operation.object == lock
                && event.succeeded()
                && !event.operation.kind.is_release()
        });
        acquired.map(|event| event.operation.location)
    }
}
