//! Condition variables and park tokens for engines whose own are not std's: built from batons.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::peer::{AtomicPeer, BatonPeer, CondvarPeer, Fetch, Freedom, MutexPeer};
use crate::trace::WakeUp;

/// One wait in so many ends spuriously, on an engine that can choose.
const SPURIOUS: usize = 16;

/// What an engine gives for its threads to wait on.
pub(crate) trait Waits: 'static {
    fn baton(&self) -> Box<dyn BatonPeer>;
    /// One of `0..options`; `None` if the engine has no such choice. Does not switch.
    fn choose(&self, options: usize) -> Option<usize>;
}

/// A condition variable: the threads that wait, the longest first.
pub(crate) struct BuiltCondvar<W: Waits> {
    waits: W,
    /// Makes waits and notifications depend on each other in the engine's eyes.
    point: Box<dyn AtomicPeer>,
    waiting: RefCell<Vec<Rc<Waiter>>>,
    /// Those whose wait has begun and not ended, notified or not.
    begun: RefCell<Vec<Rc<Waiter>>>,
}

struct Waiter {
    thread: usize,
    baton: Box<dyn BatonPeer>,
    /// Whether it waits for the signal; else its wait ends when it is scheduled.
    patient: bool,
    notified: Cell<bool>,
}

impl<W: Waits> BuiltCondvar<W> {
    pub(crate) fn new(waits: W, point: Box<dyn AtomicPeer>) -> Self {
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

impl<W: Waits> CondvarPeer for BuiltCondvar<W> {
    fn begin_wait(&self, mutex: &dyn MutexPeer, thread: usize, freedom: Freedom) {
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

/// The token that a thread parks for, on the same footing.
pub(crate) struct BuiltToken<W: Waits> {
    waits: W,
    /// Makes parks and unparks depend on each other in the engine's eyes.
    point: Box<dyn AtomicPeer>,
    available: Cell<bool>,
    /// What the thread waits on while it is parked.
    parked: RefCell<Option<Rc<dyn BatonPeer>>>,
}

impl<W: Waits> BuiltToken<W> {
    pub(crate) fn new(waits: W, point: Box<dyn AtomicPeer>) -> Self {
        Self { waits, point, available: Cell::new(false), parked: RefCell::new(None) }
    }

    /// The scheduling point of a park, which sees what came before the unparks so far.
    fn look(&self) {
        // ORDERING: Acquire: pairs with the Release of every unpark before, because one token may
        // stand for many of them.
        self.point.fetch(Fetch::Add, 0, Ordering::Acquire);
    }

    /// Waits for the token unless the wait is timed or ends spuriously, and takes it; says whether
    /// it was there.
    pub(crate) fn park(&self, timed: bool) -> bool {
        self.look();
        if self.available.take() {
            return true;
        }
        if timed || self.waits.choose(SPURIOUS) == Some(0) {
            return false;
        }
        let baton: Rc<dyn BatonPeer> = Rc::from(self.waits.baton());
        self.parked.replace(Some(Rc::clone(&baton)));
        baton.wait();
        self.look();
        self.available.take()
    }

    pub(crate) fn unpark(&self) {
        // ORDERING: Release: pairs with the Acquire of `look`, as an unpark does with the park
        // that it ends.
        self.point.fetch(Fetch::Add, 0, Ordering::Release);
        self.available.set(true);
        let parked = self.parked.take();
        if let Some(baton) = parked {
            baton.signal();
        }
    }

    pub(crate) fn is_available(&self) -> bool {
        self.available.get()
    }
}
