//! Runs hand-written calls on an engine and judges every execution.

use std::marker::PhantomData;

use lockproof::calls::CallLog;
use lockproof::engine::{
    Condition, Defect, DefectKind, EndedExecution, Engine, Exploration, Happened, Schedule,
    Settings, StepOrder, Task, Untracked, Watcher,
};
use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::Specifies;
use lockproof_check::judge::{Judge, Violation};

/// Judges executions, and keeps what it found.
struct Judging<S: Specifies<C>, C> {
    judge: Judge<S>,
    operations: Vec<S::Operation>,
    log: CallLog<S::Return>,
    violation: Option<Violation>,
    in_the_order_it_ran: bool,
    concurrent: PhantomData<fn(C)>,
}

impl<S: Specifies<C>, C> Watcher for Judging<S, C> {
    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect> {
        let calls = self.log.take();
        let at_standstill = execution.standstill.is_some();
        let mut happened = execution.happened();
        if self.in_the_order_it_ran {
            happened = in_the_order_it_ran(happened);
        }
        let judgement = self.judge.judge(&calls, &happened, at_standstill);
        let violation = judgement.expect("the specification is fit to judge by")?;
        let message = violation.sentence(&self.operations);
        let condition = violation.condition;
        self.violation = Some(violation);
        Some(Defect::Violation { condition, message })
    }

    fn judges_standstills(&self) -> bool {
        true
    }
}

/// What came of it.
pub(crate) struct Judged {
    pub(crate) exploration: Exploration,
    pub(crate) violation: Option<Violation>,
    pub(crate) distinct: usize,
}

/// How many scenarios are generated for a structure.
pub(crate) const SCENARIOS: usize = 40;

/// Calls in parallel: a list for each thread, the first of which is `main`.
pub(crate) type Threads<O> = Vec<Vec<O>>;

/// Calls to be made on an engine, and what is to become of them.
struct Trial<S: Specifies<C>, C> {
    watcher: Untracked<Judging<S, C>>,
    model: Box<dyn Fn() + Send + Sync>,
}

impl<S: Specifies<C>, C: Send + Sync + 'static> Trial<S, C> {
    /// Makes the calls of each list in a thread of its own, on what `make` makes.
    fn new(
        condition: Condition,
        specification: &S,
        threads: &Threads<S::Operation>,
        make: impl Fn() -> C + Send + Sync + 'static,
    ) -> Self {
        let operations = threads.concat();
        let log = CallLog::default();
        let watcher = Untracked::new(Judging {
            judge: Judge::new(condition, specification, operations.clone()),
            operations,
            log: log.clone(),
            violation: None,
            in_the_order_it_ran: false,
            concurrent: PhantomData,
        });
        let mut numbered = Vec::new();
        let mut number = 0;
        for operations in threads {
            let calls: Vec<_> = operations.iter().cloned().zip(number..).collect();
            number += calls.len();
            numbered.push(calls);
        }
        let model = Box::new(move || {
            log.clear();
            let concurrent = Arc::new(make());
            let spawned: Vec<_> = (1..numbered.len())
                .map(|index| {
                    let (calls, log) = (numbered[index].clone(), log.clone());
                    let concurrent = Arc::clone(&concurrent);
                    thread::spawn(move || perform::<S, C>(&log, index, &calls, &concurrent))
                })
                .collect();
            perform::<S, C>(&log, 0, &numbered[0], &concurrent);
            for thread in spawned {
                thread.join().unwrap();
            }
        });
        Self { watcher, model }
    }

    fn task(self, engine: Engine) -> Task {
        Task::new(engine, &settings(engine), self.model).watched_by(self.watcher.as_watcher())
    }
}

/// Makes the calls of each list in a thread of its own, on what `make` makes, under `engine`.
pub(crate) fn judge<S: Specifies<C>, C: Send + Sync + 'static>(
    engine: Engine,
    condition: Condition,
    specification: &S,
    threads: &Threads<S::Operation>,
    make: impl Fn() -> C + Send + Sync + 'static,
) -> Judged {
    let trial = Trial::new(condition, specification, threads, make);
    let watcher = trial.watcher.clone();
    let exploration = trial.task(engine).explore();
    watcher.with(|judging| Judged {
        exploration,
        violation: judging.violation.take(),
        distinct: judging.judge.distinct_histories(),
    })
}

/// What the one execution of a schedule shows, with its steps in that order and in no other.
pub(crate) fn judge_replay<S: Specifies<C>, C: Send + Sync + 'static>(
    schedule: &Schedule,
    condition: Condition,
    specification: &S,
    threads: &Threads<S::Operation>,
    make: impl Fn() -> C + Send + Sync + 'static,
) -> Exploration {
    let trial = Trial::new(condition, specification, threads, make);
    trial.watcher.with(|judging| judging.in_the_order_it_ran = true);
    trial.task(schedule.engine()).replay(schedule)
}

/// The order that has no other schedule than the one that ran.
fn in_the_order_it_ran(happened: Happened) -> Happened {
    let Happened::Partially(order) = happened else { return happened };
    let turns = order.turns();
    let threads = turns.iter().max().map_or(1, |last| last + 1);
    let mut clock = vec![0; threads];
    let mut clocks = vec![vec![clock.clone()]; threads];
    for thread in &turns {
        clock[*thread] += 1;
        clocks[*thread].push(clock.clone());
    }
    Happened::Partially(StepOrder::of_clocks(clocks, turns))
}

fn perform<S: Specifies<C>, C>(
    log: &CallLog<S::Return>,
    thread: usize,
    calls: &[(S::Operation, usize)],
    concurrent: &C,
) {
    for (operation, number) in calls {
        log.perform(thread, *number, || S::call(concurrent, operation));
    }
}

/// Enough for every outcome of calls as few as these. loom needs a bound to come to an end.
fn settings(engine: Engine) -> Settings {
    let mut settings = Settings::default();
    settings.stress_runs = 20;
    settings.samples = 500;
    settings.preemptions = (engine == Engine::Loom).then_some(1);
    settings
}

/// Demands that no engine finds anything, and that the exploring one proves it.
pub(crate) fn accepts<S: Specifies<C>, C: Default + Send + Sync + 'static>(
    specification: &S,
    scenarios: &[Threads<S::Operation>],
) {
    for threads in scenarios {
        for &engine in Engine::available() {
            let judged =
                judge(engine, Condition::Linearizability, specification, threads, C::default);
            let exploration = judged.exploration;
            assert_eq!(exploration.failure(), None, "{engine}: {threads:?}");
            assert!(
                engine != Engine::Explore
                    || matches!(exploration.ending, lockproof::engine::Ending::Complete),
                "{exploration:?}"
            );
        }
    }
}

/// Demands that the exploring engine finds a schedule of one of the scenarios that is not
/// linearizable, and that no engine finds anything else.
pub(crate) fn refutes<S: Specifies<C>, C: Default + Send + Sync + 'static>(
    specification: &S,
    scenarios: &[Threads<S::Operation>],
) {
    for &engine in Engine::available() {
        let mut is_refuted = false;
        for threads in scenarios {
            let judged =
                judge(engine, Condition::Linearizability, specification, threads, C::default);
            let Some(failure) = judged.exploration.failure() else { continue };
            let kind = DefectKind::Violation(Condition::Linearizability);
            assert_eq!(failure.defect.kind(), kind, "{engine}: {threads:?}");
            is_refuted = true;
        }
        assert!(is_refuted || engine != Engine::Explore, "some schedule is not linearizable");
    }
}
