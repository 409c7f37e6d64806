//! The primitives of the facade on the objects of the engine.

use std::any::Any;
use std::cell::{Cell, OnceCell};
use std::sync::atomic::Ordering;

use lockproof_explore as explore;

use crate::execution::backend::{
    BackendAtomic, BackendCell, BackendCondvar, BackendMutex, BackendRwLock, BackendThread, Birth,
    CallSite, Exchange, Fetch, Freedom, OneShot, Width,
};
use crate::trace::WakeUp;

/// The engine's handle on an object, which it makes when the primitive is made known, or at the
/// operation that uses it first.
struct LazyHandle<H>(OnceCell<H>);

impl<H: Copy> LazyHandle<H> {
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

macro_rules! lazy_handles {
    ($($object:ident),*) => {$(
        pub(super) struct $object(LazyHandle<explore::$object>);

        impl $object {
            pub(super) fn new(birth: Birth) -> Self {
                Self(LazyHandle::new(birth, explore::$object::new))
            }

            fn handle(&self) -> explore::$object {
                self.0.get(explore::$object::at_first_use)
            }
        }
    )*};
}

lazy_handles!(Mutex, RwLock, Condvar);

impl BackendMutex for Mutex {
    fn lock(&self, at: CallSite) {
        self.handle().lock(at);
    }

    fn try_lock(&self, at: CallSite) -> bool {
        self.handle().try_lock(at)
    }

    fn unlock(&self, at: CallSite) {
        self.handle().unlock(at);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl BackendRwLock for RwLock {
    fn read(&self, _: usize, at: CallSite) {
        self.handle().read(at);
    }

    fn try_read(&self, _: usize, at: CallSite) -> bool {
        self.handle().try_read(at)
    }

    fn unlock_read(&self, _: usize, at: CallSite) {
        self.handle().unlock_read(at);
    }

    fn write(&self, at: CallSite) {
        self.handle().write(at);
    }

    fn try_write(&self, at: CallSite) -> bool {
        self.handle().try_write(at)
    }

    fn unlock_write(&self, at: CallSite) {
        self.handle().unlock_write(at);
    }
}

impl BackendCondvar for Condvar {
    fn begin_wait(&self, mutex: &dyn BackendMutex, _: usize, _: Freedom, at: CallSite) {
        let mutex = mutex.as_any().downcast_ref::<Mutex>().expect("both are of this engine");
        self.handle().begin_wait(mutex.handle(), at);
    }

    fn end_wait(&self, _: usize, freedom: Freedom, at: CallSite) -> WakeUp {
        match self.handle().end_wait(freedom.timed, !freedom.spurious, at) {
            explore::Wake::Notified => WakeUp::Notification,
            explore::Wake::TimedOut => WakeUp::TimeOut,
            explore::Wake::Spurious => WakeUp::Spurious,
        }
    }

    fn notify(&self, all: bool, at: CallSite) {
        if all {
            self.handle().notify_all(at);
        } else {
            self.handle().notify_one(at);
        }
    }

    /// Never asked: the engine finds out by itself.
    fn is_waiting(&self, _: usize) -> bool {
        true
    }
}

/// A flag under a mutex, with a condition variable.
pub(super) struct FlagUnderMutex {
    mutex: Mutex,
    condvar: Condvar,
    signalled: Cell<bool>,
}

impl FlagUnderMutex {
    /// The thread that will wait makes it.
    pub(super) fn new() -> Self {
        Self {
            mutex: Mutex::new(Birth::Made),
            condvar: Condvar::new(Birth::Made),
            signalled: Cell::new(false),
        }
    }
}

impl OneShot for FlagUnderMutex {
    fn wait(&self, at: CallSite) {
        self.mutex.handle().lock(at);
        while !self.signalled.get() {
            self.condvar.handle().wait(self.mutex.handle(), false, at);
        }
        self.mutex.handle().unlock(at);
    }

    /// Nothing while the execution is torn down: no thread goes on any more, and one that was
    /// about to wait may have been unwound while it held the mutex.
    fn signal(&self, at: CallSite) {
        if explore::is_tearing_down() {
            return;
        }
        self.mutex.handle().lock(at);
        self.signalled.set(true);
        self.mutex.handle().unlock(at);
        self.condvar.handle().notify_one(at);
    }
}

pub(super) struct ExploreAtomic {
    handle: LazyHandle<explore::Atomic>,
    width: Width,
    initial: u64,
}

impl ExploreAtomic {
    pub(super) fn new(width: Width, bits: u64, birth: Birth) -> Self {
        let handle = LazyHandle::new(birth, || explore::Atomic::new(bits));
        Self { handle, width, initial: bits }
    }

    fn handle(&self) -> explore::Atomic {
        self.handle.get(|| explore::Atomic::at_first_use(self.initial))
    }
}

impl BackendAtomic for ExploreAtomic {
    fn load(&self, order: Ordering, at: CallSite) -> u64 {
        self.handle().load(order, at)
    }

    fn store(&self, bits: u64, order: Ordering, at: CallSite) {
        self.handle().store(bits, order, at);
    }

    fn swap(&self, bits: u64, order: Ordering, at: CallSite) -> u64 {
        self.handle().update(order, at, |_| bits)
    }

    fn compare_exchange(&self, exchange: Exchange, at: CallSite) -> Result<u64, u64> {
        let Exchange { current, new, success, failure, weak } = exchange;
        self.handle().compare_exchange((current, new), (success, failure), weak, at)
    }

    fn fetch(&self, fetch: Fetch, operand: u64, order: Ordering, at: CallSite) -> u64 {
        self.handle().update(order, at, |before| self.width.apply(fetch, before, operand))
    }
}

pub(super) struct RaceCell(pub(super) explore::Cell);

impl BackendCell for RaceCell {
    fn begin(&self, writes: bool, _: usize, at: CallSite) {
        self.announce(writes, at);
        if self.0.has_raced() {
            // The engine ends the execution where it next decides: here, not further on.
            explore::spin(at);
        }
    }

    /// An access that lasts is announced again when it ends.
    fn end(&self, writes: bool, _: usize, at: CallSite) {
        self.announce(writes, at);
    }
}

impl RaceCell {
    fn announce(&self, writes: bool, at: CallSite) {
        if writes {
            self.0.write(at);
        } else {
            self.0.read(at);
        }
    }
}

pub(super) struct ExploreThread(pub(super) explore::ThreadId);

impl BackendThread for ExploreThread {
    fn join(&self, at: CallSite) {
        // The closure catches the panics of the model: there is no other result.
        let _ = explore::join(self.0, at);
    }

    fn park(&self, timed: bool, at: CallSite) -> bool {
        explore::park(timed, at) == explore::Wake::Notified
    }

    fn unpark(&self, at: CallSite) {
        explore::unpark(self.0, at);
    }

    /// Never asked: the engine finds out by itself.
    fn has_token(&self) -> bool {
        false
    }
}
