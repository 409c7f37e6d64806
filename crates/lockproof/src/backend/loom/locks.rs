//! Locks and one-shot events on loom's own mutexes, and what it takes to make loom see attempts.

use std::any::Any;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::backend::built::WaitSource;
use crate::backend::latch::{Latch, LatchedGuard, WRITER};
use crate::backend::loom::pool::ObjectPool;
use crate::execution::backend::{BackendMutex, BackendRwLock, CallSite, OneShot};
use crate::execution::restart::Need;
use crate::execution::run::Run;

/// What a lock needs for those who try it, in a run of which some thread does.
///
/// loom has two faults here. It does not see the release of a lock as an event, so it would never
/// explore an attempt between a lock and its release: each of the three touches `point`. And it
/// blocks a thread that is about to try when another one acquires the lock, and leaves it blocked
/// until the release, which never comes if the holder waits for it: the acquirer wakes it.
pub(super) struct Attempts {
    run: Arc<Run>,
    point: Option<loom::sync::atomic::AtomicU64>,
    trying: RefCell<Vec<loom::thread::Thread>>,
}

impl Attempts {
    pub(super) fn new(run: &Arc<Run>, pool: &ObjectPool<loom::sync::atomic::AtomicU64>) -> Self {
        let point = run.restart.needs(Need::Attempts).then(|| pool.take());
        Self { run: Arc::clone(run), point, trying: RefCell::default() }
    }

    fn touch(&self) {
        if let Some(point) = &self.point {
            // ORDERING: Relaxed: the point orders events in loom's eyes, but no memory.
            point.fetch_add(0, Ordering::Relaxed);
        }
    }

    /// Runs `attempt`, during which the current thread is among those who try.
    fn attempt(&self, attempt: impl FnOnce() -> bool) -> bool {
        if self.point.is_none() {
            self.run.restart_with(Need::Attempts);
        }
        self.touch();
        let me = loom::thread::current();
        self.trying.borrow_mut().push(me.clone());
        let acquired = attempt();
        self.trying.borrow_mut().retain(|thread| thread.id() != me.id());
        if acquired {
            self.acquired();
        }
        acquired
    }

    /// Lets those who try see that the lock is taken.
    fn acquired(&self) {
        for thread in self.trying.borrow().iter() {
            thread.unpark();
        }
        self.touch();
    }

    /// To be called just before the release.
    fn releasing(&self) {
        self.touch();
    }
}

pub(super) struct Mutex {
    latch: Latch<loom::sync::Mutex<()>, loom::sync::MutexGuard<'static, ()>>,
    attempts: Attempts,
}

impl Mutex {
    pub(super) fn new(attempts: Attempts) -> Self {
        Self { latch: Latch::new(loom::sync::Mutex::new(())), attempts }
    }
}

impl BackendMutex for Mutex {
    fn lock(&self, _: CallSite) {
        self.latch.acquire(0, |lock| lock.lock().ok());
        self.attempts.acquired();
    }

    fn try_lock(&self, _: CallSite) -> bool {
        self.attempts.attempt(|| self.latch.acquire(0, |lock| lock.try_lock().ok()))
    }

    fn unlock(&self, _: CallSite) {
        self.attempts.releasing();
        self.latch.release(0);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

type LoomRwLockGuard = LatchedGuard<
    loom::sync::RwLockReadGuard<'static, ()>,
    loom::sync::RwLockWriteGuard<'static, ()>,
>;

pub(super) struct RwLock {
    latch: Latch<loom::sync::RwLock<()>, LoomRwLockGuard>,
    attempts: Attempts,
}

impl RwLock {
    pub(super) fn new(attempts: Attempts) -> Self {
        Self { latch: Latch::new(loom::sync::RwLock::new(())), attempts }
    }
}

impl BackendRwLock for RwLock {
    fn read(&self, thread: usize, _: CallSite) {
        self.latch.acquire(thread, |lock| lock.read().ok().map(LatchedGuard::Read));
        self.attempts.acquired();
    }

    fn try_read(&self, thread: usize, _: CallSite) -> bool {
        let take =
            || self.latch.acquire(thread, |lock| lock.try_read().ok().map(LatchedGuard::Read));
        self.attempts.attempt(take)
    }

    fn unlock_read(&self, thread: usize, _: CallSite) {
        self.attempts.releasing();
        self.latch.release(thread);
    }

    fn write(&self, _: CallSite) {
        self.latch.acquire(WRITER, |lock| lock.write().ok().map(LatchedGuard::Write));
        self.attempts.acquired();
    }

    fn try_write(&self, _: CallSite) -> bool {
        let take =
            || self.latch.acquire(WRITER, |lock| lock.try_write().ok().map(LatchedGuard::Write));
        self.attempts.attempt(take)
    }

    fn unlock_write(&self, _: CallSite) {
        self.attempts.releasing();
        self.latch.release(WRITER);
    }
}

/// One-shot events, for the facade to build on.
pub(super) struct LoomWaits;

impl WaitSource for LoomWaits {
    fn one_shot(&self) -> Box<dyn OneShot> {
        let latch = Latch::new(loom::sync::Mutex::new(()));
        latch.acquire(0, |lock| lock.lock().ok());
        Box::new(LockedUntilSignal(latch))
    }

    fn choose(&self, _: usize) -> Option<usize> {
        None
    }
}

/// A mutex that is locked until the signal: loom's own `Notify` would wake up spuriously, in more
/// executions than one can afford.
struct LockedUntilSignal(Latch<loom::sync::Mutex<()>, loom::sync::MutexGuard<'static, ()>>);

impl OneShot for LockedUntilSignal {
    fn wait(&self, _: CallSite) {
        self.0.acquire(1, |lock| lock.lock().ok());
        self.0.release(1);
    }

    fn signal(&self, _: CallSite) {
        self.0.release(0);
    }
}
