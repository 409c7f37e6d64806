//! `Once`: std's outside a model; inside one built once, for every engine, on a wait queue.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::queue::WaitQueue;
use crate::execution::slot::Slot;
use crate::execution::threads::Waiting;
use crate::execution::weak_memory::Asked;
use crate::trace::{ObjectKind, Operation};

/// Runs an initialization at most once: [`std::sync::Once`], controlled by the engine inside a
/// model.
///
/// Each execution starts from the state outside of models: a static that nobody completed there
/// starts afresh.
///
/// ```
/// use lockproof::sync::Once;
///
/// static START: Once = Once::new();
/// let mut runs = 0;
/// START.call_once(|| runs += 1);
/// START.call_once(|| runs += 1);
/// assert_eq!((runs, START.is_completed()), (1, true));
/// ```
pub struct Once {
    pub(crate) slot: Slot,
    plain: std::sync::Once,
}

impl Once {
    /// See [`std::sync::Once::new`].
    #[expect(clippy::new_without_default, reason = "std's own has none")]
    #[must_use]
    #[track_caller]
    pub const fn new() -> Self {
        Self { slot: Slot::new(), plain: std::sync::Once::new() }
    }

    /// See [`std::sync::Once::call_once`].
    #[track_caller]
    pub fn call_once<F>(&self, f: F)
    where
        F: FnOnce(),
    {
        match self.modelled() {
            None => self.plain.call_once(f),
            Some((execution, once)) => {
                once.call(&execution, false, Location::caller(), |_| f());
            }
        }
    }

    /// See [`std::sync::Once::call_once_force`].
    #[track_caller]
    pub fn call_once_force<F>(&self, f: F)
    where
        F: FnOnce(&OnceState),
    {
        match self.modelled() {
            None => {
                self.plain.call_once_force(|state| f(&OnceState::new(state.is_poisoned())));
            }
            Some((execution, once)) => once.call(&execution, true, Location::caller(), f),
        }
    }

    /// See [`std::sync::Once::is_completed`].
    #[track_caller]
    pub fn is_completed(&self) -> bool {
        match self.modelled() {
            None => self.plain.is_completed(),
            Some((execution, once)) => once.is_completed(&execution, Location::caller()),
        }
    }

    /// See [`std::sync::Once::wait`].
    #[track_caller]
    pub fn wait(&self) {
        match self.modelled() {
            None => self.plain.wait(),
            Some((execution, once)) => once.wait(&execution, false, Location::caller()),
        }
    }

    /// See [`std::sync::Once::wait_force`].
    #[track_caller]
    pub fn wait_force(&self) {
        match self.modelled() {
            None => self.plain.wait_force(),
            Some((execution, once)) => once.wait(&execution, true, Location::caller()),
        }
    }

    /// The execution and its side of the once, unless it was completed outside of models.
    #[track_caller]
    fn modelled(&self) -> Option<(Rc<Execution>, Rc<Initialization>)> {
        let execution = self.slot.execution().filter(|_| !self.plain.is_completed())?;
        let once = Initialization::of(&execution, &self.slot, ObjectKind::Once);
        Some((execution, once))
    }
}

impl fmt::Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plain.fmt(f)
    }
}

/// What an initialization is told of the one before: see [`std::sync::OnceState`].
pub struct OnceState {
    poisoned: bool,
    /// Gives the type std's auto traits.
    like_std: PhantomData<std::sync::OnceState>,
}

impl OnceState {
    fn new(poisoned: bool) -> Self {
        Self { poisoned, like_std: PhantomData }
    }

    /// See [`std::sync::OnceState::is_poisoned`].
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }
}

impl fmt::Debug for OnceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceState").field("poisoned", &self.is_poisoned()).finish()
    }
}

/// An initialization of an execution.
pub(crate) struct Initialization {
    queue: Rc<WaitQueue>,
    progress: Cell<Progress>,
    /// The threads that know of the completion: it is final, so there is nothing left to schedule.
    knowing: RefCell<BTreeSet<usize>>,
}

/// How far an initialization is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    NotYet,
    Running,
    Poisoned,
    Complete,
}

