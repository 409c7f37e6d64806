//! loom: an exhaustive search under the C11 memory model.
//!
//! Limits that shape this file: five threads; a lock whose guard is dropped by a panic is broken
//! for good (so the facade never lets that happen); attempts on locks are explored wrongly (see
//! [`Attempts`](locks::Attempts)); objects must be made before they can be shared (see [`ObjectPool`](pool::ObjectPool)); no choice of
//! any kind.

mod atomic;
mod backend;
mod locks;
mod pool;

use std::panic::resume_unwind;
use std::sync::Arc;

use self::backend::LoomBackend;
use super::Driver;
use crate::backend::controlled::{ControlledSearch, driver};
use crate::engine::{Divergence, Ending, Engine, Schedule, Settings, Strategy};
use crate::execution::execute;
use crate::execution::run::{Left, Run};

pub(super) const DRIVER: Driver = driver::<Loom>();

struct Loom;

impl ControlledSearch for Loom {
    const ENGINE: Engine = Engine::Loom;

    fn strategy(_: &Settings) -> Strategy {
        Strategy::Exhaustive
    }

    /// loom's coroutines come with a handler of SIGSEGV, installed when they first run, which
    /// uninstalls itself and the one before at the first fault that is not its own.
    fn install_hooks() {
        builder().check(|| ());
    }

    fn search(run: &Arc<Run>) -> Ending {
        search(run, run.task.settings.preemptions, None)
    }

    /// The search takes the same order each time.
    fn replay(run: &Arc<Run>, schedule: &Schedule) -> Ending {
        let Some((number, preemptions)) = parse(schedule.words()) else {
            let reason = format!("`{schedule}` is no schedule such as `loom/1 12 preemptions 2`");
            return Ending::Unsupported { reason };
        };
        let ending = search(run, preemptions, Some(number));
        let executions = run.counts().executions;
        match ending {
            Ending::Complete if executions < number => {
                let found = format!("{executions} in all");
                let expected = format!("execution {number} of the search");
                let step = usize::try_from(number).unwrap_or(usize::MAX);
                Ending::Diverged(Divergence::new(step, expected, found))
            }
            ending => ending,
        }
    }
}

/// Searches to the end, or through execution `last`.
fn search(run: &Arc<Run>, preemptions: Option<usize>, last: Option<u64>) -> Ending {
    let mut builder = builder();
    builder.max_branches = run.task.settings.steps;
    builder.preemption_bound = preemptions;
    let run = Arc::clone(run);
    builder.check(move || {
        if last.is_some_and(|last| run.counts().executions >= last) {
            resume_unwind(Box::new(Left(Ending::Complete)));
        }
        if let Some(budget) = run.budget_used_up() {
            resume_unwind(Box::new(Left(Ending::OutOfBudget { budget })));
        }
        run.report(None);
        execute(&run, Box::new(LoomBackend::new(&run, preemptions)));
    });
    Ending::Complete
}

/// The number of the execution, and the bound on preemptions of the search.
fn parse(words: &str) -> Option<(u64, Option<usize>)> {
    let mut words = words.split_whitespace();
    let number = words.next()?.parse().ok().filter(|number| *number > 0)?;
    let preemptions = match (words.next(), words.next(), words.next()) {
        (None, None, None) => None,
        (Some("preemptions"), Some(bound), None) => Some(bound.parse().ok()?),
        _ => return None,
    };
    Some((number, preemptions))
}

/// loom reads its environment in `new`: every field that matters is set. Its own limits on
/// executions and time are only looked at between them and do not tell a finished search from a
/// cut one, so the run's budget is checked instead.
fn builder() -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = usize::MAX;
    builder.location = false;
    builder.log = false;
    builder
}
