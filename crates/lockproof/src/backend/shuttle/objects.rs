//! shuttle's objects as the facade's primitives need them.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;

use shuttle::rand::{Rng, thread_rng};

use crate::backend::built::WaitSource;
use crate::backend::latch::{Latch, LatchedGuard, WRITER};
use crate::execution::backend::{
    BackendAtomic, BackendCell, BackendMutex, BackendRwLock, CallSite, Exchange, Fetch, OneShot,
    Width,
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
    fn lock(&self, _: CallSite) {
        self.0.acquire(0, |lock| lock.lock().ok());
    }

    fn try_lock(&self, _: CallSite) -> bool {
        self.0.acquire(0, |lock| lock.try_lock().ok())
    }

    fn unlock(&self, _: CallSite) {
        self.0.release(0);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

type ShuttleRwLockGuard = LatchedGuard<
    shuttle::sync::RwLockReadGuard<'static, ()>,
    shuttle::sync::RwLockWriteGuard<'static, ()>,
>;

pub(super) struct RwLock(Latch<shuttle::sync::RwLock<()>, ShuttleRwLockGuard>);

impl RwLock {
    pub(super) fn new() -> Self {
        Self(Latch::new(shuttle::sync::RwLock::new(())))
    }
}

impl BackendRwLock for RwLock {
    fn read(&self, thread: usize, _: CallSite) {
        self.0.acquire(thread, |lock| lock.read().ok().map(LatchedGuard::Read));
    }

    fn try_read(&self, thread: usize, _: CallSite) -> bool {
        self.0.acquire(thread, |lock| lock.try_read().ok().map(LatchedGuard::Read))
    }

    fn unlock_read(&self, thread: usize, _: CallSite) {
        self.0.release(thread);
    }

    fn write(&self, _: CallSite) {
        self.0.acquire(WRITER, |lock| lock.write().ok().map(LatchedGuard::Write));
    }

    fn try_write(&self, _: CallSite) -> bool {
        self.0.acquire(WRITER, |lock| lock.try_write().ok().map(LatchedGuard::Write))
    }

    fn unlock_write(&self, _: CallSite) {
        self.0.release(WRITER);
    }
}

/// One-shot events, for the facade to build on.
pub(super) struct ShuttleWaits;

impl WaitSource for ShuttleWaits {
    fn one_shot(&self) -> Box<dyn OneShot> {
        Box::new(ParkedUntilSignal { waiter: RefCell::new(None), signalled: Cell::new(false) })
    }

    fn choose(&self, options: usize) -> Option<usize> {
        Some(choose(options))
    }
}

/// Waits by shuttle's own parking, whose spurious wake-ups are waited out.
struct ParkedUntilSignal {
    waiter: RefCell<Option<shuttle::thread::Thread>>,
    signalled: Cell<bool>,
}

impl OneShot for ParkedUntilSignal {
    fn wait(&self, _: CallSite) {
        self.waiter.replace(Some(shuttle::thread::current()));
        while !self.signalled.get() {
            shuttle::thread::park();
        }
    }

    fn signal(&self, _: CallSite) {
        self.signalled.set(true);
        let waiter = self.waiter.take();
        if let Some(waiter) = waiter {
            waiter.unpark();
        }
    }
}

/// A value, and a scheduling point before each operation on it.
pub(super) struct PointAtomic {
    point: shuttle::sync::atomic::AtomicBool,
    width: Width,
    bits: Cell<u64>,
}

impl PointAtomic {
    pub(super) fn new(width: Width, bits: u64) -> Self {
        let point = shuttle::sync::atomic::AtomicBool::new(false);
        Self { point, width, bits: Cell::new(bits) }
    }

    fn schedule(&self) -> u64 {
        self.point.load(Ordering::SeqCst);
        self.bits.get()
    }
}

impl BackendAtomic for PointAtomic {
    fn load(&self, _: Ordering, _: CallSite) -> u64 {
        self.schedule()
    }

    fn store(&self, bits: u64, _: Ordering, _: CallSite) {
        self.schedule();
        self.bits.set(bits);
    }

    fn swap(&self, bits: u64, _: Ordering, _: CallSite) -> u64 {
        let before = self.schedule();
        self.bits.set(bits);
        before
    }

    fn compare_exchange(&self, exchange: Exchange, _: CallSite) -> Result<u64, u64> {
        let before = self.schedule();
        if before != exchange.current || (exchange.weak && choose(SPURIOUS_FAILURE) == 0) {
            return Err(before);
        }
        self.bits.set(exchange.new);
        Ok(before)
    }

    fn fetch(&self, fetch: Fetch, operand: u64, _: Ordering, _: CallSite) -> u64 {
        let before = self.schedule();
        self.bits.set(self.width.apply(fetch, before, operand));
        before
    }
}

/// Nothing checks it for data races.
pub(super) struct UncheckedCell;

impl BackendCell for UncheckedCell {
    fn begin(&self, _: bool, _: usize, _: CallSite) {}

    fn end(&self, _: bool, _: usize, _: CallSite) {}
}
