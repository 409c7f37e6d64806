//! The primitives of the facade on the objects of the engine.

use std::any::Any;
use std::cell::{Cell as Flag, OnceCell};
use std::sync::atomic::Ordering;

use lockproof_explore as explore;

use crate::backend::explore::place;
use crate::execution::backend::{
    BackendAtomic, BackendCell, BackendCondvar, BackendMutex, BackendRwLock, BackendThread, Birth,
    Exchange, Fetch, Freedom, OneShot, Width,
};
use crate::trace::WakeUp;

/// The engine's handle on an object, which it makes when the primitive is made known, or at the
/// operation that uses it first.
struct Handle<H>(OnceCell<H>);

impl<H: Copy> Handle<H> {
    fn new(birth: Birth, make: impl FnOnce() -> H) -> Self {
        let handle = Self(OnceCell::new());
        if birth == Birth::Made {
            handle.0.get_or_init(make);
        }
        handle
    }

    fn get(&self, make: impl FnOnce() -> H) -> H {
        *self.0.get_or_init(make)
    }
}

pub(super) struct Mutex(Handle<explore::Mutex>);

impl Mutex {
    pub(super) fn new(birth: Birth) -> Self {
        Self(Handle::new(birth, explore::Mutex::new))
    }

    fn handle(&self) -> explore::Mutex {
        self.0.get(explore::Mutex::at_first_use)
    }
}

impl BackendMutex for Mutex {
    fn lock(&self) {
        let at = place();
        self.handle().lock(at);
    }

    fn try_lock(&self) -> bool {
        let at = place();
        self.handle().try_lock(at)
    }

    fn unlock(&self) {
        let at = place();
        self.handle().unlock(at);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) struct RwLock(Handle<explore::RwLock>);

impl RwLock {
    pub(super) fn new(birth: Birth) -> Self {
        Self(Handle::new(birth, explore::RwLock::new))
    }

    fn handle(&self) -> explore::RwLock {
        self.0.get(explore::RwLock::at_first_use)
    }
}

impl BackendRwLock for RwLock {
    fn read(&self, _: usize) {
        let at = place();
        self.handle().read(at);
    }

    fn try_read(&self, _: usize) -> bool {
        let at = place();
        self.handle().try_read(at)
    }

    fn unlock_read(&self, _: usize) {
        let at = place();
        self.handle().unlock_read(at);
    }

    fn write(&self) {
        let at = place();
        self.handle().write(at);
    }

    fn try_write(&self) -> bool {
        let at = place();
        self.handle().try_write(at)
    }

    fn unlock_write(&self) {
        let at = place();
        self.handle().unlock_write(at);
    }
}

pub(super) struct Condvar(Handle<explore::Condvar>);

impl Condvar {
    pub(super) fn new(birth: Birth) -> Self {
        Self(Handle::new(birth, explore::Condvar::new))
    }

    fn handle(&self) -> explore::Condvar {
        self.0.get(explore::Condvar::at_first_use)
    }
}

impl BackendCondvar for Condvar {
    fn begin_wait(&self, mutex: &dyn BackendMutex, _: usize, _: Freedom) {
        let at = place();
        let mutex = mutex.as_any().downcast_ref::<Mutex>().expect("both are of this engine");
        self.handle().begin_wait(mutex.handle(), at);
    }

    fn end_wait(&self, _: usize, freedom: Freedom) -> WakeUp {
        let at = place();
        match self.handle().end_wait(freedom.timed, !freedom.spurious, at) {
            explore::Wake::Notified => WakeUp::Notification,
            explore::Wake::TimedOut => WakeUp::TimeOut,
            explore::Wake::Spurious => WakeUp::Spurious,
        }
    }

    fn notify(&self, all: bool, effect: &dyn Fn()) {
        let at = place();
        if all {
            self.handle().notify_all(at);
        } else {
            self.handle().notify_one(at);
        }
        effect();
    }

