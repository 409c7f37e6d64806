//! shuttle's objects as peers of the facade's primitives.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;

use shuttle::rand::{Rng, thread_rng};

use crate::backend::built::Waits;
use crate::backend::latch::Latch;
use crate::execution::backend::{
    BackendAtomic, BackendCell, BackendMutex, BackendRwLock, Exchange, Fetch, OneShot, Width,
};

/// One weak compare-exchange in so many fails although it could succeed.
const SPURIOUS_FAILURE: usize = 8;

pub(super) fn choose(options: usize) -> usize {
    thread_rng().gen_range(0..options)
}

pub(super) struct Mutex(Latch<shuttle::sync::Mutex<()>, shuttle::sync::MutexGuard<'static, ()>>);

impl Mutex {
    pub(super) fn new() -> Self {
        Self(Latch::new(shuttle::sync::Mutex::new(())))
    }
}

impl BackendMutex for Mutex {
    fn lock(&self) {
        self.0.acquire(0, |lock| lock.lock().ok());
    }

    fn try_lock(&self) -> bool {
        self.0.acquire(0, |lock| lock.try_lock().ok())
    }

    fn unlock(&self) {
        self.0.release(0);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) struct RwLock(Latch<shuttle::sync::RwLock<()>, RwLockGuard>);

impl RwLock {
    pub(super) fn new() -> Self {
        Self(Latch::new(shuttle::sync::RwLock::new(())))
    }
}

/// Held for its drop.
#[expect(dead_code, reason = "a guard is never looked at, only dropped")]
enum RwLockGuard {
    Read(shuttle::sync::RwLockReadGuard<'static, ()>),
    Write(shuttle::sync::RwLockWriteGuard<'static, ()>),
}

/// The number of the one guard that is no reading thread's.
const WRITER: usize = usize::MAX;

impl BackendRwLock for RwLock {
    fn read(&self, thread: usize) {
        self.0.acquire(thread, |lock| lock.read().ok().map(RwLockGuard::Read));
    }

    fn try_read(&self, thread: usize) -> bool {
        self.0.acquire(thread, |lock| lock.try_read().ok().map(RwLockGuard::Read))
    }

    fn unlock_read(&self, thread: usize) {
        self.0.release(thread);
    }

    fn write(&self) {
        self.0.acquire(WRITER, |lock| lock.write().ok().map(RwLockGuard::Write));
    }

    fn try_write(&self) -> bool {
        self.0.acquire(WRITER, |lock| lock.try_write().ok().map(RwLockGuard::Write))
    }

    fn unlock_write(&self) {
        self.0.release(WRITER);
    }
}

/// Batons, for the facade to build on.
pub(super) struct Batons;

impl Waits for Batons {
    fn baton(&self) -> Box<dyn OneShot> {
        Box::new(Baton { waiter: RefCell::new(None), signalled: Cell::new(false) })
    }

    fn choose(&self, options: usize) -> Option<usize> {
        Some(choose(options))
    }
}

/// Waits by shuttle's own parking, whose spurious wake-ups are waited out.
struct Baton {
    waiter: RefCell<Option<shuttle::thread::Thread>>,
    signalled: Cell<bool>,
}

impl OneShot for Baton {
    fn wait(&self) {
        self.waiter.replace(Some(shuttle::thread::current()));
        while !self.signalled.get() {
            shuttle::thread::park();
        }
    }

    fn signal(&self) {
        self.signalled.set(true);
        let waiter = self.waiter.take();
        if let Some(waiter) = waiter {
            waiter.unpark();
        }
    }
}

/// A value, and a scheduling point before each operation on it.
pub(super) struct Atomic {
    point: shuttle::sync::atomic::AtomicBool,
    width: Width,
    bits: Cell<u64>,
}

impl Atomic {
    pub(super) fn new(width: Width, bits: u64) -> Self {
        let point = shuttle::sync::atomic::AtomicBool::new(false);
        Self { point, width, bits: Cell::new(bits) }
    }

    fn schedule(&self) -> u64 {
        self.point.load(Ordering::SeqCst);
        self.bits.get()
    }
}

impl BackendAtomic for Atomic {
    fn load(&self, _: Ordering) -> u64 {
        self.schedule()
    }

    fn store(&self, bits: u64, _: Ordering) {
        self.schedule();
        self.bits.set(bits);
    }

    fn swap(&self, bits: u64, _: Ordering) -> u64 {
        let before = self.schedule();
        self.bits.set(bits);
        before
    }

    fn compare_exchange(&self, exchange: Exchange) -> Result<u64, u64> {
        let before = self.schedule();
        if before != exchange.current || (exchange.weak && choose(SPURIOUS_FAILURE) == 0) {
            return Err(before);
        }
        self.bits.set(exchange.new);
        Ok(before)
    }

    fn fetch(&self, fetch: Fetch, operand: u64, _: Ordering) -> u64 {
        let before = self.schedule();
        self.bits.set(self.width.apply(fetch, before, operand));
        before
    }
}

/// Nothing checks it for data races.
pub(super) struct Untracked;

impl BackendCell for Untracked {
    fn begin(&self, _: bool) -> Option<Box<dyn Any>> {
        None
    }
}
