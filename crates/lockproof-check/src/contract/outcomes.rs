//! A table of all outcomes of one scenario, each with its grade: in the manner of jcstress, but
//! complete.

use std::fmt;

use lockproof::engine::{Ending, Engine, Exploration};
use lockproof::sync::Arc;

use super::Contract;
use crate::plain_text::{Table, count, one_line};
use crate::scenario::Scenario;
use crate::scenario::outcome::Outcomes;
use crate::verdict::missing;
use crate::{Appearance, Specifies, explanation};

/// What is thought of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// It must be possible.
    Required,
    /// It may be possible.
    Allowed,
    /// It may be possible, and is worth a look.
    Interesting,
    /// It must be impossible.
    Forbidden,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Required => "required",
            Self::Allowed => "allowed",
            Self::Interesting => "interesting",
            Self::Forbidden => "forbidden",
        })
    }
}

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

/// All outcomes of a scenario. `Display` is the table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutcomeTable {
    /// What the table is of.
    pub title: String,
    /// One for each outcome: those that were found, and those that were graded.
    pub rows: Vec<OutcomeRow>,
    /// The engine that was asked.
    pub engine: Engine,
    /// What it did not cover; empty if every interleaving was explored, so that a count of 0 is a
    /// proof.
    pub missing: Vec<String>,
    /// What stands against the grades, a sentence each.
    pub objections: Vec<String>,
}

/// One outcome of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutcomeRow {
    /// What the calls returned.
    pub outcome: String,
    /// How many interleavings, up to the order of independent steps, give it; on an engine that
    /// samples, how many executions did.
    pub executions: u64,
    /// What is thought of it.
    pub grade: Grade,
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

    /// Demands that every required outcome is found and no forbidden one.
    ///
    /// Where no exhaustive engine is in the build, only outcomes that are found can be wrong.
    ///
    /// # Panics
    ///
    /// If that is not so: with the table, and for a forbidden outcome an execution that has it.
    /// Also if the scenario cannot be run to its end.
    #[track_caller]
    pub fn are_as_graded(self) {
        let table = self.table();
        let witness = || self.witness().unwrap_or_default();
        assert!(table.objections.is_empty(), "{table}\n{}", witness());
    }

    /// Finds all outcomes: by the exploring engine, or if it is not in the build by loom, shuttle or
    /// real threads.
    ///
    /// # Panics
    ///
    /// If the scenario cannot be run to its end.
    #[track_caller]
    pub fn table(&self) -> OutcomeTable {
        let engine = preferred_engine();
        let (exploration, outcomes) = self.explore(engine, Outcomes::of(&self.scenario));
        let title = format!("{} in {}", self.contract.case.subject, self.scenario);
        if let Some(reason) = gave_up(&exploration) {
            panic!("{title} has no table of outcomes: {reason}");
        }
        let mut rows: Vec<_> = self
            .grades
            .iter()
            .map(|(outcome, grade)| OutcomeRow {
                outcome: outcome.clone(),
                executions: 0,
                grade: *grade,
            })
            .collect();
        for (outcome, executions) in &outcomes.counts {
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
        rows.sort_by(|one, other| (one.grade, &one.outcome).cmp(&(other.grade, &other.outcome)));
        let missing = missing(&exploration);
        let objections = rows.iter().filter_map(|row| objection(row, missing.is_empty())).collect();
        OutcomeTable { title, rows, engine, missing, objections }
    }

    fn grade(
        mut self,
        outcomes: impl IntoIterator<Item = impl Into<String>>,
        grade: Grade,
    ) -> Self {
        self.grades.extend(outcomes.into_iter().map(|outcome| (outcome.into(), grade)));
        self
    }

    fn explore(
        &self,
        engine: Engine,
        outcomes: Outcomes<S::Operation, S::Return>,
    ) -> (Exploration, Outcomes<S::Operation, S::Return>) {
        let trial = self.contract.trial(engine, &self.contract.case.settings, &self.scenario);
        let explored = trial.explore::<S, _>(outcomes);
        if let Some(misuse) = explored.misuse {
            panic!("{misuse}");
        }
        (explored.exploration, explored.examiner)
    }

    /// An execution with a forbidden outcome.
    fn witness(&self) -> Option<String> {
        let (scenario, grades, otherwise) =
            (Arc::clone(&self.scenario), self.grades.clone(), self.otherwise);
        let outcomes = Outcomes::of(&self.scenario).unless(Box::new(move |outcome| {
            let outcome = outcome.text(&scenario);
            let known = grades.iter().find(|(text, _)| *text == outcome);
            let grade = known.map_or(otherwise, |(_, grade)| *grade);
            (grade == Grade::Forbidden).then(|| format!("{outcome} is forbidden"))
        }));
        let (exploration, outcomes) = self.explore(preferred_engine(), outcomes);
        let failure = exploration.failure()?.into();
        let account = explanation::of_failure(&failure, Appearance::default());
        Some(format!("{}\n{account}", outcomes.table?))
    }
}

/// The engine that knows most.
fn preferred_engine() -> Engine {
    let wanted = [Engine::Explore, Engine::Loom, Engine::Shuttle];
    let available = |engine: &Engine| Engine::available().contains(engine);
    wanted.into_iter().find(available).unwrap_or(Engine::Std)
}

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

fn objection(row: &OutcomeRow, is_complete: bool) -> Option<String> {
    let OutcomeRow { outcome, executions, grade } = row;
    match grade {
        Grade::Forbidden if *executions > 0 => {
            Some(format!("{outcome} is forbidden, but possible"))
        }
        Grade::Required if *executions == 0 && is_complete => {
            Some(format!("{outcome} is required, but impossible"))
        }
        _ => None,
    }
}

impl fmt::Display for OutcomeTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { title, rows, engine, missing, objections } = self;
        writeln!(f, "{}, on {engine}\n", one_line(title))?;
        let mut table = Table::new(["outcome", "interleavings", "grade", ""]).right_aligned(1);
        for row in rows {
            let mark = if objection(row, missing.is_empty()).is_some() { "wrong" } else { "" };
            let OutcomeRow { outcome, executions, grade } = row;
            let (outcome, grade) = (one_line(outcome), grade.to_string());
            table.push([outcome, count(*executions), grade, mark.to_owned()]);
        }
        write!(f, "{table}")?;
        match missing.as_slice() {
            [] => writeln!(f, "\nevery interleaving was explored")?,
            missing => writeln!(f, "\nnot covered: {}", missing.join("; "))?,
        }
        objections.iter().try_for_each(|objection| writeln!(f, "{}", one_line(objection)))
    }
}
