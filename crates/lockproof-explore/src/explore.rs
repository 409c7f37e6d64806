//! The entry point: runs a model again and again, and reports to an observer.

use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Instant;

use crate::buffers::Buffers;
use crate::context;
use crate::coroutines;
use crate::executor::Executor;
use crate::failure::{Bug, FailedExecution};
use crate::findings::{Findings, StopReason};
use crate::observer::{FinishedExecution, Observer};
use crate::options::Options;
use crate::runtime::ThreadBody;
use crate::scheduler::ExecutionEnd;
use crate::strategy::SearchStrategy;

/// Runs `model` again and again under the schedules that `strategy` picks, until the strategy has
/// nothing left or a budget is used up.
///
/// Inside the closure, and in the threads that it spawns with [`spawn`](crate::spawn), operations
/// go through this crate's handles. The closure creates everything that it needs. No state may
/// outlive an execution.
///
/// ```
/// use lockproof_explore::{Atomic, Exhaustive, Options, explore, here, join, spawn};
/// use std::sync::atomic::Ordering::SeqCst;
///
/// let outcome = explore(&Options::default(), &mut Exhaustive::new(), &mut (), || {
///     let total = Atomic::new(0);
///     let child = spawn(move || { total.update(SeqCst, here(), |v| v + 1); }, here());
///     total.update(SeqCst, here(), |value| value + 1);
///     join(child, here()).unwrap();
///     assert_eq!(total.load(SeqCst, here()), 2);
/// });
/// assert!(outcome.is_complete());
/// assert_eq!(outcome.executions, 2);
/// ```
///
/// # Panics
///
/// If it is called inside a running model, or if the system has no memory for a stack. A panic of
/// the strategy or of the observer is passed on.
pub fn explore(
    options: &Options,
    strategy: &mut dyn SearchStrategy,
    observer: &mut dyn Observer,
    model: impl Fn() + 'static,
) -> Findings {
    let _armed = coroutines::arm();
    let Buffers { context, mut executor } = Buffers::take(options);
    let installed = context::install(context);
    let mut explorer = Explorer {
        options,
        strategy,
        observer,
        executor: &mut executor,
        model: Rc::new(model),
        began: Instant::now(),
        last_progress: Instant::now(),
        findings: Findings::default(),
    };
    let stop_reason = explorer.run();
    let findings = explorer.finish(stop_reason);
    Buffers { context: installed.remove(), executor }.put_back(&findings.facts);
    findings
}

/// An exploration under way.
struct Explorer<'a> {
    options: &'a Options,
    strategy: &'a mut dyn SearchStrategy,
    observer: &'a mut dyn Observer,
    executor: &'a mut Executor,
    model: Rc<dyn Fn()>,
    began: Instant,
    last_progress: Instant,
    findings: Findings,
}

impl Explorer<'_> {
    fn run(&mut self) -> StopReason {
        loop {
            if let Some(stop_reason) = self.budget_used_up() {
                return stop_reason;
            }
            if !self.strategy.begin() {
                let exhaustive = self.strategy.is_exhaustive();
                return if exhaustive { StopReason::Complete } else { StopReason::Exhausted };
            }
            self.observer.execution_begins();
            let ended = self.run_once();
            if let Some(stop_reason) = self.conclude(ended) {
                return stop_reason;
            }
            self.report_progress();
        }
    }

    fn run_once(&mut self) -> ExecutionEnd {
        let main = ThreadBody::Main(Rc::clone(&self.model));
        let ended = self.executor.run(main, self.strategy);
        if let ExecutionEnd::StrategyPanicked(payload) = ended {
            self.executor.tear_down();
            resume_unwind(payload);
        }
        ended
    }

    /// Tears the execution down, counts it, and keeps the first failure.
    fn conclude(&mut self, ended: ExecutionEnd) -> Option<StopReason> {
        let (abandoned, bug) = match ended {
            ExecutionEnd::Completed => (false, None),
            ExecutionEnd::Failed(bug) => (false, Some(bug)),
            ExecutionEnd::Abandoned | ExecutionEnd::StrategyPanicked(_) => (true, None),
        };
        let bug = bug.filter(|bug| self.is_failure(bug));
        self.findings.executions += u64::from(!abandoned);
        self.findings.abandoned += u64::from(abandoned);
        self.findings.failures += u64::from(bug.is_some());
        let is_first = bug.is_some() && self.findings.failure.is_none();
        let turns = is_first.then(|| context::with(|runtime| runtime.turns()));
        let events = context::with(|runtime| {
            let facts = &mut runtime.facts;
            facts.events = facts.events.max(runtime.trace.len());
            facts.total_events += runtime.trace.len() as u64;
            std::mem::take(&mut runtime.trace)
        });
        self.executor.tear_down();
        let number = self.findings.executions + self.findings.abandoned;
        let is_over = matches!(bug, Some(Bug::Nondeterministic(_)))
            || (bug.is_some() && self.options.stop_at_failure);
        let execution = FinishedExecution { events: &events, failure: bug.as_ref(), abandoned };
        let flow = self.observer.execution_ended(&execution);
        if let (Some(bug), Some(turns)) = (bug, turns) {
            let failure = FailedExecution { bug, events: events.clone(), turns, execution: number };
            self.findings.failure = Some(Box::new(failure));
        }
        context::with(|runtime| runtime.trace = events);
        if is_over {
            return Some(StopReason::Failed);
        }
        flow.is_break().then_some(StopReason::Stopped)
    }

    fn is_failure(&mut self, bug: &Bug) -> bool {
        let passes = self.observer.execution_failed(bug).is_continue();
        self.options.standstills_fail || !bug.is_standstill() || !passes
    }

    fn budget_used_up(&self) -> Option<StopReason> {
        let executions = self.findings.executions + self.findings.abandoned;
        if self.options.executions.is_some_and(|most| executions >= most) {
            return Some(StopReason::OutOfExecutions);
        }
        // Reading the clock costs more than a short execution.
        let reads_clock = executions.is_multiple_of(64);
        let time_is_up =
            self.options.time.is_some_and(|most| reads_clock && self.began.elapsed() >= most);
        time_is_up.then_some(StopReason::OutOfTime)
    }

    fn report_progress(&mut self) {
        if !self.findings.executions.is_multiple_of(64)
            || self.last_progress.elapsed() < self.options.progress_every
        {
            return;
        }
        self.last_progress = Instant::now();
        self.observer.progress(self.strategy.estimate());
    }

    fn finish(mut self, stop_reason: StopReason) -> Findings {
        self.findings.stop_reason = stop_reason;
        self.findings.facts = context::with(|runtime| runtime.facts.clone());
        self.findings
    }
}
