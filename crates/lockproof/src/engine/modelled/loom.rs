//! loom: an exhaustive search under the C11 memory model.
//!
//! Limits that shape this file: five threads; a lock whose guard is dropped by a panic is broken
//! for good (so the facade never lets that happen); attempts on locks are explored wrongly (see
//! [`Attempts`]); objects must be made before they can be shared (see [`Supply`]); no choice of
//! any kind.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::controlled::Search;
use super::latch::Latch;
use crate::engine::{BlindSpot, Ending, Engine, Settings, Strategy};
use crate::face::{
    AtomicPeer, BatonPeer, Body, CellPeer, Complaint, Exchange, Fetch, MutexPeer, NewThread,
    OutOfBudget, Run, RwLockPeer, ThreadPeer, Width, execute,
};

pub(super) struct Loom;

impl Search for Loom {
    const ENGINE: Engine = Engine::Loom;

    fn strategy(_: &Settings) -> Strategy {
        Strategy::Exhaustive
    }

    fn search(run: &Arc<Run>) -> Ending {
        let mut builder = loom::model::Builder::new();
        // loom reads its environment in `new`: every field that matters is set here. Its own
        // limits on executions and time are only looked at between them and do not tell a
        // finished search from a cut one, so the run's budget is checked instead.
        builder.max_branches = run.settings.steps;
        builder.preemption_bound = run.settings.preemptions;
        builder.max_permutations = None;
        builder.max_duration = None;
        builder.checkpoint_file = None;
        builder.checkpoint_interval = usize::MAX;
        builder.location = false;
        builder.log = false;
        let run = Arc::clone(run);
        builder.check(move || {
            if let Some(budget) = run.budget_used_up() {
                resume_unwind(Box::new(OutOfBudget(budget)));
            }
            execute(&run, Box::new(LoomBody::new(&run)));
        });
        Ending::Complete
    }
}

/// The stack of a spawned thread: enough for a debug build's formatting. `main` gets loom's own.
const STACK_SIZE: usize = 128 * 1024;

struct LoomBody {
    run: Arc<Run>,
    atomics: Supply<loom::sync::atomic::AtomicU64>,
    cells: Supply<loom::cell::UnsafeCell<()>>,
}

impl LoomBody {
    /// Called by `main` before the model begins.
    fn new(run: &Arc<Run>) -> Self {
        Self {
            run: Arc::clone(run),
            atomics: Supply::new(run, || loom::sync::atomic::AtomicU64::new(0)),
            cells: Supply::new(run, || loom::cell::UnsafeCell::new(())),
        }
    }

    fn attempts(&self) -> Attempts {
        Attempts::new(&self.run, &self.atomics)
    }
}

/// Objects that were made before the model began.
///
/// To loom the making of an atomic or a cell is an access, which every other access must come
/// after. A peer is made when the facade first hears of its primitive, and that may be in any
/// thread; so it is not made then, but taken from here.
struct Supply<T> {
    run: Arc<Run>,
    left: RefCell<Vec<T>>,
}

impl<T> Supply<T> {
    fn new(run: &Arc<Run>, make: impl Fn() -> T) -> Self {
        let left = (0..run.supply()).map(|_| make()).collect();
        Self { run: Arc::clone(run), left: RefCell::new(left) }
    }

    fn take(&self) -> T {
        let taken = self.left.borrow_mut().pop();
        taken.unwrap_or_else(|| self.run.start_again_with_more())
    }
}

impl Body for LoomBody {
    fn mutex(&self) -> Box<dyn MutexPeer> {
        let latch = Latch::new(loom::sync::Mutex::new(()));
        Box::new(Mutex { latch, attempts: self.attempts() })
    }

    fn rwlock(&self) -> Box<dyn RwLockPeer> {
        let latch = Latch::new(loom::sync::RwLock::new(()));
        Box::new(RwLock { latch, attempts: self.attempts() })
    }

    fn baton(&self) -> Box<dyn BatonPeer> {
        let baton = Baton(Latch::new(loom::sync::Mutex::new(())));
        baton.0.acquire(0, |lock| lock.lock().ok());
        Box::new(baton)
    }

