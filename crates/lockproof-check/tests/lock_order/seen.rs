//! Runs a model on the exploring engine alone and shows the lock order that was seen.

use lockproof_check::lock_order::{self, CycleStatus, LockCycle, LockOrder};
use lockproof_check::{Engine, Model};

/// Whether the exploring engine is in this build: without it there is nothing to see.
pub(crate) fn is_there() -> bool {
    Engine::available().contains(&Engine::Explore)
}

/// The model, on the exploring engine alone.
pub(crate) fn on_explore(body: impl Fn() + Send + Sync + 'static) -> Model {
    let model = Model::new("the model", "takes locks", body);
    let others = [Engine::Std, Engine::Loom, Engine::Shuttle];
    others.into_iter().fold(model, |model, engine| model.not_on(engine, "one engine is enough"))
}

/// The lock order of all executions.
pub(crate) fn in_all(body: impl Fn() + Send + Sync + 'static) -> Option<LockOrder> {
    on_explore(body).check().lock_order
}

/// The lock order of the executions without a preemption, none of which fails: a deadlock that is
/// confirmed was found by a directed schedule.
pub(crate) fn in_passing(body: impl Fn() + Send + Sync + 'static) -> Option<LockOrder> {
    let report = on_explore(body).preemptions(0).check();
    for run in report.runs.iter().filter(|run| run.verdict().failure().is_some()) {
        let strategy = run.search().map(lockproof_check::Search::strategy_text);
        let expected = Some("exhaustive, then directed");
        assert_eq!(strategy.as_deref(), expected, "only passing executions are seen: {report:?}");
    }
    report.lock_order
}

/// The one cycle of the order.
pub(crate) fn the_cycle(order: &LockOrder) -> &LockCycle {
    assert_eq!(order.cycles.len(), 1, "there is one cycle: {order:#?}");
    &order.cycles[0]
}

/// The status of the one cycle, in words.
pub(crate) fn status(order: &LockOrder) -> String {
    match &the_cycle(order).status {
        CycleStatus::Confirmed { by, failure } => {
            format!("confirmed by {by}: {}", failure.defect.kind)
        }
        CycleStatus::Discharged { reason } => {
            format!("discharged: {}", lock_order::discharge(reason))
        }
        CycleStatus::Potential { tried } => format!("potential: {}", tried.join("; ")),
    }
}
