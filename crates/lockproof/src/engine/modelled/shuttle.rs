//! shuttle: a random search, sequentially consistent.
//!
//! Limits that shape this file: every ordering is `SeqCst`, nothing checks cells for data races,
//! and its condition variables never wake up by themselves (the facade builds its own).

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use shuttle::rand::{Rng, thread_rng};
use shuttle::scheduler::{PctScheduler, RandomScheduler, Schedule, Scheduler, Task, TaskId};

use super::controlled::Search;
use super::latch::Latch;
use crate::engine::{BlindSpot, Ending, Engine, Settings, Strategy};
use crate::face::{
    AtomicPeer, BatonPeer, Birth, Body, BuiltCondvar, BuiltToken, CellPeer, Complaint, CondvarPeer,
    Exchange, Fetch, MutexPeer, NewThread, Run, RwLockPeer, ThreadPeer, Waits, Width, execute,
};

pub(super) struct Shuttle;

impl Search for Shuttle {
    const ENGINE: Engine = Engine::Shuttle;

    fn strategy(settings: &Settings) -> Strategy {
        settings.sampling
    }

    fn search(run: &Arc<Run>) -> Ending {
        let samples = usize::try_from(run.settings.samples).unwrap_or(usize::MAX);
        let seed = run.settings.seed;
        match run.settings.sampling {
            Strategy::Random => sample(run, RandomScheduler::new_from_seed(seed, samples)),
            Strategy::Pct { depth } => {
                sample(run, PctScheduler::new_from_seed(seed, depth, samples))
            }
            other => Ending::Unsupported {
                reason: format!("shuttle has no strategy {other}: choose random or PCT"),
            },
        }
    }
}

/// shuttle installs its panic hook when it first runs.
pub(super) fn install_hook() {
    let scheduler = RandomScheduler::new_from_seed(0, 1);
    shuttle::Runner::new(scheduler, shuttle::Config::new()).run(|| ());
}

fn sample(run: &Arc<Run>, scheduler: impl Scheduler + 'static) -> Ending {
    let mut config = shuttle::Config::new();
    config.stack_size = STACK_SIZE;
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.max_steps = shuttle::MaxSteps::FailAfter(run.settings.steps);
    config.silence_warnings = true;
    let budgeted = Budgeted { scheduler: ManuallyDrop::new(scheduler), run: Arc::clone(run) };
    let of_model = Arc::clone(run);
    shuttle::Runner::new(budgeted, config).run(move || execute(&of_model, Box::new(ShuttleBody)));
    match run.budget_used_up() {
        Some(budget) if run.counts().executions < run.settings.samples => {
            Ending::OutOfBudget { budget }
        }
        _ => Ending::Complete,
    }
}

/// A scheduler that begins no execution beyond the run's budget, and prints nothing.
struct Budgeted<S> {
    /// Never dropped: shuttle's schedulers print a seed of theirs when they are dropped by a panic.
    scheduler: ManuallyDrop<S>,
    run: Arc<Run>,
}

impl<S: Scheduler> Scheduler for Budgeted<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        if self.run.budget_used_up().is_some() {
            return None;
        }
        self.scheduler.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.scheduler.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.scheduler.next_u64()
    }
}

/// The stack of every thread: enough for a debug build's formatting.
const STACK_SIZE: usize = 256 * 1024;

/// One weak compare-exchange in so many fails although it could succeed.
const SPURIOUS_FAILURE: usize = 8;

struct ShuttleBody;

impl Body for ShuttleBody {
    fn mutex(&self, _: Birth) -> Box<dyn MutexPeer> {
        Box::new(Mutex(Latch::new(shuttle::sync::Mutex::new(()))))
    }

    fn rwlock(&self, _: Birth) -> Box<dyn RwLockPeer> {
        Box::new(RwLock(Latch::new(shuttle::sync::RwLock::new(()))))
    }

    fn condvar(&self, _: Birth) -> Box<dyn CondvarPeer> {
        Box::new(BuiltCondvar::new(Batons, self.atomic(Width::U8, 0, Birth::Made)))
    }

