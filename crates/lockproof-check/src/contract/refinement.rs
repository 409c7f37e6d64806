//! The old lock against the new one: two types of one contract in the same scenarios, and whether
//! the one has outcomes that the other has not.

use std::collections::HashSet;

use lockproof::engine::{Ending, Engine, Settings, Task};
use lockproof::sync::Arc;
use lockproof_record::{
    EngineRun, Expectation, RecordedEngine, RecordedFailure, RecordedScenario, Report, RunEnding,
};

use super::Contract;
use super::coverage::Coverage;
use super::outcomes::gave_up;
use crate::conversion::{self, named};
use crate::runner::{self, Runner};
use crate::scenario::body::Explored;
use crate::scenario::outcome::{Outcome, OutcomeCounts};
use crate::scenario::plan::Candidate;
use crate::scenario::shrinking::shrink;
use crate::scenario::{Scenario, pasted};
use crate::{Specification, Specifies};

/// Two types of one contract, compared in the same scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refinement {
    /// In how many scenarios both have the same outcomes.
    pub equal: u64,
    /// In how many scenarios the one has some of the other's outcomes and no others.
    pub fewer: u64,
    /// The verdict, with the first scenario and outcome that only the one has.
    pub report: Report,
}

type FoundOutcomes<S> =
    Explored<OutcomeCounts<<S as Specification>::Operation, <S as Specification>::Return>>;

/// The first scenario in which one type has an outcome that the other has not.
type DifferentOutcomes<S> = (Candidate<<S as Specification>::Operation>, Box<FoundOutcomes<S>>);

/// Comparison of the outcomes of two types in one scenario.
enum OutcomeComparison<S: Specification> {
    Equal,
    Fewer,
    /// The one has an outcome that the other has not, or fails.
    Different(Box<FoundOutcomes<S>>),
}

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// Demands that the type has no outcome, in the scenarios of this contract, that the type of
    /// `other` has not: so a user of the other one can use this one.
    ///
    /// This takes the exploring engine: without it nothing is compared, and nothing is demanded. A
    /// refinement leaves no witness file; its smallest scenario comes as a test to paste.
    ///
    /// # Panics
    ///
    /// If that is not so: with the smallest scenario that was found, the outcome, and an
    /// interleaving that gives it. Also if the record cannot be written.
    #[track_caller]
    pub fn refines<D: Send + Sync + 'static>(self, other: &Contract<S, D>)
    where
        S: Specifies<D>,
    {
        let refinement = self.run_beside(other, Some(Expectation::Passes));
        runner::demand(&refinement.report);
    }

    /// As [`refines`](Self::refines), and demands nothing.
    ///
    /// # Panics
    ///
    /// If the record cannot be written.
    pub fn compare_with<D: Send + Sync + 'static>(self, other: &Contract<S, D>) -> Refinement
    where
        S: Specifies<D>,
    {
        self.run_beside(other, None)
    }

    fn run_beside<D: Send + Sync + 'static>(
        self,
        other: &Contract<S, D>,
        expectation: Option<Expectation>,
    ) -> Refinement
    where
        S: Specifies<D>,
    {
        let mut pair = Pair::new(&self, other);
        let only_exhaustive = "only an exhaustive search knows all outcomes: enable explore";
        let report = self.test.report(format!("refines {}", other.test.subject), expectation);
        let report = Runner { test: &self.test, replay: None }.run(report, |report| {
            let runs = Engine::available().iter().map(|engine| match named(engine) {
                RecordedEngine::Explore => pair.run(),
                engine => EngineRun::skipped(engine, only_exhaustive),
            });
            report.runs = runs.collect();
        });
        Refinement { equal: pair.equal, fewer: pair.fewer, report }
    }
}

struct Pair<'a, S: Specifies<C> + Specifies<D>, C, D> {
    one: &'a Contract<S, C>,
    other: &'a Contract<S, D>,
    settings: Settings,
    equal: u64,
    fewer: u64,
    coverage: Coverage,
}

