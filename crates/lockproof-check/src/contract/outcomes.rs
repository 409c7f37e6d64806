//! The outcomes of one scenario, counted and graded: in the manner of jcstress, but complete.

use lockproof::engine::{Engine, Exploration, Task};
use lockproof::sync::Arc;
use lockproof_record::{
    EngineRun, Expectation, Grade, OutcomeRow, OutcomeTable, RecordedFailure, RecordedScenario,
    Report, RunEnding, ScenarioSource, Verdict,
};

use super::Contract;
use super::coverage::Coverage;
use crate::conversion::{self, named};
use crate::runner::{self, Runner};
use crate::scenario::Scenario;
use crate::scenario::body::Explored;
use crate::scenario::outcome::OutcomeCounts;
use crate::{Specification, Specifies};

/// The outcomes of a scenario, to be graded: made by [`Contract::outcomes`].
///
/// An outcome is written as its row shows it: what the calls of each thread returned, with `, `
/// between calls and ` | ` between threads, and after `; after: ` what the calls after them
/// returned. A call that never returns is `..`. An outcome without a grade is
/// [forbidden](Grade::Forbidden), unless [`otherwise`](Self::otherwise) says something else.
///
/// ```
/// # use lockproof::sync::Mutex;
/// # use lockproof_check::{Contract, Scenario, specification};
/// # trait Slot { fn take(&self) -> bool; }
/// # impl Slot for Mutex<bool> {
/// #     fn take(&self) -> bool { std::mem::take(&mut *self.lock().unwrap()) }
/// # }
/// # #[derive(Clone, PartialEq, Eq, Hash)]
/// # struct SequentialSlot(bool);
/// # impl SequentialSlot {
/// #     fn take(&mut self) -> bool { std::mem::take(&mut self.0) }
/// # }
/// # specification! {
/// #     struct SlotSpecification(SequentialSlot) for impl Slot;
/// #     enum SlotCall -> SlotReturn;
/// #     fn take() -> bool;
/// # }
/// # let full = SlotSpecification(SequentialSlot(true));
/// let slot = Contract::new("Mutex<bool>", || Mutex::new(true), full);
/// slot.outcomes(Scenario::new([[SlotCall::take()], [SlotCall::take()]]))
///     .required(["true | false", "false | true"])
///     .forbidden(["true | true"])
///     .are_as_graded();
/// ```
#[must_use = "outcomes are found at their ending: are_as_graded or table"]
pub struct GradedOutcomes<S: Specifies<C>, C> {
    contract: Contract<S, C>,
    scenario: Arc<Scenario<S::Operation>>,
    grades: Vec<(String, Grade)>,
    otherwise: Grade,
}

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// The outcomes of one scenario, to be graded. The specification is not asked.
    pub fn outcomes(self, scenario: Scenario<S::Operation>) -> GradedOutcomes<S, C> {
        GradedOutcomes {
            contract: self,
            scenario: Arc::new(scenario),
            grades: Vec::new(),
            otherwise: Grade::Forbidden,
        }
    }
}

