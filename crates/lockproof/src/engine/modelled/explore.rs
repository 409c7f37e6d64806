//! The exploring engine: every interleaving once, under sequential consistency.
//!
//! It says by itself that no thread can go on, checks cells for data races by the orderings that
//! are written, and takes its threads down after a failure, so nothing here is left standing.

use std::any::Any;
use std::cell::{Cell as Flag, OnceCell};
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use lockproof_explore as explore;
use lockproof_explore::here;

use super::controlled::Search;
use crate::engine::{Assumption, BlindSpot, Ending, Engine, Settings, Strategy};
use crate::face::{
    AtomicPeer, BatonPeer, Birth, Body, CellPeer, Complaint, CondvarPeer, Exchange, Execution,
    Fetch, MutexPeer, NewThread, Run, RwLockPeer, Stopped, ThreadPeer, Width, execute,
    leave_standing,
};
use crate::trace::WakeUp;

pub(super) struct Explore;

impl Search for Explore {
    const ENGINE: Engine = Engine::Explore;

    fn strategy(settings: &Settings) -> Strategy {
        settings.exploring
    }

    fn search(run: &Arc<Run>) -> Ending {
        let settings = &run.settings;
        let exhaustive = settings.exploring == Strategy::Exhaustive;
        let options = explore::Options {
            executions: settings.executions.filter(|_| exhaustive),
            time: Some(settings.time),
            steps: settings.steps,
            stack_size: STACK_SIZE,
            ..explore::Options::default()
        };
        let Some(mut strategy) = strategy_of(settings) else {
            let reason = format!("the exploring engine has no strategy {}", settings.exploring);
            return Ending::Unsupported { reason };
        };
        let of_model = Arc::clone(run);
        let model = move || execute(&of_model, Box::new(ExploreBody));
        let mut watch = Watch { run };
        let outcome = explore::explore(&options, strategy.as_mut(), &mut watch, model);
        note_facts(run, &outcome.facts);
        match outcome.ending {
            explore::Ending::OutOfExecutions => Ending::OutOfBudget {
                budget: format!("executions: {}", settings.executions.unwrap_or(u64::MAX)),
            },
            explore::Ending::OutOfTime => {
                Ending::OutOfBudget { budget: format!("time: {:?}", settings.time) }
            }
            _ => Ending::Complete,
        }
    }
}

fn strategy_of(settings: &Settings) -> Option<Box<dyn explore::Strategy>> {
    let (seed, samples) = (settings.seed, settings.samples);
    Some(match (settings.exploring, settings.preemptions) {
        (Strategy::Exhaustive, None) => Box::new(explore::Exhaustive::new()),
        (Strategy::Exhaustive, Some(most)) => {
            Box::new(explore::Bounded::new(u32::try_from(most).unwrap_or(u32::MAX)))
        }
        (Strategy::Random, _) => Box::new(explore::Random::new(seed, samples)),
        (Strategy::Pct { depth }, _) => Box::new(explore::Pct::new(seed, samples, depth)),
        (Strategy::Pos, _) => Box::new(explore::Pos::new(seed, samples)),
        (Strategy::Surw, _) => Box::new(explore::Surw::new(seed, samples)),
        (Strategy::Stress, _) => return None,
    })
}

/// The stack of every thread; a page of it is touched only when it is used.
const STACK_SIZE: usize = 256 * 1024;

/// Keeps what the engine took for granted, and what it did not cover.
fn note_facts(run: &Run, facts: &explore::Facts) {
    let mut counts = run.counts();
    let met = &facts.met;
    let assumptions = [
        (met.spurious_wake_ups, Assumption::SpuriousWakeUps),
        (met.time_outs, Assumption::TimeOuts),
        (met.weak_failures, Assumption::WeakFailures),
        (met.idle_spins, Assumption::IdleSpins),
    ];
    let made = assumptions.into_iter().filter(|(made, _)| *made);
    counts.assumptions.extend(made.map(|(_, assumption)| assumption));
    if met.late {
        counts.blind_spots.insert(BlindSpot::LateTimeOut);
    }
}

/// Reports failures while the threads still stand where they failed.
struct Watch<'a> {
    run: &'a Arc<Run>,
}

impl explore::Observer for Watch<'_> {
    fn execution_failed(&mut self, defect: &explore::Defect) {
        if let Some(execution) = Execution::current() {
            self.run.end(ending_of(&execution, defect));
        }
    }

    fn execution_ended(&mut self, _: &explore::Execution<'_>) -> ControlFlow<()> {
        if let Some(execution) = Execution::current() {
            execution.end();
        }
        ControlFlow::Continue(())
    }
}

fn ending_of(execution: &Execution, defect: &explore::Defect) -> Ending {
    use explore::Defect as Found;
    match defect {
        Found::Deadlock { .. } | Found::LostWakeUp { .. } | Found::LeftParked { .. } => {
            execution.ending_of(Complaint::Stuck, "")
        }
        Found::DataRace(race) => execution.failure_of_race(race.cell as usize, race.first.writes),
        Found::Livelock { .. } => execution.failure_of_spinning(),
        Found::TooLong { .. } => execution.ending_of(Complaint::TooManySteps, ""),
        Found::Nondeterministic(divergence) => {
            execution.ending_of(Complaint::Nondeterminism, &divergence.to_string())
        }
        other => execution.ending_of(Complaint::Other, &other.to_string()),
    }
}

struct ExploreBody;

impl Body for ExploreBody {
    fn mutex(&self, birth: Birth) -> Box<dyn MutexPeer> {
        Box::new(Mutex(Handle::new(birth, explore::Mutex::new)))
    }

    fn rwlock(&self, birth: Birth) -> Box<dyn RwLockPeer> {
        Box::new(RwLock(Handle::new(birth, explore::RwLock::new)))
    }

