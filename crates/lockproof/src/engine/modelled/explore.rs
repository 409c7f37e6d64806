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
};
use crate::trace::WakeUp;

pub(super) struct Explore;

impl Search for Explore {
    const ENGINE: Engine = Engine::Explore;

    fn strategy(_: &Settings) -> Strategy {
        Strategy::Exhaustive
    }

    fn search(run: &Arc<Run>) -> Ending {
        let options = explore::Options {
            executions: run.settings.executions,
            time: Some(run.settings.time),
            steps: run.settings.steps,
            stack_size: STACK_SIZE,
            ..explore::Options::default()
        };
        let of_model = Arc::clone(run);
        let model = move || execute(&of_model, Box::new(ExploreBody));
        let mut watch = Watch { run };
        let mut strategy = explore::Exhaustive::new();
        let outcome = explore::explore(&options, &mut strategy, &mut watch, model);
        note_facts(run, &outcome.facts);
        match outcome.ending {
            explore::Ending::OutOfExecutions => Ending::OutOfBudget {
                budget: format!("executions: {}", options.executions.unwrap_or(u64::MAX)),
            },
            explore::Ending::OutOfTime => {
                Ending::OutOfBudget { budget: format!("time: {:?}", run.settings.time) }
            }
            _ => Ending::Complete,
        }
    }
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
        Box::new(Mutex(match birth {
            Birth::Made => explore::Mutex::new(),
            Birth::FirstUse => explore::Mutex::at_first_use(),
        }))
    }

    fn rwlock(&self, birth: Birth) -> Box<dyn RwLockPeer> {
        Box::new(RwLock(match birth {
            Birth::Made => explore::RwLock::new(),
            Birth::FirstUse => explore::RwLock::at_first_use(),
        }))
    }

    fn condvar(&self, birth: Birth) -> Box<dyn CondvarPeer> {
        Box::new(Condvar(match birth {
            Birth::Made => explore::Condvar::new(),
            Birth::FirstUse => explore::Condvar::at_first_use(),
        }))
    }

    fn baton(&self) -> Box<dyn BatonPeer> {
        Box::new(Baton::default())
    }

    fn atomic(&self, width: Width, bits: u64, birth: Birth) -> Box<dyn AtomicPeer> {
        let atomic = match birth {
            Birth::Made => explore::Atomic::new(bits),
            Birth::FirstUse => explore::Atomic::at_first_use(bits),
        };
        Box::new(Atomic { atomic, width })
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
        Box::new(Thread(explore::spawn(thread.name, thread.body, here())))
    }

    fn yield_now(&self) {
        explore::spin(here());
    }

    fn thread_limit(&self) -> Option<usize> {
        None
    }

    fn choose(&self, options: usize) -> Option<usize> {
        let options = u16::try_from(options).expect("a choice among fewer than 65,536");
        Some(usize::from(explore::choose(options, here())))
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
        if explore::current_thread() == explore::ThreadId::MAIN {
            resume_unwind(Box::new(Stopped));
        }
        let never = explore::Mutex::new();
        loop {
            never.lock(here());
        }
    }

    fn blind_spots(&self) -> &'static [BlindSpot] {
        &[BlindSpot::WeakMemory]
    }

    /// The engine does not speak by panics.
    fn complaint(&self, _: &str) -> Complaint {
        Complaint::Other
    }
}

struct Mutex(explore::Mutex);

impl MutexPeer for Mutex {
    fn lock(&self) {
        self.0.lock(here());
    }

    fn try_lock(&self) -> bool {
        self.0.try_lock(here())
    }

    fn unlock(&self) {
        self.0.unlock(here());
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

struct RwLock(explore::RwLock);

impl RwLockPeer for RwLock {
    fn read(&self, _: usize) {
        self.0.read(here());
    }

    fn try_read(&self, _: usize) -> bool {
        self.0.try_read(here())
    }

    fn unlock_read(&self, _: usize) {
        self.0.unlock_read(here());
    }

    fn write(&self) {
        self.0.write(here());
    }

    fn try_write(&self) -> bool {
        self.0.try_write(here())
    }

    fn unlock_write(&self) {
        self.0.unlock_write(here());
    }
}

struct Condvar(explore::Condvar);

impl CondvarPeer for Condvar {
    fn begin_wait(&self, mutex: &dyn MutexPeer, _: usize, _: bool) {
        let mutex = mutex.as_any().downcast_ref::<Mutex>();
        self.0.begin_wait(mutex.expect("both are of this engine").0, here());
    }

    fn end_wait(&self, _: usize, timed: bool) -> WakeUp {
        match self.0.end_wait(timed, here()) {
            explore::Wake::Notified => WakeUp::Notification,
            explore::Wake::TimedOut => WakeUp::TimeOut,
            explore::Wake::Spurious => WakeUp::Spurious,
        }
    }

    fn notify(&self, all: bool, effect: &dyn Fn()) {
        if all {
            self.0.notify_all(here());
        } else {
            self.0.notify_one(here());
        }
        effect();
    }

    /// Never asked: the engine finds out by itself.
    fn is_waiting(&self, _: usize) -> bool {
        true
    }
}

/// A flag under a mutex, with a condition variable. Both are made by their first use, which may be
/// the waiter's or the signaller's.
#[derive(Default)]
struct Baton {
    mutex: OnceCell<explore::Mutex>,
    condvar: OnceCell<explore::Condvar>,
    signalled: Flag<bool>,
}

impl Baton {
    fn mutex(&self) -> explore::Mutex {
        *self.mutex.get_or_init(explore::Mutex::at_first_use)
    }

    fn condvar(&self) -> explore::Condvar {
        *self.condvar.get_or_init(explore::Condvar::at_first_use)
    }
}

impl BatonPeer for Baton {
    fn wait(&self) {
        self.mutex().lock(here());
        while !self.signalled.get() {
            self.condvar().wait(self.mutex(), here());
        }
        self.mutex().unlock(here());
    }

    fn signal(&self) {
        self.mutex().lock(here());
        self.signalled.set(true);
        self.mutex().unlock(here());
        self.condvar().notify_one(here());
    }
}

struct Atomic {
    atomic: explore::Atomic,
    width: Width,
}

impl AtomicPeer for Atomic {
    fn load(&self, order: Ordering) -> u64 {
        self.atomic.load(order, here())
    }

    fn store(&self, bits: u64, order: Ordering) {
        self.atomic.store(bits, order, here());
    }

    fn swap(&self, bits: u64, order: Ordering) -> u64 {
        self.atomic.update(order, here(), |_| bits)
    }

    fn compare_exchange(&self, exchange: Exchange) -> Result<u64, u64> {
        let Exchange { current, new, success, failure, weak } = exchange;
        if weak {
            self.atomic.compare_exchange_weak((current, new), (success, failure), here())
        } else {
            self.atomic.compare_exchange((current, new), (success, failure), here())
        }
    }

    fn fetch(&self, fetch: Fetch, operand: u64, order: Ordering) -> u64 {
        self.atomic.update(order, here(), |before| self.width.apply(fetch, before, operand))
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
            explore::spin(here());
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
            self.cell.write(here());
        } else {
            self.cell.read(here());
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
        let _ = explore::join(self.0, here());
    }

    fn park(&self, timed: bool) -> bool {
        let wake = if timed { explore::park_timeout(here()) } else { explore::park(here()) };
        wake == explore::Wake::Notified
    }

    fn unpark(&self) {
        explore::unpark(self.0, here());
    }

    /// Never asked: the engine finds out by itself.
    fn has_token(&self) -> bool {
        false
    }
}
