//! Condition variables and park tokens for engines whose own are not std's: built from batons.

mod thread;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::execution::backend::{
    BackendAtomic, BackendCondvar, BackendMutex, Fetch, Freedom, OneShot,
};
use crate::trace::WakeUp;

pub(crate) use thread::BuiltThread;

/// One wait in so many ends spuriously, on an engine that can choose.
const SPURIOUS: usize = 16;

/// What an engine gives for its threads to wait on.
pub(crate) trait Waits: 'static {
    fn baton(&self) -> Box<dyn OneShot>;
    /// One of `0..options`; `None` if the engine has no such choice. Does not switch.
    fn choose(&self, options: usize) -> Option<usize>;
}

/// A condition variable: the threads that wait, the longest first.
pub(crate) struct BuiltCondvar<W: Waits> {
    waits: W,
    /// Makes waits and notifications depend on each other in the engine's eyes.
    point: Box<dyn BackendAtomic>,
    waiting: RefCell<Vec<Rc<Waiter>>>,
    /// Those whose wait has begun and not ended, notified or not.
    begun: RefCell<Vec<Rc<Waiter>>>,
}

struct Waiter {
    thread: usize,
    baton: Box<dyn OneShot>,
    /// Whether it waits for the signal; else its wait ends when it is scheduled.
    patient: bool,
    notified: Cell<bool>,
}

impl<W: Waits> BuiltCondvar<W> {
    pub(crate) fn new(waits: W, point: Box<dyn BackendAtomic>) -> Self {
        Self { waits, point, waiting: RefCell::default(), begun: RefCell::default() }
    }

    fn schedule(&self) {
        // ORDERING: Relaxed: the point orders events in the engine's eyes, but no memory.
        self.point.fetch(Fetch::Add, 0, Ordering::Relaxed);
    }

    /// Takes those to be notified out of the queue.
    fn take(&self, all: bool) -> Vec<Rc<Waiter>> {
        let mut waiting = self.waiting.borrow_mut();
        let count = waiting.len();
        if all || count < 2 {
            return std::mem::take(&mut *waiting);
        }
        vec![waiting.remove(self.waits.choose(count).unwrap_or(0))]
    }
}

impl<W: Waits> BackendCondvar for BuiltCondvar<W> {
    fn begin_wait(&self, mutex: &dyn BackendMutex, thread: usize, freedom: Freedom) {
        self.schedule();
        let spurious = freedom.spurious && !freedom.timed && self.waits.choose(SPURIOUS) == Some(0);
        let waiter = Rc::new(Waiter {
            thread,
            baton: self.waits.baton(),
            patient: !freedom.timed && !spurious,
            notified: Cell::new(false),
        });
        mutex.unlock();
        self.waiting.borrow_mut().push(Rc::clone(&waiter));
        self.begun.borrow_mut().push(waiter);
    }

    fn end_wait(&self, thread: usize, freedom: Freedom) -> WakeUp {
        let waiter = self.begun.borrow().iter().find(|waiter| waiter.thread == thread).cloned();
        let waiter = waiter.expect("a wait that ends has begun");
        if waiter.patient {
            waiter.baton.wait();
        } else {
            self.schedule();
        }
        let is_other = |other: &Rc<Waiter>| !Rc::ptr_eq(other, &waiter);
        self.waiting.borrow_mut().retain(is_other);
        self.begun.borrow_mut().retain(is_other);
        match waiter.notified.get() {
            true => WakeUp::Notification,
            false if freedom.timed => WakeUp::TimeOut,
            false => WakeUp::Spurious,
        }
    }

    fn notify(&self, all: bool, effect: &dyn Fn()) {
        self.schedule();
        // A signal may switch: who is notified is settled before the first of them.
        let notified = self.take(all);
        for waiter in &notified {
            waiter.notified.set(true);
        }
        effect();
        for waiter in notified {
            waiter.baton.signal();
        }
    }

    fn is_waiting(&self, thread: usize) -> bool {
        self.waiting.borrow().iter().any(|waiter| waiter.thread == thread && waiter.patient)
    }
}