    fn condvar(&self, birth: Birth) -> Box<dyn CondvarPeer> {
        Box::new(Condvar(Handle::new(birth, explore::Condvar::new)))
    }

    fn baton(&self) -> Box<dyn BatonPeer> {
        Box::new(Baton::new())
    }

    fn atomic(&self, width: Width, bits: u64, birth: Birth) -> Box<dyn AtomicPeer> {
        let handle = Handle::new(birth, || explore::Atomic::new(bits));
        Box::new(Atomic { handle, width, initial: bits })
    }

    fn cell(&self) -> Box<dyn CellPeer> {
        Box::new(Cell(explore::Cell::new()))
    }

    fn fence(&self, order: Ordering) {
        explore::fence(order);
    }

    fn main(&self) -> Box<dyn ThreadPeer> {
        Box::new(Thread(explore::current_thread()))
    }

    fn spawn(&self, thread: NewThread) -> Box<dyn ThreadPeer> {
        Box::new(Thread(explore::spawn(thread.name, thread.body, place())))
    }

    fn yield_now(&self) {
        explore::spin(place());
    }

    fn thread_limit(&self) -> Option<usize> {
        None
    }

    fn choose(&self, options: usize) -> Option<usize> {
        let options = u16::try_from(options).expect("a choice among fewer than 65,536");
        Some(usize::from(explore::choose(options, place())))
    }

    fn finds_stuck_threads(&self) -> bool {
        true
    }

    fn is_tearing_down(&self) -> bool {
        explore::is_tearing_down()
    }

    /// The engine takes the threads down: `main` by its panic, another thread where it waits for
    /// what will not come.
    fn leave(&self) -> ! {
        if std::thread::panicking() {
            leave_standing();
        }
        if explore::current_thread() == explore::ThreadId::MAIN {
            resume_unwind(Box::new(Stopped));
        }
        let never = explore::Mutex::new();
        loop {
            never.lock(here());
        }
    }

    fn blind_spots(&self) -> &'static [BlindSpot] {
        &[BlindSpot::WeakMemory, BlindSpot::Unwinding]
    }

    /// The engine does not speak by panics.
    fn complaint(&self, _: &str) -> Complaint {
        Complaint::Other
    }
}

/// Where the current thread is in the code under test.
fn place() -> explore::Place {
    Execution::current().map_or_else(here, |execution| execution.place())
}

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

struct Mutex(Handle<explore::Mutex>);

impl Mutex {
    fn handle(&self) -> explore::Mutex {
        self.0.get(explore::Mutex::at_first_use)
    }
}

impl MutexPeer for Mutex {
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

struct RwLock(Handle<explore::RwLock>);

impl RwLock {
    fn handle(&self) -> explore::RwLock {
        self.0.get(explore::RwLock::at_first_use)
    }
}

impl RwLockPeer for RwLock {
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

struct Condvar(Handle<explore::Condvar>);

impl Condvar {
    fn handle(&self) -> explore::Condvar {
        self.0.get(explore::Condvar::at_first_use)
    }
}

impl CondvarPeer for Condvar {
    fn begin_wait(&self, mutex: &dyn MutexPeer, _: usize, _: bool) {
        let at = place();
        let mutex = mutex.as_any().downcast_ref::<Mutex>().expect("both are of this engine");
        self.handle().begin_wait(mutex.handle(), at);
    }

    fn end_wait(&self, _: usize, timed: bool) -> WakeUp {
        let at = place();
        match self.handle().end_wait(timed, at) {
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
struct Baton {
    mutex: Mutex,
    condvar: Condvar,
    signalled: Flag<bool>,
}

impl Baton {
    /// Its parts are made by their first use, which may be the waiter's or the signaller's.
    fn new() -> Self {
        Self {
            mutex: Mutex(Handle(OnceCell::new())),
            condvar: Condvar(Handle(OnceCell::new())),
            signalled: Flag::new(false),
        }
    }
}

impl BatonPeer for Baton {
    fn wait(&self) {
        let at = place();
        self.mutex.handle().lock(at);
        while !self.signalled.get() {
            self.condvar.handle().wait(self.mutex.handle(), at);
        }
        self.mutex.handle().unlock(at);
    }

    fn signal(&self) {
        let at = place();
        self.mutex.handle().lock(at);
        self.signalled.set(true);
        self.mutex.handle().unlock(at);
        self.condvar.handle().notify_one(at);
    }
}

struct Atomic {
    handle: Handle<explore::Atomic>,
    width: Width,
    initial: u64,
}

impl Atomic {
    fn handle(&self) -> explore::Atomic {
        self.handle.get(|| explore::Atomic::at_first_use(self.initial))
    }
}

impl AtomicPeer for Atomic {
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

struct Cell(explore::Cell);

impl CellPeer for Cell {
    fn read(&self) -> Box<dyn Any> {
        self.access(false)
    }

    fn write(&self) -> Box<dyn Any> {
        self.access(true)
    }
}

impl Cell {
    fn access(&self, writes: bool) -> Box<dyn Any> {
        let access = Access { cell: self.0, writes };
        access.announce();
        if self.0.has_raced() {
            // The engine ends the execution where it next decides: here, not further on.
            explore::spin(place());
        }
        Box::new(access)
    }
}

/// An access that lasts: announced again when it ends.
struct Access {
    cell: explore::Cell,
    writes: bool,
}

impl Access {
    fn announce(&self) {
        if self.writes {
            self.cell.write(place());
        } else {
            self.cell.read(place());
        }
    }
}

impl Drop for Access {
    fn drop(&mut self) {
        self.announce();
    }
}

struct Thread(explore::ThreadId);

impl ThreadPeer for Thread {
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
