//! What the engines that control the schedule have in common: an exploration runs on an OS thread
//! of its own, which a failed execution never leaves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use super::super::panics;
use super::super::{Ending, Engine, Exploration, Settings, Strategy, Task, announce};
use crate::face::{Execution, OutOfBudget, Run, Word};

/// An engine that decides every scheduling step.
pub(super) trait Search {
    const ENGINE: Engine;

    /// The strategy that the settings ask for.
    fn strategy(settings: &Settings) -> Strategy;

    /// Runs the model through [`execute`](crate::face::execute) until the search is over.
    fn search(run: &Arc<Run>) -> Ending;
}

pub(super) fn explore<S: Search>(task: Task) -> Exploration {
    let (run, words) = Run::new(task);
    let ending = loop {
        announce(run.watcher.as_ref());
        let of_thread = Arc::clone(&run);
        thread::spawn(move || search_on_this_thread::<S>(&of_thread));
        match words.recv().expect("the engine's thread says how the search ended") {
            Word::Ended(ending) => break ending,
            Word::Again => {}
        }
    };
    let settings = &run.settings;
    let strategy = S::strategy(settings);
    let counts = run.counts().clone();
    Exploration {
        engine: S::ENGINE,
        strategy,
        executions: counts.executions,
        elapsed: run.start.elapsed(),
        threads: counts.threads,
        events: counts.events,
        preemptions: settings.preemptions.filter(|_| strategy == Strategy::Exhaustive),
        seed: Some(settings.seed).filter(|_| strategy != Strategy::Exhaustive),
        kept_data: counts.kept_data,
        blind_spots: counts.blind_spots.into_iter().collect(),
        assumptions: counts.assumptions.into_iter().collect(),
        ending,
    }
}

fn search_on_this_thread<S: Search>(run: &Arc<Run>) {
    let watch = panics::observe(|report| {
        if let Some(execution) = Execution::current().filter(|execution| !execution.in_engine()) {
            execution.record_panic(report);
        }
    });
    let ending = match catch_unwind(AssertUnwindSafe(|| S::search(run))) {
        Ok(ending) => ending,
        Err(payload) => match payload.downcast::<OutOfBudget>() {
            Ok(out) => Ending::OutOfBudget { budget: out.0 },
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
        },
    };
    run.end(ending);
}