impl<S: Specifies<C>, C: Send + Sync + 'static> GradedOutcomes<S, C> {
    /// These outcomes must be possible.
    pub fn required(self, outcomes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.grade(outcomes, Grade::Required)
    }

    /// These outcomes may be possible.
    pub fn allowed(self, outcomes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.grade(outcomes, Grade::Allowed)
    }

    /// These outcomes may be possible, and are worth a look.
    pub fn interesting(self, outcomes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.grade(outcomes, Grade::Interesting)
    }

    /// These outcomes must be impossible.
    pub fn forbidden(self, outcomes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.grade(outcomes, Grade::Forbidden)
    }

    /// The grade of all other outcomes.
    pub fn otherwise(self, grade: Grade) -> Self {
        Self { otherwise: grade, ..self }
    }

    /// Demands that every required outcome is found and no forbidden one. The record has the table.
    ///
    /// Where no exhaustive engine is in the build, only outcomes that are found can be wrong.
    ///
    /// # Panics
    ///
    /// If that is not so: with the table, and for a forbidden outcome an execution that has it.
    /// Also if the scenario cannot be run to its end, or the record cannot be written.
    #[track_caller]
    pub fn are_as_graded(self) {
        let property = format!("has no forbidden outcome in {}", self.scenario);
        let report = self.contract.test.report(property, Some(Expectation::Passes));
        let runner = Runner { test: &self.contract.test, replay: None };
        runner::demand(&runner.run(report, |report| self.search(report)));
    }

    /// Finds all outcomes: by the exploring engine, or if it is not in the build by loom, shuttle
    /// or real threads. Leaves no record.
    ///
    /// # Panics
    ///
    /// If the scenario cannot be run to its end, or every engine was left out.
    #[track_caller]
    pub fn table(&self) -> OutcomeTable {
        let title = self.title();
        let Some(engine) = self.preferred_engine() else {
            panic!("{title} has no table of outcomes: every engine was left out");
        };
        let (run, table) = self.count(engine);
        match (run.verdict(), table) {
            (Verdict::Inconclusive { reason } | Verdict::Skipped { reason }, _) => {
                panic!("{title} has no table of outcomes: {reason}")
            }
            (_, Some(table)) => table,
            (verdict, None) => panic!("{title} has no table of outcomes: {verdict}"),
        }
    }

    fn grade(
        mut self,
        outcomes: impl IntoIterator<Item = impl Into<String>>,
        grade: Grade,
    ) -> Self {
        self.grades.extend(outcomes.into_iter().map(|outcome| (outcome.into(), grade)));
        self
    }

    fn title(&self) -> String {
        format!("{} in {}", self.contract.test.subject, self.scenario)
    }

    /// Asks the engine that knows most, and no other.
    fn search(&self, report: &mut Report) {
        let asked = self.preferred_engine();
        for engine in Engine::available().iter().copied() {
            let run = match self.contract.test.left_out(engine) {
                Some(reason) => EngineRun::skipped(named(engine), reason),
                None if asked == Some(engine) => {
                    let (mut run, table) = self.count(engine);
                    let has_forbidden = table.as_ref().is_some_and(OutcomeTable::has_forbidden);
                    report.outcomes = table;
                    if let Some(failure) = has_forbidden.then(|| self.failure(engine)).flatten() {
                        run.refute(failure);
                    }
                    run
                }
                None => EngineRun::skipped(named(engine), "another engine counts the outcomes"),
            };
            report.runs.push(run);
        }
    }

    /// Counts the outcomes; there is no table if the engine gave up.
    fn count(&self, engine: Engine) -> (EngineRun, Option<OutcomeTable>) {
        let found = self.explore(engine, OutcomeCounts::of(&self.scenario));
        let mut coverage = Coverage::new(engine, ScenarioSource::ByHand);
        coverage.add_scenario(&self.scenario, 0);
        coverage.counts.complete = u64::from(coverage.add(&found.exploration));
        let ending = match found.misuse {
            Some(reason) => RunEnding::GaveUp { reason },
            None => conversion::ending(&found.exploration),
        };
        let is_complete = matches!(ending, RunEnding::Complete);
        let run = coverage.into_run(ending);
        let search = run.search().cloned().filter(|_| is_complete);
        let rows = self.rows(&found.examiner);
        let table =
            search.map(|search| OutcomeTable::new(self.title(), rows, run.engine(), search));
        (run, table)
    }

    fn explore(&self, engine: Engine, outcomes: Counted<S>) -> Explored<Counted<S>> {
        let trial = self.contract.trial(engine, &self.contract.test.settings, &self.scenario);
        trial.run::<S, _>(outcomes, Task::explore)
    }

    fn rows(&self, found: &Counted<S>) -> Vec<OutcomeRow> {
        let graded = |(outcome, grade): &(String, Grade)| OutcomeRow {
            outcome: outcome.clone(),
            executions: 0,
            grade: *grade,
        };
        let mut rows: Vec<_> = self.grades.iter().map(graded).collect();
        for (outcome, executions) in &found.counts {
            let outcome = outcome.text(&self.scenario);
            match rows.iter_mut().find(|row| row.outcome == outcome) {
                Some(row) => row.executions += executions,
                None => rows.push(OutcomeRow {
                    outcome,
                    executions: *executions,
                    grade: self.otherwise,
                }),
            }
        }
        rows
    }

    /// An execution with a forbidden outcome.
    fn failure(&self, engine: Engine) -> Option<RecordedFailure> {
        let (scenario, grades, otherwise) =
            (Arc::clone(&self.scenario), self.grades.clone(), self.otherwise);
        let outcomes = OutcomeCounts::of(&self.scenario).unless(Box::new(move |outcome| {
            let outcome = outcome.text(&scenario);
            let known = grades.iter().find(|(text, _)| *text == outcome);
            let grade = known.map_or(otherwise, |(_, grade)| *grade);
            (grade == Grade::Forbidden).then(|| format!("{outcome} is forbidden"))
        }));
        let found = self.explore(engine, outcomes);
        let recorded = RecordedScenario {
            calls: self.scenario.to_string(),
            table: found.examiner.table.unwrap_or_default(),
            test: String::new(),
            origin: None,
        };
        Some(conversion::failure_in(found.exploration.failure()?, recorded))
    }

    /// The engine that knows most, of those that were not left out.
    fn preferred_engine(&self) -> Option<Engine> {
        let wanted = [Engine::Explore, Engine::Loom, Engine::Shuttle, Engine::Std];
        wanted.into_iter().find(|engine| {
            Engine::available().contains(engine) && self.contract.test.left_out(*engine).is_none()
        })
    }
}

/// Counter of the outcomes of a specification's calls.
type Counted<S> = OutcomeCounts<<S as Specification>::Operation, <S as Specification>::Return>;

/// The reason that an exploration did not come to its end, if it did not.
pub(super) fn gave_up(exploration: &Exploration) -> Option<String> {
    match conversion::ending(exploration) {
        RunEnding::Complete => None,
        RunEnding::Failed { failure } => Some(failure.defect.sentence),
        RunEnding::GaveUp { reason } | RunEnding::Skipped { reason } => Some(reason),
    }
}
