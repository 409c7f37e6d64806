//! One execution of a model: its threads, the primitives it used, and its trace.

pub(crate) mod backend;
pub(crate) mod bits;
pub(crate) mod blocked;
pub(crate) mod clock;
pub(crate) mod culprits;
pub(crate) mod journal;
pub(crate) mod locals;
pub(crate) mod lock;
pub(crate) mod queue;
pub(crate) mod read_write_lock;
pub(crate) mod run;
pub(crate) mod slot;
pub(crate) mod table;
pub(crate) mod threads;
pub(crate) mod waiters;
pub(crate) mod weak_memory;
pub(crate) mod word;

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;

use crate::engine::{BlindSpot, Defect, EndedExecution, Ending, Failure, show};
use crate::execution::backend::Backend;
use crate::execution::clock::Clock;
use crate::execution::locals::Locals;
use crate::execution::lock::MutexLock;
use crate::execution::queue::WaitQueue;
use crate::execution::read_write_lock::ReadWriteLock;
use crate::execution::run::Run;
use crate::execution::slot::Epoch;
use crate::execution::table::Table;
use crate::execution::threads::{ModelThread, Waiting};
use crate::execution::waiters::Waiters;
use crate::execution::weak_memory::Unordered;
use crate::execution::word::AtomicWord;
use crate::face::modelled::barrier::Gathering;
use crate::face::modelled::cell::TrackedCell;
use crate::face::modelled::once::Initialization;
use crate::panics::{PanicReport, last_panic};
use crate::trace::Trace;

thread_local! {
    /// The execution that runs on this OS thread.
    static CURRENT: RefCell<Option<Rc<Execution>>> = const { RefCell::new(None) };
}

/// The state of one execution. Lives on one OS thread, which all its model threads share.
pub(crate) struct Execution {
    pub(crate) run: Arc<Run>,
    pub(crate) body: Box<dyn Backend>,
    epoch: Epoch,
    /// The model thread that is running; meaningless while the engine runs.
    pub(crate) current: Cell<usize>,
    /// Whether the engine's own code is running: a panic in there is its verdict on the model.
    pub(crate) in_engine: Cell<bool>,
    pub(crate) threads: RefCell<Vec<ModelThread>>,
    /// Without the names of the threads: see [`Execution::trace`].
    pub(crate) trace: RefCell<Trace>,
    /// How many threads have their names in the trace.
    pub(crate) named: Cell<usize>,
    pub(crate) mutexes: Table<MutexLock>,
    pub(crate) rwlocks: Table<ReadWriteLock>,
    pub(crate) condvars: Table<Waiters>,
    pub(crate) atomics: Table<AtomicWord>,
    pub(crate) cells: Table<TrackedCell>,
    pub(crate) unordered: Unordered,
    /// Whether an atomic was found to hold another value than the one stored last.
    pub(crate) has_stale_value: Cell<bool>,
    pub(crate) queues: Table<WaitQueue>,
    pub(crate) initializations: Table<Initialization>,
    pub(crate) barriers: Table<Gathering>,
    pub(crate) clock: Clock,
    pub(crate) locals: Locals,
    /// Releases that a panic asked for: an engine must not be entered while a thread unwinds.
    deferred: RefCell<Vec<(usize, Release)>>,
}

/// Lets go of a peer; may switch.
type Release = Box<dyn FnOnce()>;

