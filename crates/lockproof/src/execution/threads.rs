//! The threads of an execution: how they come and go, what they wait for, and whose panic a join
//! passed on.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::backend::{BackendAtomic, BackendThread, Birth, Width};
use crate::execution::run::Need;
use crate::execution::weak_memory::Asked;
use crate::panics::PanicReport;
use crate::trace::{Operation, Phase};

/// A thread of the model.
pub(crate) struct ModelThread {
    /// What it was called when it was made: see [`Execution::trace`].
    pub(crate) name: Option<Cow<'static, str>>,
    /// The engine's side: `None` for a child until its spawn has returned, which it does without
    /// another switch.
    peer: Option<Rc<dyn BackendThread>>,
    /// Set when the thread ends; only in a run in which a thread asks for that without a join.
    end: Option<Rc<dyn BackendAtomic>>,
    /// Where it was spawned; for `main`, where the model was given.
    spawned: &'static Location<'static>,
    /// Where it is in the code under test, as far as its operations tell.
    place: &'static Location<'static>,
    pub(crate) finished: bool,
    /// Whether a panic ended it, rather than being caught on the way.
    panic_ended: bool,
    /// Whether somebody waited for its end.
    pub(crate) joined: bool,
    /// Its last panic, and the thread whose panic it passed on by that.
    panic: Option<Box<(PanicReport, Option<usize>)>>,
    /// The thread whose panic its last event, a join, told it of.
    pub(crate) blames: Option<usize>,
    pub(crate) waiting: Option<(Waiting, &'static Location<'static>)>,
}

impl ModelThread {
    /// It is about to wait.
    pub(crate) fn waits_at(&mut self, waiting: Waiting, location: &'static Location<'static>) {
        self.place = location;
        self.waiting = Some((waiting, location));
    }

    /// It has done something.
    pub(crate) fn acts_at(&mut self, location: &'static Location<'static>) {
        self.place = location;
        self.blames = None;
    }
}

/// What a thread waits for: indices into the execution's tables.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Waiting {
    Lock(usize),
    ReadLock(usize),
    WriteLock(usize),
    UpgradableLock(usize),
    /// A condition variable, and the object that is the mutex of the wait.
    Notification {
        condvar: usize,
        mutex: usize,
    },
    Initialization(usize),
    Barrier(usize),
    Message(usize),
    Room(usize),
    Join(usize),
    Park,
}

impl Execution {
    pub(crate) fn add_thread(
        &self,
        name: Option<Cow<'static, str>>,
        spawned: &'static Location<'static>,
    ) -> usize {
        let needs_end = self.run.needs(Need::Ends);
        let end = needs_end.then(|| Rc::from(self.body.atomic(Width::U8, 0, Birth::Made)));
        let mut threads = self.threads.borrow_mut();
        let index = threads.len();
        threads.push(ModelThread {
            name,
            peer: None,
            end,
            spawned,
            place: spawned,
            finished: false,
            panic_ended: false,
            joined: false,
            panic: None,
            blames: None,
            waiting: None,
        });
        index
    }

    pub(crate) fn set_thread_peer(&self, thread: usize, peer: Rc<dyn BackendThread>) {
        self.threads.borrow_mut()[thread].peer = Some(peer);
    }

    pub(crate) fn thread_peer(&self, thread: usize) -> Rc<dyn BackendThread> {
        let peer = self.threads.borrow()[thread].peer.clone();
        peer.expect("a thread is made before anybody can name it")
    }

    /// Where the current thread is in the code under test.
    #[inline]
    pub(crate) fn place(&self) -> &'static Location<'static> {
        self.threads.borrow()[self.current.get()].place
    }

    /// The current thread is about to do something there.
    #[inline]
    pub(crate) fn set_place(&self, location: &'static Location<'static>) {
        self.threads.borrow_mut()[self.current.get()].place = location;
    }

    /// Whether a thread's closure has returned, as an event.
    pub(crate) fn is_finished(&self, thread: usize) -> bool {
        let end = self.threads.borrow()[thread].end.clone();
        let Some(end) = end else { self.run.start_again_with(Need::Ends) };
        self.note_look(Asked::Thread(thread));
        // ORDERING: Relaxed: std promises no order for what it answers here; a join gives one.
        self.engine(|| end.load(Ordering::Relaxed));
        self.uses_plain_atomic();
        self.threads.borrow()[thread].finished
    }

