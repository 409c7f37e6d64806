//! Initializations that run once: of a `Once`, a `OnceLock` or a `LazyLock`.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::backend::CallSite;
use crate::execution::slot::{Modelled, Slot};
use crate::trace::{ObjectKind, Operation};

/// An initialization inside a model.
pub(crate) struct Initialization(Modelled);

/// The state of an initialization.
struct OnceInit {
    stage: Cell<InitStage>,
    /// The threads that know of the completion: it is final, so there is nothing left to schedule.
    knowing: RefCell<BTreeSet<usize>>,
}

/// How far an initialization is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum InitStage {
    NotYet,
    Running,
    Poisoned,
    Complete,
}

fn initialize(_: bool) -> Operation {
    Operation::BeginInitialization
}

fn see(complete: bool) -> Operation {
    Operation::SeeInitialized { complete }
}

impl Initialization {
    /// The one that `slot` leads to, if a model runs.
    #[track_caller]
    pub(crate) fn of(slot: &Slot, kind: ObjectKind) -> Option<Self> {
        let state =
            || OnceInit { stage: Cell::new(InitStage::NotYet), knowing: RefCell::default() };
        slot.modelled(kind, |execution, _| execution.new_built(state())).map(Self)
    }

    pub(crate) fn execution(&self) -> &Rc<Execution> {
        &self.0.execution
    }

    /// Runs `f` if nothing was completed before; waits while another thread runs its own. `f` is
    /// told whether the initialization before it panicked.
    pub(crate) fn call(&self, force: bool, at: CallSite, f: impl FnOnce(bool)) {
        let Some(after_panic) = self.wait_for_turn(force, at) else { return };
        self.state().stage.set(InitStage::Running);
        self.0.conclude(initialize, true, at);
        // Caught, so that the end is an event of its own, which no engine could see in a thread
        // that unwinds.
        let outcome = catch_unwind(AssertUnwindSafe(|| f(after_panic)));
        self.end(outcome.is_err(), at);
        if let Err(payload) = outcome {
            resume_unwind(payload);
        }
    }

    /// Waits until the current thread may initialize, and says whether the initialization before
    /// panicked; `None` if one has completed.
    fn wait_for_turn(&self, force: bool, at: CallSite) -> Option<bool> {
        loop {
            match self.look(at) {
                InitStage::Complete => {
                    self.know(at);
                    return None;
                }
                InitStage::Poisoned if !force => poisoned(),
                InitStage::Running => self.0.wait(initialize, true, at),
                stage => return Some(stage == InitStage::Poisoned),
            }
        }
    }

    fn end(&self, poisons: bool, at: CallSite) {
        // ORDERING: AcqRel: the visits with Acquire that find the end come after it.
        self.0.visit(Ordering::AcqRel, at);
        let stage = if poisons { InitStage::Poisoned } else { InitStage::Complete };
        self.state().stage.set(stage);
        self.0.conclude(|poisons| Operation::EndInitialization { poisons }, poisons, at);
        if !poisons {
            self.state().knowing.borrow_mut().insert(self.0.execution.thread());
        }
        self.0.wake(None, at);
    }

    pub(crate) fn is_completed(&self, at: CallSite) -> bool {
        self.stage(at) == InitStage::Complete
    }

    /// How far the initialization is, as an event.
    pub(crate) fn stage(&self, at: CallSite) -> InitStage {
        if !self.is_known() {
            // ORDERING: Acquire: comes after the end that it finds.
            self.0.visit_and_ask(Ordering::Acquire, at);
        }
        let stage = self.state().stage.get();
        if stage == InitStage::Complete {
            self.know(at);
        } else {
            self.0.conclude_not_yet(see, at);
        }
        stage
    }

    pub(crate) fn wait(&self, force: bool, at: CallSite) {
        loop {
            match self.look(at) {
                InitStage::Complete => return self.know(at),
                InitStage::Poisoned if !force => poisoned(),
                _ => self.0.wait(initialize, true, at),
            }
        }
    }

    fn look(&self, at: CallSite) -> InitStage {
        if !self.is_known() {
            // ORDERING: Acquire: comes after the end that it finds.
            self.0.visit(Ordering::Acquire, at);
        }
        self.state().stage.get()
    }

    fn know(&self, at: CallSite) {
        self.state().knowing.borrow_mut().insert(self.0.execution.thread());
        self.0.conclude(see, true, at);
    }

    fn is_known(&self) -> bool {
        self.state().knowing.borrow().contains(&self.0.execution.thread())
    }

    fn state(&self) -> &OnceInit {
        self.0.object.state()
    }
}

#[track_caller]
fn poisoned() -> ! {
    panic!("Once instance has previously been poisoned")
}
