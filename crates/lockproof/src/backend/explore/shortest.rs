//! One search for an execution that fails in a certain way and is shorter than the best so far.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lockproof_explore as explore;
use lockproof_explore::{Cost, Measured, Pick, View};

use super::{FailureReporter, model_of, note_facts, options};
use crate::engine::{Defect, DefectKind, Ending, Failure, Obstacle};
use crate::execution::run::Run;

/// An execution that fails as it should.
pub(super) struct Found {
    pub(super) cost: Cost,
    pub(super) failure: Failure,
}

/// How a search ended.
pub(super) enum Searched {
    /// With a shorter failure.
    Found,
    /// There is none within the bounds of the strategy.
    Nothing {
        /// Whether an execution within them failed in another way.
        others_fail: bool,
    },
    /// Before it was over.
    Cut,
}

/// Goes on after failures until one is as wanted.
pub(super) struct Catch<'a> {
    run: &'a Arc<Run>,
    wanted: &'a Defect,
    /// The cost to stay below.
    cost: Option<Cost>,
    pub(super) found: Option<Found>,
    /// Whether an execution failed in another way.
    others_fail: bool,
    /// What cut the search off.
    pub(super) obstacle: Option<Obstacle>,
    /// The cost of the current execution up to its failure.
    now: Rc<Cell<Cost>>,
}

impl<'a> Catch<'a> {
    pub(super) fn new(run: &'a Arc<Run>, wanted: &'a Defect, cost: Option<Cost>) -> Self {
        let now = Rc::default();
        Self { run, wanted, cost, found: None, others_fail: false, obstacle: None, now }
    }

    pub(super) fn search(
        &mut self,
        strategy: &mut dyn explore::SearchStrategy,
        deadline: Instant,
    ) -> Searched {
        let options = explore::Options {
            time: None,
            stop_at_failure: false,
            cut_failures: true,
            ..options(self.run)
        };
        let mut measuring = Measuring {
            measured: Measured::new(strategy),
            run: Arc::clone(self.run),
            now: Rc::clone(&self.now),
            has_failed: false,
            deadline,
            is_late: false,
            is_spoiled: false,
        };
        let model = model_of(self.run);
        let outcome = explore::explore(&options, &mut measuring, self, model);
        note_facts(self.run, &outcome.facts);
        if measuring.is_late {
            self.obstacle = Some(Obstacle::Time(Duration::ZERO));
        } else if measuring.is_spoiled {
            let what = "what comes after an execution whose threads cannot be unwound";
            self.obstacle = Some(Obstacle::Uncovered(what.to_owned()));
        }
        match (&self.found, &self.obstacle) {
            (Some(_), _) => Searched::Found,
            (None, Some(_)) => Searched::Cut,
            (None, None) => Searched::Nothing { others_fail: self.others_fail },
        }
    }

    fn take_in(&mut self, ending: Ending) -> ControlFlow<()> {
        let failure = match ending {
            Ending::Failed(failure) => *failure,
            Ending::Unsupported { reason } => return self.give_up(reason),
            Ending::Diverged(divergence) => return self.give_up(divergence.to_string()),
            Ending::Complete | Ending::OutOfBudget { .. } => return ControlFlow::Continue(()),
        };
        if self.wanted.is_like(&failure.defect) {
            let cost = self.now.get();
            if self.cost.is_some_and(|best| cost >= best) {
                return ControlFlow::Continue(());
            }
            self.found = Some(Found { cost, failure });
            return ControlFlow::Break(());
        }
        self.others_fail = true;
        match failure.defect.kind() {
            // Each leaks the stacks of its execution.
            DefectKind::StackOverflow => self.give_up("what comes after a stack overflow".into()),
            DefectKind::Nondeterminism => self.give_up("a model that is not deterministic".into()),
            _ => ControlFlow::Continue(()),
        }
    }

    fn give_up(&mut self, uncovered: String) -> ControlFlow<()> {
        self.obstacle = Some(Obstacle::Uncovered(uncovered));
        ControlFlow::Break(())
    }
}

impl explore::Observer for Catch<'_> {
    fn execution_failed(&mut self, defect: &explore::Bug) -> ControlFlow<()> {
        FailureReporter { run: self.run }.execution_failed(defect)
    }

    fn execution_ended(&mut self, execution: &explore::FinishedExecution<'_>) -> ControlFlow<()> {
        let _ = FailureReporter { run: self.run }.execution_ended(execution);
        let ending = self.run.caught().and_then(|mut caught| caught.take());
        ending.map_or(ControlFlow::Continue(()), |ending| self.take_in(ending))
    }
}

/// Measures executions up to their failure, and begins none after the deadline.
struct Measuring<'a> {
    measured: Measured<'a>,
    run: Arc<Run>,
    now: Rc<Cell<Cost>>,
    /// Whether the current execution has failed: what comes after does not count.
    has_failed: bool,
    deadline: Instant,
    is_late: bool,
    /// Whether a thread of an earlier execution was left in the middle of unwinding: in the eyes of
    /// std every thread of this OS thread then unwinds, and no execution is as it should be.
    is_spoiled: bool,
}

impl Measuring<'_> {
    fn has_caught(&self) -> bool {
        self.run.caught().is_some_and(|caught| caught.is_some())
    }
}

impl explore::SearchStrategy for Measuring<'_> {
    fn begin(&mut self) -> bool {
        if !self.measured.begin() {
            return false;
        }
        self.has_failed = false;
        self.now.set(Cost::default());
        self.is_spoiled = std::thread::panicking();
        self.is_late = Instant::now() >= self.deadline;
        !self.is_late && !self.is_spoiled
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        if self.has_failed { Pick::Abandon } else { self.measured.pick(view) }
    }

    fn executed(&mut self, event: &explore::VisibleEvent, view: &View<'_>) {
        self.measured.executed(event, view);
        if !self.has_failed {
            self.now.set(self.measured.cost());
            self.has_failed = self.has_caught();
        }
    }

    fn end(&mut self, view: &View<'_>) {
        self.measured.end(view);
    }
}