    /// The engine has switched to thread `index` for the first time.
    pub(crate) fn enter_thread(&self, index: usize) {
        self.current.set(index);
        self.in_engine.set(false);
    }

    /// Runs a child's closure; what comes after it is the engine's.
    pub(crate) fn run_thread<T>(&self, body: impl FnOnce() -> T) -> std::thread::Result<T> {
        let outcome = catch_unwind(AssertUnwindSafe(body));
        let outcome = match outcome {
            Err(payload) if self.body.is_tearing_down() => resume_unwind(payload),
            outcome => outcome,
        };
        self.release_deferred();
        self.destroy_locals();
        let spawned = self.threads.borrow()[self.current.get()].spawned;
        let end = self.threads.borrow()[self.current.get()].end.clone();
        if let Some(end) = end {
            // ORDERING: Relaxed: pairs with the load of `is_finished`, which orders nothing.
            self.engine(|| end.store(1, Ordering::Relaxed));
        }
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

    /// Notes that the current thread was told of a child's end.
    pub(crate) fn record_join(&self, child: usize, location: &'static Location<'static>) {
        let panicked = self.threads.borrow()[child].panic_ended;
        self.record(Operation::Join { child, panicked }, None, location);
        self.threads.borrow_mut()[child].joined = true;
        self.blame(panicked.then_some(child));
    }

    /// The thread whose panic the current thread was told of by its last event, a join.
    pub(crate) fn blamed(&self) -> Option<usize> {
        self.threads.borrow()[self.current.get()].blames
    }

    /// Says whose panic the current thread is about to pass on.
    pub(crate) fn blame(&self, culprit: Option<usize>) {
        self.threads.borrow_mut()[self.current.get()].blames = culprit;
    }

    /// Keeps a panic that has just begun in the current thread.
    pub(crate) fn record_panic(&self, report: PanicReport) {
        let thread = self.current.get();
        let blames = self.blamed();
        let location = report.location.clone().unwrap_or_else(|| self.run.location.into());
        let operation = Operation::Panic { message: report.message.clone() };
        self.push(operation, None, Phase::Done, location);
        self.threads.borrow_mut()[thread].panic = Some(Box::new((report, blames)));
    }

    /// Whether a thread other than the current one may still run.
    pub(crate) fn others_run(&self) -> bool {
        let current = self.current.get();
        let threads = self.threads.borrow();
        threads.iter().enumerate().any(|(index, thread)| index != current && !thread.joined)
    }

    /// Waits for the threads that the model left running, and reports a panic that nobody saw.
    pub(crate) fn join_the_rest(&self) {
        let mut child = 1;
        while child < self.threads.borrow().len() {
            if !self.threads.borrow()[child].joined {
                let peer = self.thread_peer(child);
                self.wait(Waiting::Join(child), self.run.location, || peer.join());
                if self.threads.borrow()[child].panic_ended {
                    self.fail_by_panic_of(child, &PanicReport::unknown());
                }
            }
            child += 1;
        }
    }

    /// Ends the exploration by the panic of `thread`, or by the one that it passed on.
    ///
    /// `thrown` is what is known of a panic that did not go through the panic hook.
    pub(crate) fn fail_by_panic_of(&self, thread: usize, thrown: &PanicReport) -> ! {
        let threads = self.threads.borrow();
        let mut culprit = thread;
        let mut report = thrown;
        // A panic is passed on by a thread that was told of it, so this ends at its source.
        let mut next = Some(thread);
        while let Some(passed_on_by) = next {
            culprit = passed_on_by;
            let thread = &threads[culprit];
            report = thread.panic.as_ref().map_or(report, |panic| &panic.0);
            next = thread.panic.as_ref().map_or(thread.blames, |panic| panic.1);
        }
        let defect = report.clone().into_defect(self.trace().threads[culprit].clone());
        drop(threads);
        self.abandon(self.failure(defect))
    }
}
