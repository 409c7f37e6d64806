//! Run of one engine: its facts, and the verdict that they give.

use serde::{Deserialize, Serialize, Serializer};

use crate::engine::RecordedEngine;
use crate::failure::RecordedFailure;
use crate::search::Search;
use crate::verdict::{RunEnding, Verdict};

/// Run of one engine with a model.
///
/// The verdict always is what the facts give, also of a run that was read from a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "RunFacts")]
pub struct EngineRun {
    engine: RecordedEngine,
    verdict: Verdict,
    search: Option<Search>,
}

impl EngineRun {
    /// A run by its facts.
    pub fn new(engine: RecordedEngine, ending: RunEnding, search: Option<Search>) -> Self {
        Self { engine, verdict: Verdict::of(engine, ending, search.as_ref()), search }
    }

    /// An engine that did not run, and why.
    pub fn skipped(engine: RecordedEngine, reason: impl Into<String>) -> Self {
        Self::new(engine, RunEnding::Skipped { reason: reason.into() }, None)
    }

    /// The engine.
    pub fn engine(&self) -> RecordedEngine {
        self.engine
    }

    /// The verdict.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The facts of the search; `None` where the engine did not run.
    pub fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    /// Whether the engine ran, and searches exhaustively.
    pub fn is_exhaustive(&self) -> bool {
        self.search.as_ref().is_some_and(Search::is_exhaustive)
    }

    /// The same run with this failing execution.
    pub fn refute(&mut self, failure: RecordedFailure) {
        let ending = RunEnding::Failed { failure: Box::new(failure) };
        self.verdict = Verdict::of(self.engine, ending, self.search.as_ref());
    }

    /// The same, where a directed schedule found what the search did not.
    pub fn refute_by_direction(&mut self, failure: RecordedFailure) {
        self.search.iter_mut().for_each(|search| search.then_directed = true);
        self.refute(failure);
    }
}

/// The facts of a run, without the verdict that was drawn from them.
#[derive(Deserialize)]
struct RunFacts {
    engine: RecordedEngine,
    #[serde(flatten)]
    ending: RunEnding,
    search: Option<Search>,
}

impl From<RunFacts> for EngineRun {
    fn from(RunFacts { engine, ending, search }: RunFacts) -> Self {
        Self::new(engine, ending, search)
    }
}

impl Serialize for EngineRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ending = match &self.verdict {
            Verdict::Proved(_) | Verdict::Passed { .. } => "complete",
            Verdict::Refuted { .. } => "failed",
            Verdict::Inconclusive { .. } => "gave_up",
            Verdict::Skipped { .. } => "skipped",
        };
        let written = |search| WrittenSearch { search, exhaustive: search.is_exhaustive() };
        let search = self.search.as_ref().map(written);
        let (engine, controlled) = (self.engine, self.engine.is_controlled());
        WrittenRun { engine, controlled, ending, verdict: &self.verdict, search }
            .serialize(serializer)
    }
}

/// The facts of a run, and for other programs the verdict that follows from them.
#[derive(Serialize)]
struct WrittenRun<'a> {
    engine: RecordedEngine,
    controlled: bool,
    ending: &'static str,
    #[serde(flatten)]
    verdict: &'a Verdict,
    search: Option<WrittenSearch<'a>>,
}

#[derive(Serialize)]
struct WrittenSearch<'a> {
    #[serde(flatten)]
    search: &'a Search,
    exhaustive: bool,
}
