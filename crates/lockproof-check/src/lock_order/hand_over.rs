//! Lets the verdict of the exploring engine tell of a deadlock that a directed schedule found.

use lockproof_record::{CycleStatus, EngineRun, FoundBy, LockOrder, RecordedEngine};

/// Refutes the exploring engine's run by the first deadlock that a directed schedule confirmed,
/// unless the engine found another defect: it has run the schedule.
pub(crate) fn hand_over(order: &mut LockOrder, runs: &mut [EngineRun]) {
    let explored = |run: &&mut EngineRun| run.engine() == RecordedEngine::Explore;
    let Some(run) = runs.iter_mut().find(explored) else { return };
    if run.search().is_none() || run.verdict().failure().is_some() {
        return;
    }
    let confirmed = order.cycles.iter_mut().find_map(|cycle| match &mut cycle.status {
        CycleStatus::Confirmed { by, failure } if *by == FoundBy::Direction => Some((by, failure)),
        _ => None,
    });
    if let Some((by, failure)) = confirmed {
        *by = FoundBy::DirectionOfExplore;
        run.refute_by_direction(failure.as_ref().clone());
    }
}