    fn baton(&self) -> Box<dyn BatonPeer> {
        Batons.baton()
    }

    fn atomic(&self, width: Width, bits: u64, _: Birth) -> Box<dyn AtomicPeer> {
        let point = shuttle::sync::atomic::AtomicBool::new(false);
        Box::new(Atomic { point, width, bits: Cell::new(bits) })
    }

    fn cell(&self) -> Box<dyn CellPeer> {
        Box::new(Untracked)
    }

    fn fence(&self, order: Ordering) {
        shuttle::sync::atomic::fence(order);
    }

    fn main(&self) -> Box<dyn ThreadPeer> {
        let token = BuiltToken::new(Batons, self.atomic(Width::U8, 0, Birth::Made));
        Box::new(Thread { handle: RefCell::new(None), token })
    }

    fn spawn(&self, thread: NewThread) -> Box<dyn ThreadPeer> {
        let mut builder = shuttle::thread::Builder::new();
        if let Some(name) = thread.name {
            builder = builder.name(name);
        }
        let handle = builder.spawn(thread.body).expect("shuttle makes a thread or panics");
        let token = BuiltToken::new(Batons, self.atomic(Width::U8, 0, Birth::Made));
        Box::new(Thread { handle: RefCell::new(Some(handle)), token })
    }

    fn yield_now(&self) {
        shuttle::thread::yield_now();
    }

    fn thread_limit(&self) -> Option<usize> {
        None
    }

    fn choose(&self, options: usize) -> Option<usize> {
        Some(choose(options))
    }

    fn blind_spots(&self) -> &'static [BlindSpot] {
        &[BlindSpot::DataRace, BlindSpot::WeakMemory, BlindSpot::Unwinding]
    }

    fn complaint(&self, message: &str) -> Complaint {
        if message.starts_with("deadlock!") {
            Complaint::Stuck
        } else if message.starts_with("exceeded max_steps") {
            Complaint::TooManySteps
        } else {
            Complaint::Other
        }
    }
}

fn choose(options: usize) -> usize {
    thread_rng().gen_range(0..options)
}

struct Mutex(Latch<shuttle::sync::Mutex<()>, shuttle::sync::MutexGuard<'static, ()>>);

impl MutexPeer for Mutex {
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

struct RwLock(Latch<shuttle::sync::RwLock<()>, RwLockGuard>);

/// Held for its drop.
#[expect(dead_code, reason = "a guard is never looked at, only dropped")]
enum RwLockGuard {
    Read(shuttle::sync::RwLockReadGuard<'static, ()>),
    Write(shuttle::sync::RwLockWriteGuard<'static, ()>),
}

/// The number of the one guard that is no reading thread's.
const WRITER: usize = usize::MAX;

impl RwLockPeer for RwLock {
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
struct Batons;

impl Waits for Batons {
    fn baton(&self) -> Box<dyn BatonPeer> {
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

impl BatonPeer for Baton {
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
struct Atomic {
    point: shuttle::sync::atomic::AtomicBool,
    width: Width,
    bits: Cell<u64>,
}

impl Atomic {
    fn schedule(&self) -> u64 {
        self.point.load(Ordering::SeqCst);
        self.bits.get()
    }
}

impl AtomicPeer for Atomic {
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

struct Untracked;

impl CellPeer for Untracked {
    fn read(&self) -> Box<dyn Any> {
        Box::new(())
    }

    fn write(&self) -> Box<dyn Any> {
        Box::new(())
    }
}

struct Thread {
    handle: RefCell<Option<shuttle::thread::JoinHandle<()>>>,
    token: BuiltToken<Batons>,
}

impl ThreadPeer for Thread {
    fn join(&self) {
        let handle = self.handle.take();
        if let Some(handle) = handle {
            // The closure catches the panics of the model: there is no other result.
            let _ = handle.join();
        }
    }

    fn park(&self, timed: bool) -> bool {
        self.token.park(timed)
    }

    fn unpark(&self) {
        self.token.unpark();
    }

    fn has_token(&self) -> bool {
        self.token.is_available()
    }
}
