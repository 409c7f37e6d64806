//! Runs a program of calls on an engine and judges every execution.

use lockproof::calls::CallLog;
use lockproof::engine::{
    Condition, Defect, DefectKind, EndedExecution, Engine, Settings, Task, Untracked, Watcher,
};
use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::judge::Judge;
use lockproof_check::{Specification, Specifies};

/// Judges each execution, standstills included.
struct Judging<S: Specification> {
    judge: Judge<S>,
    log: CallLog<S::Return>,
}

impl<S: Specification> Watcher for Judging<S> {
    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect> {
        let at_standstill = execution.standstill.is_some();
        let judged = self.judge.judge(&self.log.take(), &execution.happened(), at_standstill);
        let violation = judged.expect("the specification is sound")?;
        let message = format!("{violation:?}");
        Some(Defect::Violation { condition: violation.condition, message })
    }

    fn judges_standstills(&self) -> bool {
        true
    }
}

/// Whether the engine and the judge find a schedule of the program that is not linearizable. Each
/// thread makes its calls on one `C`.
pub(crate) fn is_refuted<S, C>(engine: Engine, program: &[Vec<S::Operation>]) -> bool
where
    S: Specifies<C> + Default,
    C: Default + Send + Sync + 'static,
{
    let log = CallLog::default();
    let judge = Judge::new(Condition::Linearizability, &S::default(), program.concat());
    let judging = Untracked::new(Judging { judge, log: log.clone() });
    let mut settings = Settings::default();
    settings.stress_runs = 2;
    settings.samples = 20;
    let program = program.to_vec();
    let task = Task::new(engine, &settings, move || {
        log.clear();
        let shared = Arc::new(C::default());
        let mut spawned = Vec::new();
        let mut number = 0;
        for (index, operations) in program.iter().enumerate() {
            let (operations, first) = (operations.clone(), number);
            number += operations.len();
            let (log, shared) = (log.clone(), Arc::clone(&shared));
            spawned.push(thread::spawn(move || {
                for (call, operation) in operations.iter().enumerate() {
                    log.perform(index, first + call, || S::call(&shared, operation));
                }
            }));
        }
        for thread in spawned {
            thread.join().unwrap();
        }
    });
    let exploration = task.watched_by(judging.as_watcher()).explore();
    let Some(failure) = exploration.failure() else { return false };
    let kind = DefectKind::Violation(Condition::Linearizability);
    assert_eq!(failure.defect.kind(), kind, "nothing else is wrong: {failure:?}");
    true
}