    fn atomic(&self, width: Width, bits: u64) -> Box<dyn AtomicPeer> {
        let tokens = self.atomics.take();
        Box::new(Atomic { tokens, width, values: RefCell::new(vec![bits]), latest: Cell::new(0) })
    }

    fn cell(&self) -> Box<dyn CellPeer> {
        Box::new(UnsafeCell(self.cells.take()))
    }

    fn fence(&self, order: Ordering) {
        loom::sync::atomic::fence(order);
    }

    fn spawn(&self, thread: NewThread) -> Box<dyn ThreadPeer> {
        let mut builder = loom::thread::Builder::new()
            .stack_size(thread.stack_size.map_or(STACK_SIZE, |size| size.max(STACK_SIZE)));
        if let Some(name) = thread.name {
            builder = builder.name(name);
        }
        let handle = builder.spawn(thread.body).expect("loom makes a thread or panics");
        Box::new(Thread(RefCell::new(Some(handle))))
    }

    fn yield_now(&self) {
        loom::thread::yield_now();
    }

    fn thread_limit(&self) -> Option<usize> {
        Some(loom::MAX_THREADS)
    }

    fn choose(&self, _: usize) -> Option<usize> {
        None
    }

    fn blind_spots(&self) -> &'static [BlindSpot] {
        &[
            BlindSpot::PlainAtomics,
            BlindSpot::SpuriousWakeUp,
            BlindSpot::WeakCompareExchange,
            BlindSpot::TryLock,
        ]
    }

    fn complaint(&self, message: &str) -> Complaint {
        if message.starts_with("deadlock;") {
            Complaint::Stuck
        } else if message.starts_with("Model exceeded maximum number of branches") {
            Complaint::TooManySteps
        } else if message.contains("Causality violation") {
            Complaint::DataRace
        } else {
            Complaint::Other
        }
    }
}

/// What a lock needs for those who try it, in a run of which some thread does.
///
/// loom has two faults here. It does not see the release of a lock as an event, so it would never
/// explore an attempt between a lock and its release: each of the three touches `point`. And it
/// blocks a thread that is about to try when another one acquires the lock, and leaves it blocked
/// until the release, which never comes if the holder waits for it: the acquirer wakes it.
struct Attempts {
    run: Arc<Run>,
    point: Option<loom::sync::atomic::AtomicU64>,
    trying: RefCell<Vec<loom::thread::Thread>>,
}

