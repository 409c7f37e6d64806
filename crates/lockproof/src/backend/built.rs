//! Condition variables and park tokens for engines whose own are not std's: built from one-shot events.

mod thread;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::backend::{
    BackendAtomic, BackendCondvar, BackendMutex, CallSite, Fetch, Freedom, OneShot,
};
use crate::trace::WakeUp;

pub(crate) use thread::BuiltThread;

/// One wait in so many ends spuriously, on an engine that can choose.
const SPURIOUS: usize = 16;

/// What an engine gives for its threads to wait on.
pub(crate) trait WaitSource: 'static {
    fn one_shot(&self) -> Box<dyn OneShot>;
    /// One of `0..options`; `None` if the engine has no such choice. Does not switch.
    fn choose(&self, options: usize) -> Option<usize>;
}

/// A condition variable: the threads that wait, the longest first.
pub(crate) struct BuiltCondvar<W: WaitSource> {
    source: W,
    /// Makes waits and notifications depend on each other in the engine's eyes.
    point: Box<dyn BackendAtomic>,
    waiting: RefCell<Vec<Rc<CondvarWaiter>>>,
    /// Those whose wait has begun and not ended, notified or not.
    begun: RefCell<Vec<Rc<CondvarWaiter>>>,
    /// Those that were notified and whose signal was not given yet.
    to_release: RefCell<Vec<Rc<CondvarWaiter>>>,
}

struct CondvarWaiter {
    thread: usize,
    one_shot: Box<dyn OneShot>,
    /// Whether it waits for the signal; else its wait ends when it is scheduled.
    patient: bool,
    notified: Cell<bool>,
}

impl<W: WaitSource> BuiltCondvar<W> {
    pub(crate) fn new(source: W, point: Box<dyn BackendAtomic>) -> Self {
        Self {
            source,
            point,
            waiting: RefCell::default(),
            begun: RefCell::default(),
            to_release: RefCell::default(),
        }
    }

    fn schedule(&self, at: CallSite) {
        // ORDERING: Relaxed: the point orders events in the engine's eyes, but no memory.
        self.point.fetch(Fetch::Add, 0, Ordering::Relaxed, at);
    }

    /// Takes those to be notified out of the queue.
    fn take(&self, all: bool) -> Vec<Rc<CondvarWaiter>> {
        let mut waiting = self.waiting.borrow_mut();
        let count = waiting.len();
        if all || count < 2 {
            return std::mem::take(&mut *waiting);
        }
        vec![waiting.remove(self.source.choose(count).unwrap_or(0))]
    }
}

impl<W: WaitSource> BackendCondvar for BuiltCondvar<W> {
    fn begin_wait(&self, mutex: &dyn BackendMutex, thread: usize, freedom: Freedom, at: CallSite) {
        self.schedule(at);
        let spurious =
            freedom.spurious && !freedom.timed && self.source.choose(SPURIOUS) == Some(0);
        let waiter = Rc::new(CondvarWaiter {
            thread,
            one_shot: self.source.one_shot(),
            patient: !freedom.timed && !spurious,
            notified: Cell::new(false),
        });
        mutex.unlock(at);
        self.waiting.borrow_mut().push(Rc::clone(&waiter));
        self.begun.borrow_mut().push(waiter);
    }

    fn end_wait(&self, thread: usize, freedom: Freedom, at: CallSite) -> WakeUp {
        let waiter = self.begun.borrow().iter().find(|waiter| waiter.thread == thread).cloned();
        let waiter = waiter.expect("a wait that ends has begun");
        if waiter.patient {
            waiter.one_shot.wait(at);
        } else {
            self.schedule(at);
        }
        let is_other = |other: &Rc<CondvarWaiter>| !Rc::ptr_eq(other, &waiter);
        self.waiting.borrow_mut().retain(is_other);
        self.begun.borrow_mut().retain(is_other);
        match waiter.notified.get() {
            true => WakeUp::Notification,
            false if freedom.timed => WakeUp::TimeOut,
            false => WakeUp::Spurious,
        }
    }

    fn notify(&self, all: bool, at: CallSite) {
        self.schedule(at);
        // A signal may switch: who is notified is settled before the first of them.
        let notified = self.take(all);
        for waiter in &notified {
            waiter.notified.set(true);
        }
        self.to_release.borrow_mut().extend(notified);
    }

    fn release_notified(&self, at: CallSite) {
        for waiter in self.to_release.take() {
            waiter.one_shot.signal(at);
        }
    }

    fn is_waiting(&self, thread: usize) -> bool {
        self.waiting.borrow().iter().any(|waiter| waiter.thread == thread && waiter.patient)
    }
}
