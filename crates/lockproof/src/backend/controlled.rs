//! What the engines that control the schedule have in common: an exploration runs on an OS thread
//! apart, which a failed execution never leaves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::{Driver, install_panic_hook, never_shortens};
use crate::backend::worker::{self, Ended};
use crate::engine::{Ending, Engine, Exploration, Schedule, Settings, Strategy, Task, announce};
use crate::execution::Execution;
use crate::execution::run::{Left, Message, Run};
use crate::panics;

/// An engine that decides every scheduling step.
pub(super) trait ControlledSearch: 'static {
    const ENGINE: Engine;

    /// The strategy that the settings ask for.
    fn strategy(settings: &Settings) -> Strategy;

    /// Runs the model through [`execute`](crate::execution::execute) until the search is over.
    fn search(run: &Arc<Run>) -> Ending;

    /// Runs the model as the schedule says.
    fn replay(run: &Arc<Run>, schedule: &Schedule) -> Ending;

    /// Installs the engine's panic hook or signal handler, if it has one.
    fn install_hooks() {}
}

/// The driver of an engine that controls the schedule.
pub(super) const fn driver<S: ControlledSearch>() -> Driver {
    Driver {
        engine: S::ENGINE,
        explore: explore::<S>,
        replay: replay::<S>,
        shorten: never_shortens,
        install_hooks: S::install_hooks,
    }
}

fn explore<S: ControlledSearch>(task: Task) -> Exploration {
    let strategy = S::strategy(&task.settings);
    drive::<S>(task, strategy, S::search)
}

fn replay<S: ControlledSearch>(task: Task, schedule: &Schedule) -> Exploration {
    let schedule = schedule.clone();
    drive::<S>(task, Strategy::Replay, move |run| S::replay(run, &schedule))
}

/// Runs `search` on OS threads apart until one of them says how it ended.
fn drive<S: ControlledSearch>(
    task: Task,
    strategy: Strategy,
    search: impl Fn(&Arc<Run>) -> Ending + Clone + Send + 'static,
) -> Exploration {
    let is_replay = strategy == Strategy::Replay;
    let (run, messages) = if is_replay { Run::replay(task) } else { Run::new(task) };
    let ending = loop {
        announce(run.task.watcher.as_ref());
        let (of_search, search) = (Arc::clone(&run), search.clone());
        worker::start(move || search_on_this_thread(&of_search, search), run.sender());
        match worker::receive(&messages).expect("the engine's thread says how the search ended") {
            Message::Ended(ending) => break ending,
            Message::Again => {}
        }
    };
    let settings = &run.task.settings;
    let counts = run.counts().clone();
    Exploration {
        engine: S::ENGINE,
        strategy,
        executions: counts.executions,
        elapsed: run.start.elapsed(),
        threads: counts.threads,
        events: counts.events,
        preemptions: settings.preemptions.filter(|_| strategy == Strategy::Exhaustive),
        seed: Some(settings.seed)
            .filter(|_| !matches!(strategy, Strategy::Exhaustive | Strategy::Replay)),
        kept_data: counts.kept_data,
        blind_spots: counts.blind_spots.into_iter().collect(),
        assumptions: counts.assumptions.into_iter().collect(),
        ending,
    }
}

/// Runs `search` and says how it ended.
pub(super) fn search_on_this_thread(run: &Arc<Run>, search: impl Fn(&Arc<Run>) -> Ending) -> Ended {
    install_panic_hook();
    let watch = panics::observe(|report| {
        if let Some(execution) = Execution::current().filter(|execution| !execution.in_engine()) {
            execution.record_panic(report);
        }
    });
    let payload = match catch_unwind(AssertUnwindSafe(|| search(run))) {
        Ok(ending) => {
            let ended_well = matches!(ending, Ending::Complete | Ending::OutOfBudget { .. });
            // An execution that was passed over may have left a thread in the middle of unwinding.
            return Ended { ending, left_nothing: ended_well && !thread::panicking() };
        }
        Err(payload) => payload,
    };
    let ending = match payload.downcast::<Left>() {
        Ok(left) => left.0,
        Err(payload) => {
            let report = watch.report(payload.as_ref());
            match Execution::current() {
                Some(execution) => {
                    let complaint = execution.complaint(&report.message);
                    execution.ending_of(complaint, &report.message)
                }
                None => Ending::Unsupported { reason: report.message },
            }
        }
    };
    Ended { ending, left_nothing: false }
}
