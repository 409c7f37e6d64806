//! The old lock against the new one: two types of one contract in the same scenarios, and whether
//! the one has outcomes that the other has not.

use std::collections::HashSet;
use std::time::Instant;

use lockproof::engine::{Ending, Engine, Exploration, Settings};
use lockproof::sync::Arc;

use super::Contract;
use super::outcomes::gave_up;
use crate::expectation::Expectation;
use crate::record::{RecordedFailure, RecordedScenario};
use crate::report::{EngineRun, Report, ScenarioCounts, Search};
use crate::scenario::body::Explored;
use crate::scenario::outcome::{Outcome, Outcomes};
use crate::scenario::plan::Candidate;
use crate::scenario::shrinking::shrink;
use crate::scenario::{Scenario, pasted};
use crate::verdict::{Verdict, missing};
use crate::witness::Keeper;
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

type Returned<S> = <S as Specification>::Return;
type Operation<S> = <S as Specification>::Operation;
type Found<S> = Explored<Outcomes<Operation<S>, Returned<S>>>;

/// How the outcomes of two types compare in one scenario.
enum Comparison<S: Specification> {
    Equal,
    Fewer,
    /// The one has an outcome that the other has not, or fails.
    Different(Box<Found<S>>),
}

impl<S: Specifies<C>, C: Send + Sync + 'static> Contract<S, C> {
    /// Demands that the type has no outcome, in the scenarios of this contract, that the type of
    /// `other` has not: so whoever uses the other one can use this one.
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
        self.run_beside(other, Some(Expectation::Holds)).report.demand();
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
        let report = self.case.report(format!("refines {}", other.case.subject), expectation);
        let report = Keeper { case: &self.case, replay: None }.attend(report, |report| {
            let runs = Engine::available().iter().map(|engine| match *engine {
                Engine::Explore => pair.run(),
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
    counts: ScenarioCounts,
    search: Option<Search>,
    missing: Vec<String>,
}

impl<'a, S, C, D> Pair<'a, S, C, D>
where
    S: Specifies<C> + Specifies<D>,
    C: Send + Sync + 'static,
    D: Send + Sync + 'static,
{
    fn new(one: &'a Contract<S, C>, other: &'a Contract<S, D>) -> Self {
        let settings = one.case.settings.clone();
        let (counts, search, missing) = (ScenarioCounts::default(), None, Vec::new());
        Self { one, other, settings, equal: 0, fewer: 0, counts, search, missing }
    }

    fn run(&mut self) -> EngineRun {
        let start = Instant::now();
        let (one, budget) = (self.one, self.settings.time);
        let mut different = None;
        let plan = &one.plan;
        let seed = self.settings.seed;
        let result = plan.each(&one.specification, plan.generated, seed, |candidate| {
            let left = budget.checked_sub(start.elapsed()).filter(|left| !left.is_zero());
            let done = self.counts.run;
            self.settings.time =
                left.ok_or_else(|| format!("out of budget: time: {budget:?}, at scenario {done}"))?;
            let comparison = self.compare(&candidate.scenario)?;
            self.counts.add(&candidate.scenario, 0);
            match comparison {
                Comparison::Equal => self.equal += 1,
                Comparison::Fewer => self.fewer += 1,
                Comparison::Different(found) => {
                    self.counts.failed_after = Some(start.elapsed());
                    different = Some((candidate, found));
                    return Ok(false);
                }
            }
            Ok(true)
        });
        let verdict = match (result, different) {
            (Err(reason), _) => Verdict::Inconclusive { reason },
            (Ok(()), Some((candidate, found))) => {
                Verdict::Refuted { failure: Box::new(self.smallest(candidate, *found)) }
            }
            (Ok(()), None) => self.held(),
        };
        if let Some(search) = &mut self.search {
            search.elapsed = start.elapsed();
            search.seed = (plan.generated > 0).then_some(seed);
            search.scenarios = Some(self.counts);
        }
        EngineRun {
            engine: Engine::Explore.to_string(),
            controlled: true,
            verdict,
            search: self.search.take(),
        }
    }

    /// Explores both, first the other: it says what is wanted.
    fn compare(&mut self, scenario: &Arc<Scenario<S::Operation>>) -> Result<Comparison<S>, String> {
        let settings = self.settings.clone();
        let trial = self.other.trial(Engine::Explore, &settings, scenario);
        let wanted = trial.explore::<S, _>(Outcomes::of(scenario));
        let of_other = wanted.misuse.or_else(|| gave_up(&wanted.exploration));
        if let Some(reason) = of_other {
            return Err(format!("{} in {scenario}: {reason}", self.other.case.subject));
        }
        let wanted_is_complete = self.add(&wanted.exploration);
        let wanted: HashSet<_> = wanted.examiner.counts.into_keys().collect();
        let count = wanted.len();
        let trial = self.one.trial(Engine::Explore, &settings, scenario);
        let found = trial.explore::<S, _>(self.outcomes(scenario, wanted));
        if let Some(misuse) = found.misuse {
            return Err(misuse);
        }
        let is_complete = self.add(&found.exploration);
        match &found.exploration.ending {
            Ending::Failed(_) if wanted_is_complete => Ok(Comparison::Different(Box::new(found))),
            Ending::Failed(_) => Err(format!(
                "{} has another outcome in {scenario}, but not every outcome of {} is known",
                self.one.case.subject, self.other.case.subject
            )),
            Ending::Complete => {
                self.counts.complete += u64::from(wanted_is_complete && is_complete);
                let is_equal = found.examiner.counts.len() == count;
                Ok(if is_equal { Comparison::Equal } else { Comparison::Fewer })
            }
            _ => Err(gave_up(&found.exploration).unwrap_or_default()),
        }
    }

    fn outcomes(
        &self,
        scenario: &Arc<Scenario<S::Operation>>,
        wanted: HashSet<Outcome<S::Return>>,
    ) -> Outcomes<S::Operation, S::Return> {
        let (other, of_text) = (self.other.case.subject.clone(), Arc::clone(scenario));
        Outcomes::of(scenario).unless(Box::new(move |outcome| {
            let is_new = !wanted.contains(outcome);
            is_new.then(|| format!("{other} never returns {}", outcome.text(&of_text)))
        }))
    }

    /// Counts an exploration; says whether it covered everything.
    fn add(&mut self, exploration: &Exploration) -> bool {
        for missed in missing(exploration) {
            if !self.missing.contains(&missed) {
                self.missing.push(missed);
            }
        }
        let search = Search::from(exploration.clone());
        match &mut self.search {
            Some(so_far) => so_far.add(search),
            None => self.search = Some(search),
        }
        exploration.is_proof()
    }

    fn held(&self) -> Verdict {
        let ScenarioCounts { run, complete, .. } = self.counts;
        if self.one.plan.generated == 0 && run == complete {
            return Verdict::Proved;
        }
        let each = if run == complete { ", each explored completely" } else { "" };
        let mut missing = vec![format!("scenarios other than these {run}{each}")];
        missing.extend(self.missing.iter().cloned());
        Verdict::Held { missing }
    }

    fn smallest(
        &mut self,
        Candidate { scenario, trees, .. }: Candidate<S::Operation>,
        found: Found<S>,
    ) -> RecordedFailure {
        let mut last = (scenario, found);
        shrink(trees, |scenario| {
            let is_fit = self.one.is_fit(scenario, Engine::Explore);
            let scenario = Arc::new(scenario.clone());
            match is_fit.then(|| self.compare(&scenario)) {
                Some(Ok(Comparison::Different(found))) => {
                    last = (scenario, *found);
                    true
                }
                _ => false,
            }
        });
        let (scenario, found) = last;
        let failure = found.exploration.failure().expect("the outcome is different");
        let mut recorded = RecordedFailure::from(failure);
        recorded.scenario = Some(RecordedScenario {
            calls: scenario.to_string(),
            table: found.examiner.table.unwrap_or_default(),
            test: pasted::refinement(&self.one.case.subject, &self.other.case.subject, &scenario),
            origin: None,
        });
        recorded
    }
}
