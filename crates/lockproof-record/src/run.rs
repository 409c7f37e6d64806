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
#[serde(try_from = "RunFacts")]
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
    ending: EndingWord,
    failure: Option<Box<RecordedFailure>>,
    reason: Option<String>,
    search: Option<Search>,
}

/// The end of a run, without the particulars.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EndingWord {
    Complete,
    Failed,
    GaveUp,
    Skipped,
}

impl TryFrom<RunFacts> for EngineRun {
    type Error = &'static str;

    fn try_from(facts: RunFacts) -> Result<Self, Self::Error> {
        let RunFacts { engine, ending, failure, reason, search } = facts;
        let reason = reason.unwrap_or_default();
        let ending = match ending {
            EndingWord::Complete => RunEnding::Complete,
            EndingWord::Failed => RunEnding::Failed {
                failure: failure.ok_or("a run that failed, without its failure")?,
            },
            EndingWord::GaveUp => RunEnding::GaveUp { reason },
            EndingWord::Skipped => RunEnding::Skipped { reason },
        };
        Ok(Self::new(engine, ending, search))
    }
}

impl Serialize for EngineRun {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ending = match &self.verdict {
            Verdict::Proved(_) | Verdict::Passed { .. } => EndingWord::Complete,
            Verdict::Refuted { .. } => EndingWord::Failed,
            Verdict::Inconclusive { .. } => EndingWord::GaveUp,
            Verdict::Skipped { .. } => EndingWord::Skipped,
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
    ending: EndingWord,
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
