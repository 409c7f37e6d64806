//! One execution of a model: its threads, the primitives it used, and its trace.

use std::cell::{Cell, Ref, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use super::cell::TrackedCell;
use super::condvar::Waiters;
use super::lock::{MutexLock, ReadWriteLock};
use super::parking::Parking;
use super::peer::{Body, ThreadPeer};
use super::run::{Run, leave};
use super::slot::Epoch;
use super::word::AtomicWord;
use crate::engine::{BlindSpot, Ending, Failure, PanicReport};
use crate::trace::{Event, Object, ObjectKind, Operation, Phase, SourceLocation, Trace};

thread_local! {
    /// The execution that runs on this OS thread.
    static CURRENT: RefCell<Option<Rc<Execution>>> = const { RefCell::new(None) };
}

/// The state of one execution. Lives on one OS thread, which all its model threads share.
pub(crate) struct Execution {
    pub(super) run: Arc<Run>,
    pub(super) body: Box<dyn Body>,
    epoch: Epoch,
    /// The model thread that is running; meaningless while the engine runs.
    current: Cell<usize>,
    /// Whether the engine's own code is running: a panic in there is its verdict on the model.
    in_engine: Cell<bool>,
    pub(super) threads: RefCell<Vec<ModelThread>>,
    trace: RefCell<Trace>,
    pub(super) mutexes: Table<MutexLock>,
    pub(super) rwlocks: Table<ReadWriteLock>,
    pub(super) condvars: Table<Waiters>,
    pub(super) atomics: Table<AtomicWord>,
    pub(super) cells: Table<TrackedCell>,
    /// Releases that a panic asked for: an engine must not be entered while a thread unwinds.
    deferred: RefCell<Vec<(usize, Release)>>,
}

/// Lets go of a peer; may switch.
pub(super) type Release = Box<dyn FnOnce()>;

/// A thread of the model.
pub(super) struct ModelThread {
    /// The engine's side: `None` for `main`, and for a child until its spawn has returned, which
    /// it does without another switch.
    peer: Option<Rc<dyn ThreadPeer>>,
    pub(super) parking: Rc<Parking>,
    /// Where it was spawned; for `main`, where the model was given.
    spawned: &'static Location<'static>,
    pub(super) finished: bool,
    /// Whether a panic ended it, rather than being caught on the way.
    panic_ended: bool,
    /// Whether somebody waited for its end.
    pub(super) joined: bool,
    /// Its last panic.
    pub(super) panic: Option<PanicReport>,
    /// The thread whose panic this one was just told of by a join.
    blames: Option<usize>,
    pub(super) waiting: Option<(Waiting, &'static Location<'static>)>,
}

/// What a thread waits for: indices into the execution's tables.
#[derive(Clone, Copy, Debug)]
pub(super) enum Waiting {
    Lock(usize),
    ReadLock(usize),
    WriteLock(usize),
    Notification(usize),
    Join(usize),
    Park,
}

/// The primitives of one kind that an execution has used.
pub(super) struct Table<P>(RefCell<Vec<Rc<P>>>);

impl<P> Table<P> {
    fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    pub(super) fn get(&self, index: usize) -> Rc<P> {
        Rc::clone(&self.0.borrow()[index])
    }

    pub(super) fn insert(&self, peer: P) -> (usize, Rc<P>) {
        let mut peers = self.0.borrow_mut();
        let peer = Rc::new(peer);
        peers.push(Rc::clone(&peer));
        (peers.len() - 1, peer)
    }

    pub(super) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    pub(super) fn all(&self) -> Vec<Rc<P>> {
        self.0.borrow().clone()
    }
}

/// Runs the model once under an engine. An execution that fails does not return.
pub(crate) fn execute(run: &Arc<Run>, body: Box<dyn Body>) {
    let execution = Execution::begin(run, body);
    let outcome = catch_unwind(AssertUnwindSafe(|| (run.model)()));
    execution.release_deferred();
    if outcome.is_err() {
        execution.fail_by_panic_of(0);
    }
    execution.join_the_rest();
    execution.end();
}

impl Execution {
    /// The execution that runs on this OS thread, if one does.
    pub(crate) fn current() -> Option<Rc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    fn begin(run: &Arc<Run>, body: Box<dyn Body>) -> Rc<Self> {
        let execution = Rc::new(Self {
            run: Arc::clone(run),
            body,
            epoch: Epoch::begin(),
            current: Cell::new(0),
            in_engine: Cell::new(false),
            threads: RefCell::new(Vec::new()),
            trace: RefCell::new(Trace::default()),
            mutexes: Table::new(),
            rwlocks: Table::new(),
            condvars: Table::new(),
            atomics: Table::new(),
            cells: Table::new(),
            deferred: RefCell::new(Vec::new()),
        });
        run.counts().executions += 1;
        execution.add_thread(Some("main"), run.location);
        CURRENT.set(Some(Rc::clone(&execution)));
        execution
    }

    fn end(&self) {
        CURRENT.set(None);
        self.count();
        self.epoch.end();
    }

    pub(super) fn count(&self) {
        let trace = self.trace.borrow();
        let mut counts = self.run.counts();
        counts.threads = counts.threads.max(trace.threads.len());
        counts.events = counts.events.max(trace.events.len());
    }

    pub(super) fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The model thread that is running.
    pub(super) fn thread(&self) -> usize {
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
    pub(super) fn engine<R>(&self, call: impl FnOnce() -> R) -> Option<R> {
        if std::thread::panicking() {
            return None;
        }
        self.release_deferred();
        Some(self.enter(call))
    }

    fn enter<R>(&self, call: impl FnOnce() -> R) -> R {
        let thread = self.current.get();
        self.in_engine.set(true);
        let outcome = catch_unwind(AssertUnwindSafe(call));
        self.current.set(thread);
        self.in_engine.set(false);
        outcome.unwrap_or_else(|_| self.fail_by_engine())
    }

    /// Releases a peer of a lock, or sees to it that this happens when the thread has unwound.
    pub(super) fn release(&self, release: Release) {
        if std::thread::panicking() {
            self.deferred.borrow_mut().push((self.current.get(), release));
        } else {
            self.enter(release);
        }
    }

    /// Catches up on the releases that the current thread's unwinding asked for.
    pub(super) fn release_deferred(&self) {
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

    pub(super) fn parking(&self) -> Rc<Parking> {
        self.parking_of(self.current.get())
    }

    pub(super) fn parking_of(&self, thread: usize) -> Rc<Parking> {
        Rc::clone(&self.threads.borrow()[thread].parking)
    }

    pub(super) fn add_thread(
        &self,
        name: Option<&str>,
        spawned: &'static Location<'static>,
    ) -> usize {
        let mut threads = self.threads.borrow_mut();
        let index = threads.len();
        threads.push(ModelThread {
            peer: None,
            parking: Rc::default(),
            spawned,
            finished: false,
            panic_ended: false,
            joined: false,
            panic: None,
            blames: None,
            waiting: None,
        });
        let name = name.map_or_else(|| format!("thread {index}"), str::to_owned);
        self.trace.borrow_mut().threads.push(name);
        index
    }

    pub(super) fn set_thread_peer(&self, thread: usize, peer: Box<dyn ThreadPeer>) {
        self.threads.borrow_mut()[thread].peer = Some(Rc::from(peer));
    }

    pub(super) fn thread_peer(&self, thread: usize) -> Rc<dyn ThreadPeer> {
        let peer = self.threads.borrow()[thread].peer.clone();
        peer.expect("a thread is made before anybody can name it")
    }

    /// Whether a thread other than the current one may still run.
    fn others_run(&self) -> bool {
        let current = self.current.get();
        let threads = self.threads.borrow();
        threads.iter().enumerate().any(|(index, thread)| index != current && !thread.joined)
    }

    /// The engine has switched to thread `index` for the first time.
    pub(super) fn enter_thread(&self, index: usize) {
        self.current.set(index);
        self.in_engine.set(false);
    }

    /// Runs a child's closure; what comes after it is the engine's.
    pub(super) fn run_thread<T>(&self, body: impl FnOnce() -> T) -> std::thread::Result<T> {
        let outcome = catch_unwind(AssertUnwindSafe(body));
        self.release_deferred();
        let spawned = self.threads.borrow()[self.current.get()].spawned;
        self.record(Operation::Exit, None, spawned);
        let mut threads = self.threads.borrow_mut();
        let thread = &mut threads[self.current.get()];
        thread.finished = true;
        thread.panic_ended = outcome.is_err();
        drop(threads);
        self.fail_if_stuck();
        self.in_engine.set(true);
        outcome
    }

    /// Waits while `call` runs in the engine, so that a deadlock can be explained.
    pub(super) fn wait<R>(
        &self,
        waiting: Waiting,
        location: &'static Location<'static>,
        call: impl FnOnce() -> R,
    ) -> Option<R> {
        let thread = self.current.get();
        self.threads.borrow_mut()[thread].waiting = Some((waiting, location));
        if !std::thread::panicking() {
            self.fail_if_stuck();
        }
        let result = self.engine(call);
        self.threads.borrow_mut()[thread].waiting = None;
        result
    }

    pub(super) fn add_object(&self, kind: ObjectKind, name: Option<&'static str>) -> usize {
        let mut trace = self.trace.borrow_mut();
        let objects = &mut trace.objects;
        let number = 1 + objects.iter().filter(|object| object.kind == kind).count();
        let name = match name {
            None => format!("{kind} {number}"),
            Some(name) => unique(name, objects),
        };
        objects.push(Object { kind, name });
        objects.len() - 1
    }

    /// Appends an event of the current thread.
    pub(super) fn record(
        &self,
        operation: Operation,
        object: Option<usize>,
        location: &'static Location<'static>,
    ) {
        self.push(operation, object, Phase::Done, location.into());
    }

    /// Appends the event that the current thread waits for something another one holds.
    pub(super) fn record_blocked(
        &self,
        operation: Operation,
        object: Option<usize>,
        location: &'static Location<'static>,
    ) {
        self.push(operation, object, Phase::Blocked, location.into());
    }

    fn push(
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

    /// Keeps a panic that has just begun in the current thread.
    pub(crate) fn record_panic(&self, report: PanicReport) {
        let thread = self.current.get();
        let blames = self.blamed();
        let location = report.location.clone().unwrap_or_else(|| self.run.location.into());
        let operation = Operation::Panic { message: report.message.clone() };
        self.push(operation, None, Phase::Done, location);
        let record = &mut self.threads.borrow_mut()[thread];
        record.panic = Some(report);
        record.blames = blames;
    }

    /// Notes that the current thread was told of a child's end.
    pub(super) fn record_join(&self, child: usize, location: &'static Location<'static>) {
        let panicked = self.threads.borrow()[child].panic_ended;
        self.record(Operation::Join { child, panicked }, None, location);
        self.threads.borrow_mut()[child].joined = true;
        self.blame(panicked.then_some(child));
    }

    /// The thread whose panic the current thread was told of by its last event, a join.
    pub(super) fn blamed(&self) -> Option<usize> {
        self.threads.borrow()[self.current.get()].blames
    }

    /// Says whose panic the current thread is about to pass on.
    pub(super) fn blame(&self, culprit: Option<usize>) {
        self.threads.borrow_mut()[self.current.get()].blames = culprit;
    }

    /// Notes that the model used something, in case the engine cannot explore it completely.
    pub(super) fn uses(&self, spot: BlindSpot) {
        if self.body.blind_spots().contains(&spot) {
            self.run.counts().blind_spots.insert(spot);
        }
    }

    /// Notes a plain atomic access, which matters only beside other threads.
    pub(super) fn uses_plain_atomic(&self) {
        if self.others_run() {
            self.uses(BlindSpot::PlainAtomics);
        }
    }

    /// Waits for the threads that the model left running, and reports a panic that nobody saw.
    fn join_the_rest(&self) {
        let mut child = 1;
        while child < self.threads.borrow().len() {
            if !self.threads.borrow()[child].joined {
                let peer = self.thread_peer(child);
                self.wait(Waiting::Join(child), self.run.location, || peer.join());
                if self.threads.borrow()[child].panic_ended {
                    self.fail_by_panic_of(child);
                }
            }
            child += 1;
        }
    }

    /// Ends the exploration by the panic of `thread`, or of the one that it was told of by a join
    /// just before.
    fn fail_by_panic_of(&self, thread: usize) -> ! {
        let mut culprit = thread;
        while let Some(child) = self.threads.borrow()[culprit].blames {
            culprit = child;
        }
        let report = self.threads.borrow()[culprit].panic.clone();
        let report = report.unwrap_or_else(PanicReport::unknown);
        let name = self.trace.borrow().threads[culprit].clone();
        self.abandon(self.failure(report.into_defect(name)))
    }

    /// Ends the exploration by what the engine said in its panic.
    fn fail_by_engine(&self) -> ! {
        let report = crate::engine::last_panic().unwrap_or_else(PanicReport::unknown);
        self.abandon(self.ending_of(&report))
    }

    /// The ending that a defect of this execution makes.
    pub(super) fn failure(&self, defect: crate::engine::Defect) -> Ending {
        let execution = self.run.counts().executions;
        let trace = self.trace.borrow().clone();
        Ending::Failed(Box::new(Failure::new(defect, trace, execution)))
    }

    pub(super) fn trace(&self) -> Ref<'_, Trace> {
        self.trace.borrow()
    }

    /// Appends that `thread` waits for something that will not come, unless its last event said so.
    pub(super) fn record_stuck(
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

    /// Reports the ending and never returns.
    pub(super) fn abandon(&self, ending: Ending) -> ! {
        self.count();
        self.epoch.end();
        self.run.end(ending);
        leave()
    }
}

/// `name`, or with a number behind it if another object has it.
fn unique(name: &str, objects: &[Object]) -> String {
    let same = |object: &&Object| {
        object.name == name
            || object.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('#'))
    };
    match objects.iter().filter(same).count() {
        0 => name.to_owned(),
        others => format!("{name}#{}", others + 1),
    }
}
