//! The exploring engine: every interleaving once, under sequential consistency.
//!
//! It says by itself that no thread can go on, checks cells for data races by the orderings that
//! are written, and takes its threads down after a failure, so nothing here is left standing.

mod backend;
mod carry_over;
mod objects;
mod plan;
mod shorten;
mod shortest;

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use lockproof_explore as explore;

use self::backend::ExploreBackend;
use self::shorten::shorten;
use super::Driver;
use crate::backend::controlled::{ControlledSearch, driver};
use crate::engine::DefectKind;
use crate::engine::{
    Approach, Assumption, BlindSpot, Defect, Divergence, Ending, Engine, Failure, Schedule,
    Settings, Steps, Strategy, exactly,
};
use crate::execution::backend::Complaint;
use crate::execution::run::Run;
use crate::execution::standstill::Standstill;
use crate::execution::{Execution, execute};
use crate::trace::{SourceLocation, Trace};

pub(super) const DRIVER: Driver = Driver { shorten, ..driver::<Explore>() };

struct Explore;

impl ControlledSearch for Explore {
    const ENGINE: Engine = Engine::Explore;

    fn strategy(settings: &Settings) -> Strategy {
        settings.exploring
    }

    fn search(run: &Arc<Run>) -> Ending {
        let settings = &run.task.settings;
        let Some(mut strategy) = strategy_of(run) else {
            let reason = format!("the exploring engine has no strategy {}", settings.exploring);
            return Ending::Unsupported { reason };
        };
        let exhaustive = settings.exploring == Strategy::Exhaustive;
        let executions = settings.executions.filter(|_| exhaustive);
        let options = explore::Options { executions, ..options(run) };
        run_under(run, &options, strategy.as_mut())
    }

    fn replay(run: &Arc<Run>, schedule: &Schedule) -> Ending {
        match schedule.turns() {
            Ok(turns) => run_under(run, &options(run), &mut explore::Replay::new(turns)),
            Err(error) => Ending::Unsupported { reason: format!("{error}") },
        }
    }
}

fn options(run: &Run) -> explore::Options {
    let settings = &run.task.settings;
    explore::Options {
        time: Some(settings.time),
        steps: settings.steps,
        stack_size: settings.stack_size,
        standstills_fail: !judges_standstills(run),
        ..explore::Options::default()
    }
}

fn run_under(
    run: &Arc<Run>,
    options: &explore::Options,
    strategy: &mut dyn explore::SearchStrategy,
) -> Ending {
    let outcome = explore::explore(options, strategy, &mut FailureReporter { run }, model_of(run));
    note_facts(run, &outcome.facts);
    match outcome.stop_reason {
        explore::StopReason::OutOfExecutions => {
            Ending::OutOfBudget { budget: format!("executions: {}", outcome.executions) }
        }
        explore::StopReason::OutOfTime => {
            Ending::OutOfBudget { budget: format!("time: {:?}", run.task.settings.time) }
        }
        explore::StopReason::Failed => {
            outcome.failure.map_or(Ending::Complete, |failure| ending_after(run, &failure.bug))
        }
        _ => Ending::Complete,
    }
}

/// The ending that a defect makes which showed only when the execution was over; of all others the
/// run knows already.
fn ending_after(run: &Run, defect: &explore::Bug) -> Ending {
    match defect {
        explore::Bug::Nondeterministic(divergence) if run.is_replay() => {
            Ending::Diverged(diverged(divergence))
        }
        defect => {
            let defect = Defect::Nondeterminism { message: defect.to_string() };
            let executions = run.counts().executions;
            Ending::Failed(Box::new(Failure::new(defect, Trace::default(), executions)))
        }
    }
}

fn diverged(divergence: &explore::Mismatch) -> Divergence {
    let explore::Mismatch { step, expected, found, .. } = divergence.clone();
    Divergence::new(step, expected, found)
}

/// What the engine runs.
fn model_of(run: &Arc<Run>) -> impl Fn() + 'static {
    let run = Arc::clone(run);
    move || execute(&run, Box::new(ExploreBackend))
}

fn strategy_of(run: &Run) -> Option<Box<dyn explore::SearchStrategy>> {
    let settings = &run.task.settings;
    let (seed, samples) = (settings.seed, settings.samples);
    Some(match (settings.exploring, settings.preemptions) {
        (Strategy::Exhaustive, None) => Box::new(explore::Exhaustive::new()),
        (Strategy::Exhaustive, Some(most)) => {
            Box::new(explore::Bounded::new(u32::try_from(most).unwrap_or(u32::MAX)))
        }
        (Strategy::Random, _) => Box::new(explore::Random::new(seed, samples)),
        (Strategy::Pct { depth }, _) => Box::new(explore::Pct::new(seed, samples, depth)),
        (Strategy::Pos, _) => Box::new(explore::Pos::new(seed, samples)),
        (Strategy::Surw, _) => Box::new(explore::Surw::new(seed, samples)),
        (Strategy::Directed, _) if !run.task.approaches.is_empty() => {
            let approaches = run.task.approaches.iter().map(approach).collect();
            Box::new(explore::Directed::new(seed, samples, approaches))
        }
        (Strategy::Directed | Strategy::Stress | Strategy::Replay, _) => return None,
    })
}

