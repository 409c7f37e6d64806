//! One execution of a model: its threads, the primitives it used, and its trace.

pub(crate) mod backend;
mod blind_spots;
#[cfg(feature = "explore")]
mod defects;
mod description;
mod dispatch;
mod door;
mod event;
pub(crate) mod intent;
mod journal;
mod locals;
mod model_clock;
pub(crate) mod objects;
mod ownership;
mod positions;
pub(crate) mod restart;
pub(crate) mod run;
pub(crate) mod slot;
pub(crate) mod standstill;
mod threads;
mod two_mode_lock;
mod weak_memory;
mod width;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;

use self::backend::Backend;
use self::door::Deferred;
use self::journal::Journal;
use self::locals::Locals;
use self::model_clock::ModelClock;
use self::objects::ModelObject;
use self::ownership::Owners;
use self::run::Run;
use self::slot::Epoch;
use self::threads::ModelThread;
use self::weak_memory::WeakMemory;
use crate::engine::{BlindSpot, Defect, EndedExecution, Ending, Failure, show};
use crate::panics::PanicReport;

pub(crate) use self::locals::Local;

thread_local! {
    /// The execution that runs on this OS thread.
    static CURRENT: RefCell<Option<Rc<Execution>>> = const { RefCell::new(None) };
}

/// The state of one execution. Lives on one OS thread, which all its model threads share.
pub(crate) struct Execution {
    pub(crate) run: Arc<Run>,
    backend: Box<dyn Backend>,
    epoch: Epoch,
    /// The model thread that is running; meaningless while the engine runs.
    current: Cell<usize>,
    /// Whether the engine's own code is running: a panic in there is its verdict on the model.
    in_engine: Cell<bool>,
    threads: RefCell<Vec<ModelThread>>,
    /// By their indices in the trace.
    objects: RefCell<Vec<Rc<ModelObject>>>,
    owners: Owners,
    journal: Journal,
    weak_memory: WeakMemory,
    clock: ModelClock,
    locals: Locals,
    deferred: RefCell<Vec<Deferred>>,
}

/// Runs the model once under an engine. An execution that fails does not return.
pub(crate) fn execute(run: &Arc<Run>, backend: Box<dyn Backend>) {
    let execution = Execution::begin(run, backend);
    let outcome = catch_unwind(AssertUnwindSafe(|| (run.task.model)()));
    if let Err(payload) = outcome {
        if execution.backend.is_tearing_down() {
            resume_unwind(payload);
        }
        execution.perform_deferred();
        execution.destroy_locals();
        execution.fail_by_panic_of(0, &PanicReport::of(payload.as_ref()));
    }
    execution.perform_deferred();
    execution.destroy_locals();
    execution.join_the_rest();
    if let Some(defect) = execution.objection(None) {
        execution.abandon(execution.failure(defect));
    }
    execution.end();
}

impl Execution {
    /// The execution that runs on this OS thread, if one does.
    #[inline]
    pub(crate) fn current() -> Option<Rc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    fn begin(run: &Arc<Run>, backend: Box<dyn Backend>) -> Rc<Self> {
        let (trace, threads) = run.begin_execution();
        let execution = Rc::new(Self {
            run: Arc::clone(run),
            backend,
            epoch: Epoch::begin(),
            current: Cell::new(0),
            in_engine: Cell::new(false),
            threads: RefCell::new(Vec::with_capacity(threads)),
            objects: RefCell::default(),
            owners: Owners::default(),
            journal: Journal::reusing(trace),
            weak_memory: WeakMemory::default(),
            clock: ModelClock::default(),
            locals: Locals::default(),
            deferred: RefCell::default(),
        });
        let main = execution.add_thread(Some(Cow::Borrowed("main")), run.task.location);
        execution.set_backend_thread(main, execution.backend.main());
        CURRENT.set(Some(Rc::clone(&execution)));
        execution
    }

    /// The execution is over.
    pub(crate) fn end(&self) {
        CURRENT.set(None);
        self.count();
        self.run.keep_memory_of(self.journal.trace.take());
        self.epoch.end();
    }

    /// The defect that the watcher sees in the execution, which is over.
    pub(crate) fn objection(&self, standstill: Option<&Defect>) -> Option<Defect> {
        let watcher = self.run.task.watcher.as_ref()?;
        let (trace, happened) = (&self.trace(), &|| self.happened());
        show(Some(watcher), &EndedExecution { trace, standstill, happened })
    }

    pub(crate) fn count(&self) {
        if self.weak_memory_matters() {
            self.uses(BlindSpot::WeakMemory);
        }
        let (threads, events) =
            (self.threads.borrow().len(), self.journal.trace.borrow().events.len());
        let mut counts = self.run.counts();
        counts.threads = counts.threads.max(threads);
        counts.events = counts.events.max(events);
    }

    #[inline]
    pub(crate) fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The model thread that is running.
    #[inline]
    pub(crate) fn thread(&self) -> usize {
        self.current.get()
    }

    /// Whether the engine's own code is running.
    pub(crate) fn in_engine(&self) -> bool {
        self.in_engine.get()
    }

    /// The ending that a defect of this execution makes.
    pub(crate) fn failure(&self, defect: Defect) -> Ending {
        let execution = self.run.counts().executions;
        let trace = self.trace().clone();
        let schedule = Some(self.backend.schedule());
        let failure = Failure { schedule, ..Failure::new(defect, trace, execution) };
        Ending::Failed(Box::new(failure))
    }

    /// Reports the ending and never returns.
    pub(crate) fn abandon(&self, ending: Ending) -> ! {
        self.count();
        self.epoch.end();
        self.run.end(ending);
        self.backend.leave()
    }
}