/// Runs the model once under an engine. An execution that fails does not return.
pub(crate) fn execute(run: &Arc<Run>, body: Box<dyn Backend>) {
    let execution = Execution::begin(run, body);
    let outcome = catch_unwind(AssertUnwindSafe(|| (run.model)()));
    if let Err(payload) = outcome {
        if execution.body.is_tearing_down() {
            resume_unwind(payload);
        }
        execution.release_deferred();
        execution.destroy_locals();
        execution.fail_by_panic_of(0, &PanicReport::of(payload.as_ref()));
    }
    execution.release_deferred();
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

    /// Where its current thread is in the code under test.
    #[cfg(feature = "explore")]
    pub(crate) fn current_place() -> Option<&'static Location<'static>> {
        CURRENT.with_borrow(|execution| execution.as_ref().map(|execution| execution.place()))
    }

    fn begin(run: &Arc<Run>, body: Box<dyn Backend>) -> Rc<Self> {
        let (trace, threads) = run.begin_execution();
        let execution = Rc::new(Self {
            run: Arc::clone(run),
            body,
            epoch: Epoch::begin(),
            current: Cell::new(0),
            in_engine: Cell::new(false),
            threads: RefCell::new(Vec::with_capacity(threads)),
            trace: RefCell::new(trace),
            named: Cell::new(0),
            mutexes: Table::new(),
            rwlocks: Table::new(),
            condvars: Table::new(),
            atomics: Table::new(),
            cells: Table::new(),
            unordered: Unordered::default(),
            has_stale_value: Cell::new(false),
            queues: Table::new(),
            initializations: Table::new(),
            barriers: Table::new(),
            clock: Clock::default(),
            locals: Locals::default(),
            deferred: RefCell::new(Vec::new()),
        });
        let main = execution.add_thread(Some(Cow::Borrowed("main")), run.location);
        execution.set_thread_peer(main, execution.body.main());
        CURRENT.set(Some(Rc::clone(&execution)));
        execution
    }

    /// The execution is over.
    pub(crate) fn end(&self) {
        CURRENT.set(None);
        self.count();
        self.run.keep_memory_of(self.trace.take());
        self.epoch.end();
    }

    /// The defect that the watcher sees in the execution, which is over.
    pub(crate) fn objection(&self, standstill: Option<&Defect>) -> Option<Defect> {
        let watcher = self.run.watcher.as_ref()?;
        let (trace, happened) = (&self.trace(), &|| self.happened());
        show(Some(watcher), &EndedExecution { trace, standstill, happened })
    }

    pub(crate) fn count(&self) {
        if self.weak_memory_matters() {
            self.uses(BlindSpot::WeakMemory);
        }
        let (threads, events) = (self.threads.borrow().len(), self.trace.borrow().events.len());
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

    /// Enters the engine, which may run other threads before it comes back.
    ///
    /// A panic of the engine is its verdict: the execution is given up. While a thread unwinds the
    /// engine must not be entered, so nothing happens then and the answer is `None`.
    #[inline]
    pub(crate) fn engine<R>(&self, call: impl FnOnce() -> R) -> Option<R> {
        if self.unwinds() {
            self.uses(BlindSpot::Unwinding);
            return None;
        }
        self.release_deferred();
        Some(self.enter(call))
    }

    #[inline]
    fn enter<R>(&self, call: impl FnOnce() -> R) -> R {
        let thread = self.current.get();
        self.in_engine.set(true);
        let outcome = catch_unwind(AssertUnwindSafe(call));
        self.current.set(thread);
        self.in_engine.set(false);
        outcome.unwrap_or_else(|payload| {
            if self.body.is_tearing_down() {
                resume_unwind(payload);
            }
            self.fail_by_engine()
        })
    }

    /// Whether the current thread unwinds from a panic of the model, so that no engine may switch
    /// away from it.
    #[inline]
    pub(crate) fn unwinds(&self) -> bool {
        std::thread::panicking() && !self.body.is_tearing_down()
    }

    /// Releases a peer of a lock, or sees to it that this happens when the thread has unwound.
    #[inline]
    pub(crate) fn release<R>(&self, release: impl FnOnce() -> R + 'static) -> Option<R> {
        if self.unwinds() {
            let release = Box::new(|| drop(release()));
            self.deferred.borrow_mut().push((self.current.get(), release));
            return None;
        }
        Some(self.enter(release))
    }

    /// Catches up on the releases that the current thread's unwinding asked for.
    #[inline]
    pub(crate) fn release_deferred(&self) {
        if !self.deferred.borrow().is_empty() {
            self.release_of_current();
        }
    }

    fn release_of_current(&self) {
        let thread = self.current.get();
        loop {
            let mut deferred = self.deferred.borrow_mut();
            let Some(index) = deferred.iter().position(|(owner, _)| *owner == thread) else {
                return;
            };
            let (_, release) = deferred.remove(index);
            drop(deferred);
            self.enter(release);
        }
    }

    /// Waits while `call` runs in the engine, so that a deadlock can be explained.
    #[inline]
    pub(crate) fn wait<R>(
        &self,
        waiting: Waiting,
        location: &'static Location<'static>,
        call: impl FnOnce() -> R,
    ) -> Option<R> {
        let thread = self.current.get();
        self.threads.borrow_mut()[thread].waits_at(waiting, location);
        self.fail_if_stuck();
        let result = self.engine(call);
        self.threads.borrow_mut()[thread].waiting = None;
        result
    }

    /// Ends the exploration by what the engine said in its panic.
    fn fail_by_engine(&self) -> ! {
        let report = last_panic().unwrap_or_else(PanicReport::unknown);
        self.abandon(self.ending_of(self.complaint(&report.message), &report.message))
    }

    /// The ending that a defect of this execution makes.
    pub(crate) fn failure(&self, defect: Defect) -> Ending {
        let execution = self.run.counts().executions;
        let trace = self.trace().clone();
        let schedule = Some(self.body.schedule());
        let failure = Failure { schedule, ..Failure::new(defect, trace, execution) };
        Ending::Failed(Box::new(failure))
    }

    /// Reports the ending and never returns.
    pub(crate) fn abandon(&self, ending: Ending) -> ! {
        self.count();
        self.epoch.end();
        self.run.end(ending);
        self.body.leave()
    }
}
