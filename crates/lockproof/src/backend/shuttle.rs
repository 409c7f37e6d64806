//! shuttle: a random search, sequentially consistent.
//!
//! Limits that shape this file: every ordering is `SeqCst`, nothing checks cells for data races,
//! and its condition variables never wake up by themselves (the facade builds its own).

mod backend;
mod objects;
mod turns;

use std::mem::ManuallyDrop;
use std::sync::Arc;

use shuttle::scheduler::{self, PctScheduler, RandomScheduler, Scheduler, Task, TaskId};

use self::backend::ShuttleBackend;
use self::turns::{Decisions, Follower, Recorder};
use super::Driver;
use crate::backend::controlled::{ControlledSearch, driver};
use crate::engine::{Divergence, Ending, Engine, Schedule, Settings, Strategy, exactly};
use crate::execution::execute;
use crate::execution::run::Run;

pub(super) const DRIVER: Driver = driver::<Shuttle>();

struct Shuttle;

impl ControlledSearch for Shuttle {
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
    let turns = Decisions::default();
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