impl Attempts {
    fn new(run: &Arc<Run>, supply: &Supply<loom::sync::atomic::AtomicU64>) -> Self {
        let point = run.has_attempts().then(|| supply.take());
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
            self.run.start_again_with_attempts();
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

struct Mutex {
    latch: Latch<loom::sync::Mutex<()>, loom::sync::MutexGuard<'static, ()>>,
    attempts: Attempts,
}

impl MutexPeer for Mutex {
    fn lock(&self) {
        self.latch.acquire(0, |lock| lock.lock().ok());
        self.attempts.acquired();
    }

    fn try_lock(&self) -> bool {
        self.attempts.attempt(|| self.latch.acquire(0, |lock| lock.try_lock().ok()))
    }

    fn unlock(&self) {
        self.attempts.releasing();
        self.latch.release(0);
    }
}

struct RwLock {
    latch: Latch<loom::sync::RwLock<()>, RwLockGuard>,
    attempts: Attempts,
}

/// Held for its drop.
#[expect(dead_code, reason = "a guard is never looked at, only dropped")]
enum RwLockGuard {
    Read(loom::sync::RwLockReadGuard<'static, ()>),
    Write(loom::sync::RwLockWriteGuard<'static, ()>),
}

/// The number of the one guard that is no reading thread's.
const WRITER: usize = usize::MAX;

impl RwLockPeer for RwLock {
    fn read(&self, thread: usize) {
        self.latch.acquire(thread, |lock| lock.read().ok().map(RwLockGuard::Read));
        self.attempts.acquired();
    }

    fn try_read(&self, thread: usize) -> bool {
        let take =
            || self.latch.acquire(thread, |lock| lock.try_read().ok().map(RwLockGuard::Read));
        self.attempts.attempt(take)
    }

    fn unlock_read(&self, thread: usize) {
        self.attempts.releasing();
        self.latch.release(thread);
    }

    fn write(&self) {
        self.latch.acquire(WRITER, |lock| lock.write().ok().map(RwLockGuard::Write));
        self.attempts.acquired();
    }

    fn try_write(&self) -> bool {
        let take =
            || self.latch.acquire(WRITER, |lock| lock.try_write().ok().map(RwLockGuard::Write));
        self.attempts.attempt(take)
    }

    fn unlock_write(&self) {
        self.attempts.releasing();
        self.latch.release(WRITER);
    }
}

/// A mutex that is locked until the signal: loom's own `Notify` would wake up spuriously, in more
/// executions than one can afford.
struct Baton(Latch<loom::sync::Mutex<()>, loom::sync::MutexGuard<'static, ()>>);

impl BatonPeer for Baton {
    fn wait(&self) {
        self.0.acquire(1, |lock| lock.lock().ok());
        self.0.release(1);
    }

    fn signal(&self) {
        self.0.release(0);
    }
}

struct UnsafeCell(loom::cell::UnsafeCell<()>);

impl CellPeer for UnsafeCell {
    fn read(&self) -> Box<dyn Any> {
        Box::new(self.0.get())
    }

    fn write(&self) -> Box<dyn Any> {
        Box::new(self.0.get_mut())
    }
}

struct Thread(RefCell<Option<loom::thread::JoinHandle<()>>>);

impl ThreadPeer for Thread {
    fn join(&self) {
        if let Some(handle) = self.0.take() {
            // The closure catches the panics of the model: there is no other result.
            let _ = handle.join();
        }
    }
}

/// An atomic whose loom side holds tokens: token `n` stands for the `n`th value stored, 0 for the
/// first. So loom decides *which store* a load sees, and values of every width look alike to it.
struct Atomic {
    tokens: loom::sync::atomic::AtomicU64,
    width: Width,
    values: RefCell<Vec<u64>>,
    /// The token stored last, which is what a read-modify-write finds.
    latest: Cell<u64>,
}

/// Stands for no value: an exchange that expects it fails.
const NO_TOKEN: u64 = u64::MAX;

impl Atomic {
    /// A token for a value that is about to be stored.
    fn token(&self, bits: u64) -> u64 {
        let mut values = self.values.borrow_mut();
        values.push(bits);
        values.len() as u64 - 1
    }

    fn value(&self, token: u64) -> u64 {
        self.values.borrow()[usize::try_from(token).expect("a token is an index")]
    }

    /// Stores what `change` makes of the latest value, as one event.
    fn modify(&self, order: Ordering, change: impl FnOnce(u64) -> u64) -> u64 {
        let token = self.token(0);
        let before = self.value(self.tokens.swap(token, order));
        // No other thread has run since the swap took effect.
        self.latest.set(token);
        self.values.borrow_mut()[usize::try_from(token).expect("a token is an index")] =
            change(before);
        before
    }
}

impl AtomicPeer for Atomic {
    fn load(&self, order: Ordering) -> u64 {
        self.value(self.tokens.load(order))
    }

    fn store(&self, bits: u64, order: Ordering) {
        let token = self.token(bits);
        self.tokens.store(token, order);
        self.latest.set(token);
    }

    fn swap(&self, bits: u64, order: Ordering) -> u64 {
        self.modify(order, |_| bits)
    }

    fn compare_exchange(&self, exchange: Exchange) -> Result<u64, u64> {
        let Exchange { current, new, success, failure, weak: _ } = exchange;
        let token = self.token(new);
        loop {
            let latest = self.latest.get();
            let expected = if self.value(latest) == current { latest } else { NO_TOKEN };
            match self.tokens.compare_exchange(expected, token, success, failure) {
                Ok(before) => {
                    self.latest.set(token);
                    return Ok(self.value(before));
                }
                Err(found) if self.value(found) != current => return Err(self.value(found)),
                // Another thread has stored an equal value meanwhile: expect that one.
                Err(_) => {}
            }
        }
    }

    fn fetch(&self, fetch: Fetch, operand: u64, order: Ordering) -> u64 {
        self.modify(order, |before| self.width.apply(fetch, before, operand))
    }
}
