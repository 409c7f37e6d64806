//! What was found out about one model: the verdict of each engine, and what really ran.

use std::fmt;
use std::time::Duration;

use lockproof::engine::{Engine, Exploration, Strategy};
use serde::{Deserialize, Serialize};

use crate::lock_order::LockOrder;
use crate::record::RecordedLocation;
use crate::{Expectation, OutcomeTable, Scenario, Verdict, WitnessFile, explanation, harness};

/// The verdicts of all engines on one model. `Display` gives subject and property as a sentence.
///
/// ```
/// use lockproof_check::Model;
///
/// let report = Model::new("two plus two", "is four", || assert_eq!(2 + 2, 4)).check();
/// assert_eq!(report.to_string(), "two plus two is four");
/// assert!(report.witness().is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The structure under test, or its twin.
    pub subject: String,
    /// The property that the model asserts.
    pub property: String,
    /// Where the model stands.
    pub location: RecordedLocation,
    /// The test that ran it, where the test harness tells.
    pub test: Option<String>,
    /// What the test expects; `None` for [`Model::check`](crate::Model::check).
    pub expectation: Option<Expectation>,
    /// One entry for each engine of the build, real threads first.
    pub runs: Vec<EngineRun>,
    /// The witness files of the model, and what became of each.
    #[serde(default)]
    pub witness_files: Vec<WitnessFile>,
    /// In which order its threads take locks, where an engine that controls the schedule ran.
    #[serde(default)]
    pub lock_order: Option<LockOrder>,
    /// The outcomes of the scenario, where they were counted and graded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcomes: Option<OutcomeTable>,
}

impl Report {
    /// What `engine` did, if it is in this build.
    pub fn run_of(&self, engine: Engine) -> Option<&EngineRun> {
        let name = engine.to_string();
        self.runs.iter().find(|run| run.engine == name)
    }

    /// Whether the model did what the test expects; true where it expects nothing.
    pub fn is_as_expected(&self) -> bool {
        self.objections().is_empty()
    }

    /// # Panics
    ///
    /// If the model did not do what the test expects: with the whole account.
    #[track_caller]
    pub(crate) fn demand(&self) {
        assert!(self.is_as_expected(), "{}", explanation::shown(self, harness::appearance()));
    }

    /// What stands against the expectation, a sentence each; empty when it is met.
    pub fn objections(&self) -> Vec<String> {
        let expectation = self.expectation.as_ref();
        let mut objections =
            expectation.map_or_else(Vec::new, |expectation| expectation.objections(&self.runs));
        objections.extend(self.doubts());
        let outcomes = self.outcomes.iter().filter(|_| expectation.is_some());
        objections.extend(outcomes.flat_map(|table| table.objections.iter().cloned()));
        let Some(order) = &self.lock_order else { return objections };
        if !self.is_of_a_twin() && expectation.is_some() {
            objections.extend(order.confirmations().map(|failure| {
                format!("a directed schedule refutes it: {}", failure.defect.summary())
            }));
        }
        objections.extend(order.unmet.iter().cloned());
        objections
    }

    /// The witnesses that should say whether the subject still fails, and cannot: only a proof can
    /// take their place. A twin is to fail, and its search says whether it does.
    fn doubts(&self) -> impl Iterator<Item = String> {
        let is_proved = self.runs.iter().any(|run| run.verdict == Verdict::Proved);
        let is_open = !is_proved && !self.is_of_a_twin() && self.expectation.is_some();
        let doubts = self.witness_files.iter().filter(|file| file.state.leaves_a_doubt());
        doubts.filter(move |_| is_open).map(ToString::to_string)
    }

    /// What stands against the expectation in one of the [`runs`](Self::runs).
    pub fn objection_to(&self, run: &EngineRun) -> Option<String> {
        self.expectation.as_ref()?.objection_to(run, &self.runs)
    }

    /// Whether the model is of a twin, broken on purpose.
    pub fn is_of_a_twin(&self) -> bool {
        self.expectation.as_ref().is_some_and(Expectation::is_refutation)
    }

    /// The run whose failure is best shown to a person: for a twin one that the test expects, then
    /// one with a trace and without stale loads, one of an exhaustive search, and the shortest.
    pub fn witness(&self) -> Option<&EngineRun> {
        let expected = |run: &&EngineRun| !self.is_surprise(run);
        best_to_show(self.runs.iter().filter(expected)).or_else(|| best_to_show(self.runs.iter()))
    }

    /// The run whose failure stands against the expectation, chosen as in
    /// [`witness`](Self::witness).
    pub fn surprise(&self) -> Option<&EngineRun> {
        best_to_show(self.runs.iter().filter(|run| self.is_surprise(run)))
    }

    /// Whether the run found a defect that the test does not expect.
    fn is_surprise(&self, run: &EngineRun) -> bool {
        match (&self.expectation, run.verdict.failure()) {
            (Some(Expectation::Refuted { by }), Some(failure)) => !by.matches(&failure.defect),
            (
                Some(Expectation::Proved | Expectation::ProvedBy { .. } | Expectation::Holds),
                Some(_),
            ) => true,
            _ => false,
        }
    }
}