    /// Never asked: the engine finds out by itself.
    fn is_waiting(&self, _: usize) -> bool {
        true
    }
}

/// A flag under a mutex, with a condition variable.
pub(super) struct Baton {
    mutex: Mutex,
    condvar: Condvar,
    signalled: Flag<bool>,
}

impl Baton {
    /// The thread that will wait makes it.
    pub(super) fn new() -> Self {
        Self {
            mutex: Mutex::new(Birth::Made),
            condvar: Condvar::new(Birth::Made),
            signalled: Flag::new(false),
        }
    }
}

impl OneShot for Baton {
    fn wait(&self) {
        let at = place();
        self.mutex.handle().lock(at);
        while !self.signalled.get() {
            self.condvar.handle().wait(self.mutex.handle(), at);
        }
        self.mutex.handle().unlock(at);
    }

    /// Nothing while the execution is torn down: nobody goes on any more, and a thread that was
    /// about to wait may have been unwound while it held the mutex.
    fn signal(&self) {
        if explore::is_tearing_down() {
            return;
        }
        let at = place();
        self.mutex.handle().lock(at);
        self.signalled.set(true);
        self.mutex.handle().unlock(at);
        self.condvar.handle().notify_one(at);
    }
}

pub(super) struct Atomic {
    handle: Handle<explore::Atomic>,
    width: Width,
    initial: u64,
}

impl Atomic {
    pub(super) fn new(width: Width, bits: u64, birth: Birth) -> Self {
        let handle = Handle::new(birth, || explore::Atomic::new(bits));
        Self { handle, width, initial: bits }
    }

    fn handle(&self) -> explore::Atomic {
        self.handle.get(|| explore::Atomic::at_first_use(self.initial))
    }
}

impl BackendAtomic for Atomic {
    fn load(&self, order: Ordering) -> u64 {
        let at = place();
        self.handle().load(order, at)
    }

    fn store(&self, bits: u64, order: Ordering) {
        let at = place();
        self.handle().store(bits, order, at);
    }

    fn swap(&self, bits: u64, order: Ordering) -> u64 {
        let at = place();
        self.handle().update(order, at, |_| bits)
    }

    fn compare_exchange(&self, exchange: Exchange) -> Result<u64, u64> {
        let at = place();
        let Exchange { current, new, success, failure, weak } = exchange;
        if weak {
            self.handle().compare_exchange_weak((current, new), (success, failure), at)
        } else {
            self.handle().compare_exchange((current, new), (success, failure), at)
        }
    }

    fn fetch(&self, fetch: Fetch, operand: u64, order: Ordering) -> u64 {
        let at = place();
        self.handle().update(order, at, |before| self.width.apply(fetch, before, operand))
    }
}

pub(super) struct Cell(pub(super) explore::Cell);

impl BackendCell for Cell {
    fn begin(&self, writes: bool) -> Option<Box<dyn Any>> {
        self.announce(writes);
        if self.0.has_raced() {
            // The engine ends the execution where it next decides: here, not further on.
            explore::spin(place());
        }
        None
    }

    /// An access that lasts is announced again when it ends.
    fn end(&self, writes: bool) {
        self.announce(writes);
    }
}

impl Cell {
    fn announce(&self, writes: bool) {
        if writes {
            self.0.write(place());
        } else {
            self.0.read(place());
        }
    }
}

pub(super) struct Thread(pub(super) explore::ThreadId);

impl BackendThread for Thread {
    fn join(&self) {
        // The closure catches the panics of the model: there is no other result.
        let _ = explore::join(self.0, place());
    }

    fn park(&self, timed: bool) -> bool {
        let wake = if timed { explore::park_timeout(place()) } else { explore::park(place()) };
        wake == explore::Wake::Notified
    }

    fn unpark(&self) {
        explore::unpark(self.0, place());
    }

    /// Never asked: the engine finds out by itself.
    fn has_token(&self) -> bool {
        false
    }
}
