//! What an exploration did, as the facts of a run.

use lockproof::engine::{Ending, Exploration};
use lockproof_record::{EngineRun, RunEnding, Search};

use super::{failure, named};

/// The run of an exploration that stands for itself.
pub(crate) fn run(exploration: &Exploration) -> EngineRun {
    EngineRun::new(named(exploration.engine), ending(exploration), Some(search(exploration)))
}

/// How an exploration ended.
pub(crate) fn ending(exploration: &Exploration) -> RunEnding {
    let reason = match &exploration.ending {
        Ending::Complete => return RunEnding::Complete,
        Ending::Failed(failed) => {
            return RunEnding::Failed { failure: Box::new(failure(failed)) };
        }
        Ending::OutOfBudget { budget } => format!("out of budget: {budget}"),
        Ending::Diverged(divergence) => divergence.to_string(),
        Ending::Unsupported { reason } => reason.clone(),
        // The facade may learn new endings; none of them can be better than no answer.
        ending => format!("unknown ending: {ending:?}"),
    };
    RunEnding::GaveUp { reason }
}

/// The facts of a search: what really ran.
pub(crate) fn search(exploration: &Exploration) -> Search {
    let kept = exploration.kept_data.iter();
    Search {
        strategy: named(exploration.strategy),
        then_directed: false,
        executions: exploration.executions,
        elapsed: exploration.elapsed,
        threads: exploration.threads,
        events: exploration.events,
        preemptions: exploration.preemptions,
        seed: exploration.seed,
        blind_spots: exploration.blind_spots.iter().map(ToString::to_string).collect(),
        assumptions: exploration.assumptions.iter().map(ToString::to_string).collect(),
        kept_data: kept.map(|object| format!("{object}, made at {}", object.created)).collect(),
        scenarios: None,
    }
}