/// A trace without stale loads is an interleaving that a person can follow step by step.
fn best_to_show<'a>(runs: impl Iterator<Item = &'a EngineRun>) -> Option<&'a EngineRun> {
    let events_of = |run: &'a EngineRun| Some((run, &run.verdict.failure()?.trace.events));
    runs.filter_map(events_of)
        .min_by_key(|(run, events)| {
            let stale = events.iter().filter(|event| event.stale).count();
            (events.is_empty(), stale, !run.is_exhaustive(), events.len())
        })
        .map(|(run, _)| run)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.subject, self.property)
    }
}

/// What one engine did with a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineRun {
    /// The engine's name.
    pub engine: String,
    /// Whether the engine decides every scheduling step, so that its refutation is no luck.
    pub controlled: bool,
    /// What it shows.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// What really ran; `None` where the engine was skipped.
    pub search: Option<Search>,
}

impl EngineRun {
    pub(crate) fn skipped(engine: Engine, reason: &str) -> Self {
        Self {
            engine: engine.to_string(),
            controlled: engine.is_controlled(),
            verdict: Verdict::Skipped { reason: reason.to_owned() },
            search: None,
        }
    }

    /// Whether the engine ran, and searches exhaustively.
    pub fn is_exhaustive(&self) -> bool {
        self.search.as_ref().is_some_and(|search| search.exhaustive)
    }
}

impl From<Exploration> for EngineRun {
    fn from(exploration: Exploration) -> Self {
        Self {
            engine: exploration.engine.to_string(),
            controlled: exploration.engine.is_controlled(),
            verdict: Verdict::from(&exploration),
            search: Some(Search::from(exploration)),
        }
    }
}

/// What really ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The strategy that picked schedules, such as `exhaustive`, `random` or `PCT-3`; `exhaustive,
    /// then directed` where only a directed schedule found the defect.
    pub strategy: String,
    /// Whether the strategy works off all schedules.
    pub exhaustive: bool,
    /// The executions, the failing one included.
    pub executions: u64,
    /// The time it took.
    pub elapsed: Duration,
    /// The most threads in one execution; 0 where nobody counted.
    pub threads: usize,
    /// The most events in one execution; 0 where nobody counted.
    pub events: usize,
    /// The bound on preemptions that was in force.
    pub preemptions: Option<usize>,
    /// The seed that repeats the run, where the strategy has one.
    pub seed: Option<u64>,
    /// What the model used and the engine does not explore completely.
    pub blind_spots: Vec<String>,
    /// The bounds on the environment that the search met, and a proof stands under.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// What was run of a contract; `None` for a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenarios: Option<ScenarioCounts>,
}

impl Search {
    /// This search and another one of the same kind as one.
    pub(crate) fn add(&mut self, other: Self) {
        self.executions += other.executions;
        self.elapsed += other.elapsed;
        self.threads = self.threads.max(other.threads);
        self.events = self.events.max(other.events);
        add_new(&mut self.blind_spots, other.blind_spots);
        add_new(&mut self.assumptions, other.assumptions);
    }
}

fn add_new(texts: &mut Vec<String>, others: Vec<String>) {
    for text in others {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
}

/// The scenarios that an engine ran of a contract, and how large they really were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioCounts {
    /// How many ran, the failing one included.
    pub run: u64,
    /// Of how many every interleaving was explored.
    pub complete: u64,
    /// How many were left out, because they may end with calls that wait.
    pub left_out: u64,
    /// How many histories the judge told apart, summed over the scenarios.
    pub histories: u64,
    /// The most threads of a scenario.
    pub threads: usize,
    /// The most calls of one thread, in parallel with others.
    pub calls: usize,
    /// The most calls before the threads.
    pub before: usize,
    /// The most calls after them.
    pub after: usize,
    /// The time to the first failure, before the search for a smaller scenario.
    pub failed_after: Option<Duration>,
}

impl ScenarioCounts {
    pub(crate) fn add<O>(&mut self, scenario: &Scenario<O>, histories: u64) {
        self.run += 1;
        self.histories += histories;
        self.threads = self.threads.max(scenario.threads.len());
        let calls = scenario.threads.iter().map(Vec::len).max();
        self.calls = self.calls.max(calls.unwrap_or(0));
        self.before = self.before.max(scenario.before.len());
        self.after = self.after.max(scenario.after.len());
    }
}

impl From<Exploration> for Search {
    fn from(exploration: Exploration) -> Self {
        Self {
            strategy: exploration.strategy.to_string(),
            exhaustive: exploration.strategy == Strategy::Exhaustive,
            executions: exploration.executions,
            elapsed: exploration.elapsed,
            threads: exploration.threads,
            events: exploration.events,
            preemptions: exploration.preemptions,
            seed: exploration.seed,
            blind_spots: exploration.blind_spots.iter().map(ToString::to_string).collect(),
            assumptions: exploration.assumptions.iter().map(ToString::to_string).collect(),
            scenarios: None,
        }
    }
}
