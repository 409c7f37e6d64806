//! The threads of an execution: how they come and go, what they wait for, and whose panic a join
//! passed on.

#![expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Execution;
use super::backend::{BackendAtomic, BackendThread, Birth, CallSite, NewThread, OneShot, Width};
use super::intent::{Intent, Reply};
use super::objects::ModelObject;
use super::restart::Need;
use crate::engine::Ending;
use crate::panics::PanicReport;
use crate::trace::{Operation, Phase};

/// A thread of the model.
pub(crate) struct ModelThread {
    /// What it was called when it was made: see [`Execution::trace`].
    pub(crate) name: Option<Cow<'static, str>>,
    /// The engine's side: `None` for a child until its spawn has returned, which it does without
    /// another switch.
    backend: Option<Rc<dyn BackendThread>>,
    /// What the engine is to start it with.
    pub(super) to_start: Option<NewThread>,
    /// Set when the thread ends; only in a run in which a thread asks for that without a join.
    end: Option<Rc<dyn BackendAtomic>>,
    /// Where it was spawned; for `main`, where the model was given.
    spawned: CallSite,
    /// Where it is in the code under test, as far as its operations tell.
    place: CallSite,
    pub(crate) finished: bool,
    /// Whether a panic ended it, rather than being caught on the way.
    pub(super) panic_ended: bool,
    /// Whether another thread waited for its end.
    pub(crate) joined: bool,
    /// Its last panic, and the thread whose panic it passed on by that.
    panic: Option<Box<(PanicReport, Option<usize>)>>,
    /// The thread whose panic its last event, a join, told it of.
    pub(crate) blames: Option<usize>,
    /// What it waits to do, with which object, and where.
    pub(super) waiting: Option<(Intent, Option<usize>, CallSite)>,
    /// The one-shot event that it is about to wait for at a built object.
    pub(super) awaits: Option<Rc<dyn OneShot>>,
}

impl ModelThread {
    /// It is about to do something.
    #[inline(always)]
    pub(super) fn acts_at(&mut self, intent: &Intent, at: CallSite) {
        self.place = at;
        if intent.is_event() {
            self.blames = None;
        }
    }

    /// It is about to do something, and may have to wait.
    #[inline(always)]
    pub(super) fn waits_at(&mut self, intent: &Intent, object: Option<&ModelObject>, at: CallSite) {
        self.acts_at(intent, at);
        self.waiting = Some((*intent, object.map(|object| object.index), at));
    }
}

impl Execution {
    pub(crate) fn add_thread(&self, name: Option<Cow<'static, str>>, spawned: CallSite) -> usize {
        let needs_end = self.run.restart.needs(Need::Ends);
        let end = needs_end.then(|| Rc::from(self.backend.atomic(Width::U8, 0, Birth::Made)));
        let mut threads = self.threads.borrow_mut();
        let index = threads.len();
        threads.push(ModelThread {
            name,
            backend: None,
            to_start: None,
            end,
            spawned,
            place: spawned,
            finished: false,
            panic_ended: false,
            joined: false,
            panic: None,
            blames: None,
            waiting: None,
            awaits: None,
        });
        index
    }

    /// Makes a thread of the model that `thread` describes, and starts it.
    pub(crate) fn spawn(&self, index: usize, thread: NewThread, at: CallSite) {
        self.threads.borrow_mut()[index].to_start = Some(thread);
        self.perform(Intent::Spawn { child: index }, None, at);
    }

    /// Ends the exploration if the engine cannot run one thread more.
    pub(crate) fn expect_room_for_thread(&self, at: CallSite) {
        let Some(limit) = self.backend.thread_limit() else { return };
        if self.threads.borrow().len() >= limit {
            let engine = self.run.task.engine;
            let reason = format!(
                "{engine} runs at most {limit} threads, the model's own included, and {}:{} spawns \
                 one more: use fewer threads, or leave {engine} out for this model",
                at.file(),
                at.line()
            );
            self.abandon(Ending::Unsupported { reason });
        }
    }

    pub(super) fn set_backend_thread(&self, thread: usize, backend: Rc<dyn BackendThread>) {
        self.threads.borrow_mut()[thread].backend = Some(backend);
    }