fn approach(approach: &Approach) -> explore::CycleEdge {
    let place = |place: &SourceLocation| explore::NamedPlace {
        file: place.file.clone().into_owned(),
        line: place.line,
        column: place.column,
    };
    explore::CycleEdge {
        thread: approach.thread.clone(),
        holding: place(&approach.holding),
        taking: place(&approach.taking),
    }
}

/// Keeps what the engine took for granted, and what it did not cover.
fn note_facts(run: &Run, facts: &explore::Facts) {
    let mut counts = run.counts();
    let met = &facts.met;
    let assumptions = [
        (met.spurious_wake_ups, Assumption::SpuriousWakeUps),
        (met.time_outs, Assumption::TimeOuts),
        (met.weak_failures, Assumption::WeakFailures),
        (met.idle_spins, Assumption::IdleSpins),
    ];
    let made = assumptions.into_iter().filter(|(made, _)| *made);
    counts.assumptions.extend(made.map(|(_, assumption)| assumption));
    if met.late {
        counts.blind_spots.insert(BlindSpot::LateTimeOut);
    }
}

/// Reports failures while the threads still stand where they failed.
struct FailureReporter<'a> {
    run: &'a Arc<Run>,
}

impl explore::Observer for FailureReporter<'_> {
    fn execution_failed(&mut self, defect: &explore::Bug) -> ControlFlow<()> {
        let Some(execution) = Execution::current() else { return ControlFlow::Break(()) };
        let ending = match ending_of(&execution, defect) {
            Ending::Failed(failure) if defect.is_standstill() && judges_standstills(self.run) => {
                match execution.objection(Some(&failure.defect)) {
                    None => return ControlFlow::Continue(()),
                    Some(defect) => execution.failure(defect),
                }
            }
            ending => ending,
        };
        self.run.end(ending);
        ControlFlow::Break(())
    }

    fn execution_ended(&mut self, _: &explore::FinishedExecution<'_>) -> ControlFlow<()> {
        if let Some(execution) = Execution::current() {
            execution.end();
        }
        ControlFlow::Continue(())
    }

    fn progress(&mut self, estimate: Option<f64>) {
        let settings = &self.run.task.settings;
        let is_exhaustive = settings.exploring == Strategy::Exhaustive;
        let samples = (!is_exhaustive).then(|| exactly(settings.samples));
        self.run.report(estimate.or(samples));
    }
}

/// Whether a standstill is for the watcher to judge.
fn judges_standstills(run: &Run) -> bool {
    let watcher = run.task.watcher.as_ref();
    watcher.is_some_and(|w| w.lock().unwrap_or_else(PoisonError::into_inner).judges_standstills())
}

fn ending_of(execution: &Execution, defect: &explore::Bug) -> Ending {
    use explore::Bug as Found;
    match defect {
        Found::Deadlock { blocked, .. } => standstill(execution, DefectKind::Deadlock, blocked),
        Found::LostWakeUp { blocked } => standstill(execution, DefectKind::LostWakeUp, blocked),
        Found::LeftParked { blocked } => standstill(execution, DefectKind::Parked, blocked),
        Found::DataRace(race) => execution.failure_of_race(race.cell as usize, race.first.writes),
        Found::Livelock { .. } => execution.failure_of_spinning(),
        Found::StackOverflow { stack_size, .. } => execution.failure_of_overflow(*stack_size),
        Found::TooLong { .. } => execution.ending_of(Complaint::TooManySteps, ""),
        Found::Nondeterministic(divergence) if execution.run.is_replay() => {
            Ending::Diverged(diverged(divergence))
        }
        Found::Nondeterministic(divergence) => {
            execution.ending_of(Complaint::Nondeterminism, &divergence.to_string())
        }
        other => execution.ending_of(Complaint::Other, &other.to_string()),
    }
}

/// What the engine says of a standstill, in the facade's words.
fn standstill(execution: &Execution, kind: DefectKind, blocked: &[explore::Blocked]) -> Ending {
    let threads = blocked.iter().map(|blocked| blocked.thread.index()).collect();
    execution.ending_of_standstill(Standstill { kind, threads })
}

impl Steps for explore::HappensBefore {
    fn clock(&self, thread: usize, steps: u32) -> &[u32] {
        self.clock(thread, steps)
    }

    fn steps(&self, thread: usize) -> u32 {
        self.steps(thread)
    }

    fn turns(&self) -> Vec<usize> {
        self.turns().collect()
    }
}