impl<'a, S, C, D> Pair<'a, S, C, D>
where
    S: Specifies<C> + Specifies<D>,
    C: Send + Sync + 'static,
    D: Send + Sync + 'static,
{
    fn new(one: &'a Contract<S, C>, other: &'a Contract<S, D>) -> Self {
        let settings = one.test.settings.clone();
        let coverage = Coverage::new(Engine::Explore, one.plan.source());
        Self { one, other, settings, equal: 0, fewer: 0, coverage }
    }

    fn run(&mut self) -> EngineRun {
        let (plan, seed) = (&self.one.plan, self.settings.seed);
        let ending = match plan.nothing_to_run().map_or_else(|| self.compare_all(), Err) {
            Err(reason) => RunEnding::GaveUp { reason },
            Ok(Some((candidate, found))) => {
                RunEnding::Failed { failure: Box::new(self.smallest(candidate, *found)) }
            }
            Ok(None) => RunEnding::Complete,
        };
        let nothing = Coverage::new(Engine::Explore, plan.source());
        self.coverage.end(seed);
        std::mem::replace(&mut self.coverage, nothing).into_run(ending)
    }

    /// Compares both in one scenario after the other, up to the first in which they differ.
    fn compare_all(&mut self) -> Result<Option<DifferentOutcomes<S>>, String> {
        let (one, budget) = (self.one, self.settings.time);
        let (plan, seed) = (&one.plan, self.settings.seed);
        let mut different = None;
        plan.each(&one.specification, plan.generated, seed, |candidate| {
            let (left, done) = (self.coverage.time_left(budget), self.coverage.counts.run);
            self.settings.time =
                left.ok_or_else(|| format!("out of budget: time: {budget:?}, at scenario {done}"))?;
            let comparison = self.compare(&candidate.scenario)?;
            self.coverage.add_scenario(&candidate.scenario, 0);
            match comparison {
                OutcomeComparison::Equal => self.equal += 1,
                OutcomeComparison::Fewer => self.fewer += 1,
                OutcomeComparison::Different(found) => {
                    self.coverage.counts.failed_after = Some(self.coverage.start.elapsed());
                    different = Some((candidate, found));
                    return Ok(false);
                }
            }
            Ok(true)
        })?;
        Ok(different)
    }

    /// Explores both, first the other: it says what is wanted.
    fn compare(
        &mut self,
        scenario: &Arc<Scenario<S::Operation>>,
    ) -> Result<OutcomeComparison<S>, String> {
        let settings = self.settings.clone();
        let trial = self.other.trial(Engine::Explore, &settings, scenario);
        let wanted = trial.run::<S, _>(OutcomeCounts::of(scenario), Task::explore);
        let of_other = wanted.misuse.or_else(|| gave_up(&wanted.exploration));
        if let Some(reason) = of_other {
            return Err(format!("{} in {scenario}: {reason}", self.other.test.subject));
        }
        let wanted_is_complete = self.coverage.add(&wanted.exploration);
        let wanted: HashSet<_> = wanted.examiner.counts.into_keys().collect();
        let count = wanted.len();
        let trial = self.one.trial(Engine::Explore, &settings, scenario);
        let found = trial.run::<S, _>(self.outcomes(scenario, wanted), Task::explore);
        if let Some(misuse) = found.misuse {
            return Err(misuse);
        }
        let is_complete = self.coverage.add(&found.exploration);
        match &found.exploration.ending {
            Ending::Failed(_) if wanted_is_complete => {
                Ok(OutcomeComparison::Different(Box::new(found)))
            }
            Ending::Failed(_) => Err(format!(
                "{} has another outcome in {scenario}, but not every outcome of {} is known",
                self.one.test.subject, self.other.test.subject
            )),
            Ending::Complete => {
                self.coverage.counts.complete += u64::from(wanted_is_complete && is_complete);
                let is_equal = found.examiner.counts.len() == count;
                Ok(if is_equal { OutcomeComparison::Equal } else { OutcomeComparison::Fewer })
            }
            _ => Err(gave_up(&found.exploration).unwrap_or_default()),
        }
    }

    fn outcomes(
        &self,
        scenario: &Arc<Scenario<S::Operation>>,
        wanted: HashSet<Outcome<S::Return>>,
    ) -> OutcomeCounts<S::Operation, S::Return> {
        let (other, of_text) = (self.other.test.subject.clone(), Arc::clone(scenario));
        OutcomeCounts::of(scenario).unless(Box::new(move |outcome| {
            let is_new = !wanted.contains(outcome);
            is_new.then(|| format!("{other} never returns {}", outcome.text(&of_text)))
        }))
    }

    fn smallest(
        &mut self,
        Candidate { scenario, trees, .. }: Candidate<S::Operation>,
        found: FoundOutcomes<S>,
    ) -> RecordedFailure {
        let mut last = (scenario, found);
        shrink(trees, |scenario| {
            let is_fit = self.one.is_fit(scenario, Engine::Explore);
            let scenario = Arc::new(scenario.clone());
            match is_fit.then(|| self.compare(&scenario)) {
                Some(Ok(OutcomeComparison::Different(found))) => {
                    last = (scenario, *found);
                    true
                }
                _ => false,
            }
        });
        let (scenario, found) = last;
        let failure = found.exploration.failure().expect("the outcome is different");
        let recorded = RecordedScenario {
            calls: scenario.to_string(),
            table: found.examiner.table.unwrap_or_default(),
            test: pasted::refinement(&self.one.test.subject, &self.other.test.subject, &scenario),
            origin: None,
        };
        conversion::failure_in(failure, recorded)
    }
}
