//! shuttle: a random search, sequentially consistent.
//!
//! Limits that shape this file: every ordering is `SeqCst`, nothing checks cells for data races,
//! and its condition variables never wake up by themselves (the facade builds its own).

mod objects;
mod turns;

use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use shuttle::scheduler::{self, PctScheduler, RandomScheduler, Scheduler, Task, TaskId};

use self::objects::{Mutex, PointAtomic, RwLock, ShuttleWaits, UncheckedCell, choose};
use self::turns::{Follower, Recorder, Turns};
use super::Driver;
use crate::backend::built::{BuiltCondvar, BuiltThread, WaitSource};
use crate::backend::controlled::{Search, driver};
use crate::engine::{BlindSpot, Divergence, Ending, Engine, Schedule, Settings, Strategy, exactly};
use crate::execution::backend::{
    Backend, BackendAtomic, BackendCell, BackendCondvar, BackendMutex, BackendRwLock,
    BackendThread, Birth, CallSite, Complaint, NewThread, OneShot, Width,
};
use crate::execution::execute;
use crate::execution::run::Run;

pub(super) const DRIVER: Driver = driver::<Shuttle>();

struct Shuttle;

impl Search for Shuttle {
    const ENGINE: Engine = Engine::Shuttle;

    fn strategy(settings: &Settings) -> Strategy {
        settings.sampling
    }

    /// shuttle installs its panic hook when it first runs.
    fn install_hooks() {
        let scheduler = RandomScheduler::new_from_seed(0, 1);
        shuttle::Runner::new(scheduler, shuttle::Config::new()).run(|| ());
    }

    fn search(run: &Arc<Run>) -> Ending {
        let samples = usize::try_from(run.task.settings.samples).unwrap_or(usize::MAX);
        let seed = run.task.settings.seed;
        match run.task.settings.sampling {
            Strategy::Random => sample(run, RandomScheduler::new_from_seed(seed, samples)),
            Strategy::Pct { depth } => {
                sample(run, PctScheduler::new_from_seed(seed, depth, samples))
            }
            other => Ending::Unsupported {
                reason: format!("shuttle has no strategy {other}: choose random or PCT"),
            },
        }
    }

    fn replay(run: &Arc<Run>, schedule: &Schedule) -> Ending {
        let Some(turns) = turns::parse(schedule.words()) else {
            let reason = format!("`{schedule}` is no schedule such as `shuttle/1 0*3 1 r2f 0`");
            return Ending::Unsupported { reason };
        };
        let taken = run_under(run, Follower::new(turns.clone(), run));
        turns.get(taken).map_or(Ending::Complete, |missed| {
            let found = "the end of all threads".to_owned();
            Ending::Diverged(Divergence::new(taken + 1, missed.to_string(), found))
        })
    }
}

fn sample(run: &Arc<Run>, scheduler: impl Scheduler + 'static) -> Ending {
    run_under(run, Budgeted { scheduler: ManuallyDrop::new(scheduler), run: Arc::clone(run) });
    match run.budget_used_up() {
        Some(budget) if run.counts().executions < run.task.settings.samples => {
            Ending::OutOfBudget { budget }
        }
        _ => Ending::Complete,
    }
}

/// Runs the model as long as the scheduler begins executions; returns how many decisions it took
/// for the last one.
fn run_under(run: &Arc<Run>, scheduler: impl Scheduler + 'static) -> usize {
    let mut config = shuttle::Config::new();
    config.stack_size = run.task.settings.stack_size;
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.max_steps = shuttle::MaxSteps::FailAfter(run.task.settings.steps);
    config.silence_warnings = true;
    let turns = Turns::default();
    let recorder = Recorder::new(scheduler, Arc::clone(&turns));
    let (of_model, taken) = (Arc::clone(run), Arc::clone(&turns));
    shuttle::Runner::new(recorder, config)
        .run(move || execute(&of_model, Box::new(ShuttleBackend { turns: Arc::clone(&turns) })));
    turns::count(&taken)
}

/// A scheduler that begins no execution beyond the run's budget, and prints nothing.
struct Budgeted<S> {
    /// Never dropped: shuttle's schedulers print a seed of theirs when they are dropped by a panic.
    scheduler: ManuallyDrop<S>,
    run: Arc<Run>,
}

impl<S: Scheduler> Scheduler for Budgeted<S> {
    fn new_execution(&mut self) -> Option<scheduler::Schedule> {
        if self.run.budget_used_up().is_some() {
            return None;
        }
        self.run.report(Some(exactly(self.run.task.settings.samples)));
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

/// What two operations meet at, for shuttle to switch between them.
fn point() -> Box<dyn BackendAtomic> {
    Box::new(PointAtomic::new(Width::U8, 0))
}

struct ShuttleBackend {
    /// What the scheduler of the execution has decided so far.
    turns: Turns,
}

impl Backend for ShuttleBackend {
    fn mutex(&self, _: Birth) -> Box<dyn BackendMutex> {
        Box::new(Mutex::new())
    }

    fn rwlock(&self, _: Birth) -> Box<dyn BackendRwLock> {
        Box::new(RwLock::new())
    }

    fn condvar(&self, _: Birth) -> Box<dyn BackendCondvar> {
        Box::new(BuiltCondvar::new(ShuttleWaits, point()))
    }

    fn one_shot(&self) -> Box<dyn OneShot> {
        ShuttleWaits.one_shot()
    }

    fn atomic(&self, width: Width, bits: u64, _: Birth) -> Box<dyn BackendAtomic> {
        Box::new(PointAtomic::new(width, bits))
    }

    fn cell(&self) -> Box<dyn BackendCell> {
        Box::new(UncheckedCell)
    }

    fn fence(&self, order: Ordering) {
        shuttle::sync::atomic::fence(order);
    }

    fn main(&self) -> Rc<dyn BackendThread> {
        Rc::new(BuiltThread::main(ShuttleWaits, point()))
    }

    fn spawn(&self, thread: NewThread, _: CallSite) -> Rc<dyn BackendThread> {
        let mut builder = shuttle::thread::Builder::new();
        if let Some(name) = thread.name {
            builder = builder.name(name);
        }
        let handle = builder.spawn(thread.body).expect("shuttle makes a thread or panics");
        Rc::new(BuiltThread::spawned(ShuttleWaits, point(), || {
            // The closure catches the panics of the model: there is no other result.
            let _ = handle.join();
        }))
    }

    fn yield_now(&self, _: CallSite) {
        shuttle::thread::yield_now();
    }

    fn thread_limit(&self) -> Option<usize> {
        None
    }

    fn choose(&self, options: usize, _: CallSite) -> Option<usize> {
        Some(choose(options))
    }

    fn call_begins(&self, at: CallSite) {
        point().load(Ordering::SeqCst, at);
    }

    fn schedule(&self) -> Schedule {
        Schedule::new(Engine::Shuttle, turns::text(&self.turns))
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
