//! Who holds a lock: kept beside the engine's own lock, to explain a deadlock, to see a thread
//! lock what it holds already, and to let a destructor use a lock while its thread unwinds.

use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;

use crate::engine::{BlindSpot, Ending};
use crate::execution::Execution;
use crate::execution::backend::{BackendMutex, Birth};
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::execution::weak_memory::Asked;
use crate::trace::{ObjectKind, Operation};

/// A thread and the place where it took a lock.
pub(crate) type Holder = (usize, &'static Location<'static>);

/// What a guard that is dropped tells of the time in which it held the lock.
#[derive(Clone, Copy)]
pub(crate) struct GuardEnd {
    /// Whether a panic drops it.
    pub(crate) poisons: bool,
    /// Whether it was borrowed mutably, where that is known.
    pub(crate) changes: Option<bool>,
}

impl GuardEnd {
    /// Of a guard that neither poisons nor knows what was done to the data.
    pub(crate) const UNKNOWN: Self = Self { poisons: false, changes: None };

    fn of_mutex(self) -> Operation {
        Operation::Unlock { poisons: self.poisons, changes: self.changes }
    }

    pub(crate) fn of_writer(self) -> Operation {
        Operation::WriteUnlock { poisons: self.poisons, changes: self.changes }
    }
}

/// A mutex of an execution.
pub(crate) struct MutexLock {
    pub(crate) object: usize,
    /// Its index among the execution's mutexes.
    pub(crate) index: usize,
    pub(crate) peer: Box<dyn BackendMutex>,
    pub(crate) owner: Cell<Option<Holder>>,
}

impl MutexLock {
    /// The mutex that `slot` belongs to.
    #[track_caller]
    pub(crate) fn of(execution: &Execution, slot: &Slot, birth: Birth) -> Rc<Self> {
        slot.peer(execution, &execution.mutexes, || Self {
            object: execution.add_lock(ObjectKind::Mutex, slot, birth),
            index: execution.mutexes.len(),
            peer: execution.body.mutex(birth),
            owner: Cell::new(None),
        })
    }

    /// Acquires the lock; says whether the engine knows, which it does not while a thread unwinds.
    pub(crate) fn lock(&self, execution: &Execution, location: &'static Location<'static>) -> bool {
        let waiting = Waiting::Lock(self.index);
        if let Some((owner, _)) = self.owner.get() {
            must_not_unwind(execution, location);
            execution.record_blocked(Operation::Lock, Some(self.object), location);
            execution.fail_if_own(owner == execution.thread(), waiting, location);
        }
        let entered = execution.wait(waiting, location, || self.peer.lock()).is_some();
        self.owner.set(Some((execution.thread(), location)));
        execution.record(Operation::Lock, Some(self.object), location);
        entered
    }

    /// Acquires the lock again at the end of a wait on a condition variable.
    pub(crate) fn relock(&self, execution: &Execution, location: &'static Location<'static>) {
        execution.wait(Waiting::Lock(self.index), location, || self.peer.lock());
        self.owner.set(Some((execution.thread(), location)));
    }

    pub(crate) fn try_lock(
        &self,
        execution: &Execution,
        location: &'static Location<'static>,
    ) -> bool {
        execution.uses(BlindSpot::TryLock);
        execution.note_question(Asked::Object(self.object));
        let mine = self.owner.get().is_some_and(|(owner, _)| owner == execution.thread());
        execution.set_place(location);
        // The engines fault on a thread that tries to lock what it holds; the answer is known.
        let acquired = !mine
            && execution
                .engine(|| self.peer.try_lock())
                .unwrap_or_else(|| self.owner.get().is_none());
        if acquired {
            self.owner.set(Some((execution.thread(), location)));
        }
        if !acquired {
            execution.note_answer(Asked::Object(self.object));
        }
        execution.record(Operation::TryLock { acquired }, Some(self.object), location);
        acquired
    }

    /// Releases the lock when its guard is dropped.
    pub(crate) fn unlock(self: &Rc<Self>, execution: &Execution, entered: bool, end: GuardEnd) {
        if entered {
            let lock = Rc::clone(self);
            execution.release(move || lock.peer.unlock());
        }
        // The engine may have let others run before the release took effect, not after.
        if let Some((_, location)) = self.owner.take() {
            execution.record(end.of_mutex(), Some(self.object), location);
        }
    }
}

/// A thread that unwinds cannot wait: no engine can switch away from it. Ends the exploration then,
/// because a panic in its stead would abort the process.
pub(crate) fn must_not_unwind(execution: &Execution, location: &'static Location<'static>) {
    if execution.unwinds() {
        let reason = format!(
            "a destructor waits at {}:{} while its thread unwinds from a panic, which no engine \
             can model: let the destructor use try_lock, or release the lock before the panic",
            location.file(),
            location.line()
        );
        execution.abandon(Ending::Unsupported { reason });
    }
}