    pub(super) fn backend_thread(&self, thread: usize) -> Rc<dyn BackendThread> {
        let backend = self.threads.borrow()[thread].backend.clone();
        backend.expect("a thread is made before it can be named")
    }

    /// The name that the current thread was given, shared with its handles.
    pub(crate) fn thread_name(&self) -> Option<Arc<str>> {
        self.threads.borrow()[self.thread()].name.as_deref().map(Arc::from)
    }

    /// The last known place of the current thread in the code under test.
    #[inline]
    pub(crate) fn place(&self) -> CallSite {
        self.threads.borrow()[self.thread()].place
    }

    /// The current thread is about to do something there.
    #[inline(always)]
    pub(super) fn acts_at(&self, intent: &Intent, at: CallSite) {
        self.threads.borrow_mut()[self.thread()].acts_at(intent, at);
    }

    /// Whether a thread's closure has returned.
    pub(crate) fn is_finished(&self, thread: usize) -> bool {
        self.perform(Intent::AskFinished { thread }, None, self.place());
        self.threads.borrow()[thread].finished
    }

    pub(super) fn load_end(&self, thread: usize, at: CallSite) {
        let end = self.threads.borrow()[thread].end.clone();
        // ORDERING: Relaxed: std promises no order for what it answers here; a join gives one.
        end.map(|end| end.load(Ordering::Relaxed, at));
    }

    pub(super) fn store_end(&self, at: CallSite) {
        let end = self.threads.borrow()[self.thread()].end.clone();
        if let Some(end) = end {
            // ORDERING: Relaxed: pairs with the load of `load_end`, which orders nothing.
            end.store(1, Ordering::Relaxed, at);
        }
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
            Err(payload) if self.backend.is_tearing_down() => resume_unwind(payload),
            outcome => outcome,
        };
        self.end_thread(outcome.is_err());
        outcome
    }

    fn end_thread(&self, panicked: bool) {
        self.perform_deferred();
        self.destroy_locals();
        let spawned = self.threads.borrow()[self.thread()].spawned;
        self.perform(Intent::Exit, None, spawned);
        let mut threads = self.threads.borrow_mut();
        let thread = &mut threads[self.thread()];
        thread.finished = true;
        thread.panic_ended = panicked;
        drop(threads);
        self.fail_if_stuck();
        self.in_engine.set(true);
    }

    /// Waits for a child's end, of which the current thread is then told.
    pub(crate) fn join(&self, child: usize, at: CallSite) {
        let reply = self.perform(Intent::Join { child, is_told: true }, None, at);
        self.threads.borrow_mut()[child].joined = true;
        self.blame(matches!(reply, Reply::Finished { panicked: true }).then_some(child));
    }

    /// The thread whose panic the current thread was told of by its last event, a join.
    pub(crate) fn blamed(&self) -> Option<usize> {
        self.threads.borrow()[self.thread()].blames
    }

    /// Says whose panic the current thread is about to pass on.
    pub(crate) fn blame(&self, culprit: Option<usize>) {
        self.threads.borrow_mut()[self.thread()].blames = culprit;
    }

    /// Keeps a panic that has just begun in the current thread.
    pub(crate) fn record_panic(&self, report: PanicReport) {
        let thread = self.thread();
        let blames = self.blamed();
        let location = report.location.clone().unwrap_or_else(|| self.run.task.location.into());
        let operation = Operation::Panic { message: report.message.clone() };
        self.blame(None);
        self.push(operation, None, Phase::Done, location);
        self.threads.borrow_mut()[thread].panic = Some(Box::new((report, blames)));
    }

    /// Whether a thread other than the current one may still run.
    pub(crate) fn others_run(&self) -> bool {
        let current = self.thread();
        let threads = self.threads.borrow();
        threads.iter().enumerate().any(|(index, thread)| index != current && !thread.joined)
    }

    /// Waits for the threads that the model left running, and reports a panic that no join has seen.
    pub(crate) fn join_the_rest(&self) {
        let mut child = 1;
        while child < self.threads.borrow().len() {
            if !self.threads.borrow()[child].joined {
                self.perform(Intent::Join { child, is_told: false }, None, self.run.task.location);
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
