//! Who holds a read-write lock, and in which mode: the counterpart of [`MutexLock`] for readers and
//! writers.
//!
//! [`MutexLock`]: crate::execution::lock::MutexLock

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::rc::Rc;

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::backend::{BackendMutex, BackendRwLock, Birth};
use crate::execution::lock::{GuardEnd, Holder, must_not_unwind};
use crate::execution::run::Need;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::execution::weak_memory::Asked;
use crate::trace::{ObjectKind, Operation};

/// A read-write lock of an execution.
pub(crate) struct ReadWriteLock {
    pub(crate) object: usize,
    /// Its index among the execution's read-write locks.
    pub(crate) index: usize,
    pub(crate) peer: Box<dyn BackendRwLock>,
    /// Taken before the lock by whoever may come to write, and held as long: so one that changes
    /// its mode can let go of the lock in between. Only in a run in which somebody does.
    pub(crate) turnstile: Option<Box<dyn BackendMutex>>,
    pub(crate) writer: Cell<Option<Holder>>,
    /// The reader that may become the writer, if there is one.
    pub(crate) upgrader: Cell<Option<Holder>>,
    /// One entry for each read guard: a thread may read recursively.
    pub(crate) readers: RefCell<Vec<Holder>>,
}

impl ReadWriteLock {
    /// The lock that `slot` belongs to.
    #[track_caller]
    pub(crate) fn of(execution: &Execution, slot: &Slot, birth: Birth) -> Rc<Self> {
        slot.peer(execution, &execution.rwlocks, || Self {
            object: execution.add_lock(ObjectKind::RwLock, slot, birth),
            index: execution.rwlocks.len(),
            peer: execution.body.rwlock(birth),
            turnstile: execution.run.needs(Need::Turnstiles).then(|| execution.body.mutex(birth)),
            writer: Cell::new(None),
            upgrader: Cell::new(None),
            readers: RefCell::new(Vec::new()),
        })
    }

    pub(crate) fn reads(&self, thread: usize) -> bool {
        self.readers.borrow().iter().any(|(reader, _)| *reader == thread)
    }

    pub(crate) fn read(&self, execution: &Execution, location: &'static Location<'static>) {
        let thread = execution.thread();
        let waiting = Waiting::ReadLock(self.index);
        if let Some((writer, _)) = self.writer.get() {
            must_not_unwind(execution, location);
            execution.record_blocked(Operation::ReadLock, Some(self.object), location);
            execution.fail_if_own(writer == thread, waiting, location);
        }
        if !self.reads(thread) {
            execution.wait(waiting, location, || self.peer.read(thread));
        }
        self.readers.borrow_mut().push((thread, location));
        execution.record(Operation::ReadLock, Some(self.object), location);
    }

    pub(crate) fn try_read(
        &self,
        execution: &Execution,
        location: &'static Location<'static>,
    ) -> bool {
        execution.uses(BlindSpot::TryLock);
        execution.note_question(Asked::Object(self.object));
        let thread = execution.thread();
        execution.set_place(location);
        let writes = self.writer.get().is_some_and(|(writer, _)| writer == thread);
        let acquired = !writes
            && (self.reads(thread)
                || execution
                    .engine(|| self.peer.try_read(thread))
                    .unwrap_or_else(|| self.writer.get().is_none()));
        if acquired {
            self.readers.borrow_mut().push((thread, location));
        }
        if !acquired {
            execution.note_answer(Asked::Object(self.object));
        }
        execution.record(Operation::TryReadLock { acquired }, Some(self.object), location);
        acquired
    }

    /// Releases one read guard of the current thread.
    pub(crate) fn unlock_read(self: &Rc<Self>, execution: &Execution) {
        let thread = execution.thread();
        let readers = self.readers.borrow();
        let Some(index) = readers.iter().rposition(|(reader, _)| *reader == thread) else { return };
        let (_, location) = readers[index];
        let last = readers.iter().filter(|(reader, _)| *reader == thread).count() == 1;
        drop(readers);
        if last {
            let lock = Rc::clone(self);
            execution.release(move || lock.peer.unlock_read(thread));
        }
        let mut readers = self.readers.borrow_mut();
        readers.retain({
            let mut found = false;
            move |holder| {
                found || {
                    found = *holder == (thread, location);
                    !found
                }
            }
        });
        drop(readers);
        execution.record(Operation::ReadUnlock, Some(self.object), location);
    }