impl Initialization {
    /// The one that `slot` leads to.
    #[track_caller]
    pub(crate) fn of(execution: &Execution, slot: &Slot, kind: ObjectKind) -> Rc<Self> {
        slot.peer(execution, &execution.initializations, || Self {
            queue: WaitQueue::add(execution, kind, slot),
            progress: Cell::new(Progress::NotYet),
            knowing: RefCell::default(),
        })
    }

    /// Runs `f` if nothing was completed before; waits while another thread runs its own.
    pub(crate) fn call(
        &self,
        execution: &Execution,
        force: bool,
        location: &'static Location<'static>,
        f: impl FnOnce(&OnceState),
    ) {
        execution.set_place(location);
        let poisoned = loop {
            match self.look(execution) {
                Progress::Complete => return self.know(execution, location),
                Progress::Poisoned if !force => poisoned(),
                Progress::Running => self.wait_for_other(execution, location),
                progress => break progress == Progress::Poisoned,
            }
        };
        self.progress.set(Progress::Running);
        self.queue.actor.set(Some(execution.thread()));
        self.queue.record(execution, Operation::BeginInitialization, location);
        // Caught, so that the end is an event of its own, which no engine could see in a thread
        // that unwinds.
        let outcome = catch_unwind(AssertUnwindSafe(|| f(&OnceState::new(poisoned))));
        self.end(execution, outcome.is_err(), location);
        if let Err(payload) = outcome {
            resume_unwind(payload);
        }
    }

    fn end(&self, execution: &Execution, poisons: bool, location: &'static Location<'static>) {
        // ORDERING: AcqRel: the visits with Acquire that find the end come after it.
        self.queue.visit(execution, Ordering::AcqRel);
        self.progress.set(if poisons { Progress::Poisoned } else { Progress::Complete });
        self.queue.actor.set(None);
        self.queue.record(execution, Operation::EndInitialization { poisons }, location);
        if !poisons {
            self.knowing.borrow_mut().insert(execution.thread());
        }
        self.queue.wake_all(execution);
    }

    pub(crate) fn is_completed(
        &self,
        execution: &Execution,
        location: &'static Location<'static>,
    ) -> bool {
        self.progress(execution, location) == Progress::Complete
    }

    pub(crate) fn progress(
        &self,
        execution: &Execution,
        location: &'static Location<'static>,
    ) -> Progress {
        if !self.knowing.borrow().contains(&execution.thread()) {
            execution.note_question(Asked::Object(self.queue.object));
        }
        let progress = self.look(execution);
        if progress == Progress::Complete {
            self.know(execution, location);
        } else {
            execution.note_answer(Asked::Object(self.queue.object));
            let operation = Operation::SeeInitialized { complete: false };
            self.queue.record(execution, operation, location);
        }
        progress
    }

    pub(crate) fn wait(
        &self,
        execution: &Execution,
        force: bool,
        location: &'static Location<'static>,
    ) {
        execution.set_place(location);
        loop {
            match self.look(execution) {
                Progress::Complete => return self.know(execution, location),
                Progress::Poisoned if !force => poisoned(),
                _ => self.wait_for_other(execution, location),
            }
        }
    }

    fn look(&self, execution: &Execution) -> Progress {
        if !self.knowing.borrow().contains(&execution.thread()) {
            // ORDERING: Acquire: comes after the end that it finds.
            self.queue.visit(execution, Ordering::Acquire);
        }
        self.progress.get()
    }

    fn know(&self, execution: &Execution, location: &'static Location<'static>) {
        self.knowing.borrow_mut().insert(execution.thread());
        let operation = Operation::SeeInitialized { complete: true };
        self.queue.record(execution, operation, location);
    }

    fn wait_for_other(&self, execution: &Execution, location: &'static Location<'static>) {
        let waiting = Waiting::Initialization(self.queue.index);
        let own = self.queue.actor.get() == Some(execution.thread());
        execution.fail_if_own(own, waiting, location);
        self.queue.wait(execution, waiting, location);
    }
}

#[track_caller]
fn poisoned() -> ! {
    panic!("Once instance has previously been poisoned")
}
