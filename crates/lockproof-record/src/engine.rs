//! Engines and strategies, by the names that the facade gives them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An engine. `Display` gives the name, as the facade does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedEngine {
    /// Real threads.
    Std,
    /// The exploring engine.
    Explore,
    /// loom.
    Loom,
    /// shuttle.
    Shuttle,
}

impl RecordedEngine {
    /// Whether the engine decides every scheduling step, so that its refutation is no luck.
    pub fn is_controlled(self) -> bool {
        self != Self::Std
    }
}

impl fmt::Display for RecordedEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// How an engine picked schedules. `Display` and [`FromStr`] are its name, as the facade gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RecordedStrategy {
    /// Real threads under seeded noise.
    Stress,
    /// Every schedule that the engine tells apart.
    Exhaustive,
    /// One execution, by its schedule.
    Replay,
    /// Each step a uniform choice among the threads that can run.
    Random,
    /// Probabilistic concurrency testing.
    Pct {
        /// The number of ordering constraints that the sought bug needs.
        depth: usize,
    },
    /// Partial order sampling.
    Pos,
    /// Selectively uniform random walk.
    Surw,
    /// Random schedules towards one deadlock.
    Directed,
}

impl fmt::Display for RecordedStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stress => "stress",
            Self::Exhaustive => "exhaustive",
            Self::Replay => "replay",
            Self::Random => "random",
            Self::Pct { depth } => return write!(f, "PCT-{depth}"),
            Self::Pos => "POS",
            Self::Surw => "SURW",
            Self::Directed => "directed",
        })
    }
}

impl FromStr for RecordedStrategy {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(depth) = text.strip_prefix("PCT-").and_then(|depth| depth.parse().ok()) {
            return Ok(Self::Pct { depth });
        }
        [
            Self::Stress,
            Self::Exhaustive,
            Self::Replay,
            Self::Random,
            Self::Pos,
            Self::Surw,
            Self::Directed,
        ]
        .into_iter()
        .find(|strategy| strategy.to_string() == text)
        .ok_or_else(|| format!("no strategy is called `{text}`"))
    }
}

impl TryFrom<String> for RecordedStrategy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<RecordedStrategy> for String {
    fn from(strategy: RecordedStrategy) -> Self {
        strategy.to_string()
    }
}