    /// Acquires the lock; says whether the engine knows, which it does not while a thread unwinds.
    pub(crate) fn write(
        &self,
        execution: &Execution,
        location: &'static Location<'static>,
    ) -> bool {
        let waiting = Waiting::WriteLock(self.index);
        if self.is_held() {
            must_not_unwind(execution, location);
            execution.record_blocked(Operation::WriteLock, Some(self.object), location);
            execution.fail_if_own(self.is_held_by(execution.thread()), waiting, location);
        }
        if let Some(turnstile) = &self.turnstile {
            execution.wait(waiting, location, || turnstile.lock());
        }
        let entered = execution.wait(waiting, location, || self.peer.write()).is_some();
        self.writer.set(Some((execution.thread(), location)));
        execution.record(Operation::WriteLock, Some(self.object), location);
        entered
    }

    pub(crate) fn try_write(
        &self,
        execution: &Execution,
        location: &'static Location<'static>,
    ) -> bool {
        execution.uses(BlindSpot::TryLock);
        execution.note_question(Asked::Object(self.object));
        execution.set_place(location);
        let acquired = !self.is_held_by(execution.thread())
            && self.try_enter(execution).unwrap_or_else(|| !self.is_held());
        if acquired {
            self.writer.set(Some((execution.thread(), location)));
        }
        if !acquired {
            execution.note_answer(Asked::Object(self.object));
        }
        execution.record(Operation::TryWriteLock { acquired }, Some(self.object), location);
        acquired
    }

    pub(crate) fn unlock_write(
        self: &Rc<Self>,
        execution: &Execution,
        entered: bool,
        end: GuardEnd,
    ) {
        if entered {
            let lock = Rc::clone(self);
            execution.release(move || lock.peer.unlock_write());
            self.leave_turnstile(execution);
        }
        if let Some((_, location)) = self.writer.take() {
            execution.record(end.of_writer(), Some(self.object), location);
        }
    }

    /// Turns the current thread's write lock into a read lock; no writer gets in between.
    pub(crate) fn downgrade(
        self: &Rc<Self>,
        execution: &Execution,
        entered: bool,
        location: &'static Location<'static>,
    ) {
        must_not_unwind(execution, location);
        if self.turnstile.is_none() {
            execution.run.start_again_with(Need::Turnstiles);
        }
        let thread = execution.thread();
        self.writer.set(None);
        self.readers.borrow_mut().push((thread, location));
        execution.record(Operation::Downgrade, Some(self.object), location);
        if entered {
            execution.engine(|| self.peer.unlock_write());
        }
        execution.engine(|| self.peer.read(thread));
        if entered {
            self.leave_turnstile(execution);
        }
    }

    /// Tries to take the engine's lock for writing; `None` while the thread unwinds.
    fn try_enter(&self, execution: &Execution) -> Option<bool> {
        let Some(turnstile) = &self.turnstile else {
            return execution.engine(|| self.peer.try_write());
        };
        if !execution.engine(|| turnstile.try_lock())? {
            return Some(false);
        }
        let entered = execution.engine(|| self.peer.try_write())?;
        if !entered {
            execution.engine(|| turnstile.unlock());
        }
        Some(entered)
    }

    pub(crate) fn leave_turnstile(self: &Rc<Self>, execution: &Execution) {
        if self.turnstile.is_some() {
            let lock = Rc::clone(self);
            execution.release(move || {
                if let Some(turnstile) = &lock.turnstile {
                    turnstile.unlock();
                }
            });
        }
    }

    fn is_held(&self) -> bool {
        self.writer.get().is_some() || !self.readers.borrow().is_empty()
    }

    pub(crate) fn is_held_by(&self, thread: usize) -> bool {
        self.writer.get().is_some_and(|(writer, _)| writer == thread) || self.reads(thread)
    }
}
