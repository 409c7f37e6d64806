//! The outcomes of one scenario, counted and graded: in the manner of jcstress, but complete.

use lockproof::engine::{Ending, Engine, Exploration};
use lockproof::sync::Arc;

use super::Contract;
use super::outcome_table::{Grade, OutcomeRow, OutcomeTable};
use crate::Specifies;
use crate::expectation::Expectation;
use crate::record::{RecordedFailure, RecordedScenario};
use crate::report::{EngineRun, Report};
use crate::scenario::Scenario;
use crate::scenario::body::Explored;
use crate::scenario::outcome::Outcomes;
use crate::verdict::{Verdict, missing};
use crate::witness::Keeper;

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

    /// What is thought of all other outcomes.
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
        let report = self.contract.case.report(property, Some(Expectation::Holds));
        Keeper { case: &self.contract.case, replay: None }
            .attend(report, |report| self.search(report))
            .demand();
    }

    /// Finds all outcomes: by the exploring engine, or if it is not in the build by loom, shuttle or
    /// real threads. Leaves no record.
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
        let found = self.explore(engine, Outcomes::of(&self.scenario));
        match found.misuse.clone().or_else(|| gave_up(&found.exploration)) {
            Some(reason) => panic!("{title} has no table of outcomes: {reason}"),
            None => self.table_of(&found),
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
        format!("{} in {}", self.contract.case.subject, self.scenario)
    }

    /// Asks the engine that knows most, and no other.
    fn search(&self, report: &mut Report) {
        let asked = self.preferred_engine();
        for engine in Engine::available().iter().copied() {
            let run = match self.contract.case.left_out(engine) {
                Some(reason) => EngineRun::skipped(engine, reason),
                None if asked == Some(engine) => self.count(engine, &mut report.outcomes),
                None => EngineRun::skipped(engine, "another engine counts the outcomes"),
            };
            report.runs.push(run);
        }
    }

    /// Fills the table; if it has a forbidden outcome, the run shows an execution that has it.
    fn count(&self, engine: Engine, table: &mut Option<OutcomeTable>) -> EngineRun {
        let found = self.explore(engine, Outcomes::of(&self.scenario));
        let mut run = EngineRun::from(found.exploration.clone());
        if let Some(reason) = found.misuse {
            run.verdict = Verdict::Inconclusive { reason };
        } else if gave_up(&found.exploration).is_none() {
            let table = table.insert(self.table_of(&found));
            if let Some(failure) = table.has_forbidden().then(|| self.failure(engine)).flatten() {
                run.verdict = Verdict::Refuted { failure: Box::new(failure) };
            }
        }
        run
    }

    fn explore(&self, engine: Engine, outcomes: Counted<S>) -> Explored<Counted<S>> {
        let trial = self.contract.trial(engine, &self.contract.case.settings, &self.scenario);
        trial.explore::<S, _>(outcomes)
    }

    fn table_of(&self, found: &Explored<Counted<S>>) -> OutcomeTable {
        let graded = |(outcome, grade): &(String, Grade)| OutcomeRow {
            outcome: outcome.clone(),
            executions: 0,
            grade: *grade,
        };
        let mut rows: Vec<_> = self.grades.iter().map(graded).collect();
        for (outcome, executions) in &found.examiner.counts {
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
        let Exploration { engine, .. } = found.exploration;
        OutcomeTable::new(self.title(), rows, engine, missing(&found.exploration))
    }

    /// An execution with a forbidden outcome.
    fn failure(&self, engine: Engine) -> Option<RecordedFailure> {
        let (scenario, grades, otherwise) =
            (Arc::clone(&self.scenario), self.grades.clone(), self.otherwise);
        let outcomes = Outcomes::of(&self.scenario).unless(Box::new(move |outcome| {
            let outcome = outcome.text(&scenario);
            let known = grades.iter().find(|(text, _)| *text == outcome);
            let grade = known.map_or(otherwise, |(_, grade)| *grade);
            (grade == Grade::Forbidden).then(|| format!("{outcome} is forbidden"))
        }));
        let found = self.explore(engine, outcomes);
        let mut recorded = RecordedFailure::from(found.exploration.failure()?);
        recorded.scenario = Some(RecordedScenario {
            calls: self.scenario.to_string(),
            table: found.examiner.table.unwrap_or_default(),
            test: String::new(),
            origin: None,
        });
        Some(recorded)
    }

    /// The engine that knows most, of those that were not left out.
    fn preferred_engine(&self) -> Option<Engine> {
        let wanted = [Engine::Explore, Engine::Loom, Engine::Shuttle, Engine::Std];
        wanted.into_iter().find(|engine| {
            Engine::available().contains(engine) && self.contract.case.left_out(*engine).is_none()
        })
    }
}

/// What counts the outcomes of a specification's calls.
type Counted<S> =
    Outcomes<<S as crate::Specification>::Operation, <S as crate::Specification>::Return>;

/// Why an exploration that found nothing unwanted did not come to its end.
pub(super) fn gave_up(exploration: &Exploration) -> Option<String> {
    match &exploration.ending {
        Ending::Complete => None,
        Ending::Failed(failure) => Some(failure.defect.to_string()),
        Ending::OutOfBudget { budget } => Some(format!("out of budget: {budget}")),
        Ending::Unsupported { reason } => Some(reason.clone()),
        ending => Some(format!("unknown ending: {ending:?}")),
    }
}
