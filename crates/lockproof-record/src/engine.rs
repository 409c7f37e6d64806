//! Engines and strategies, by the names that the facade gives them.

use std::fmt;
use std::str::FromStr;

use serde::de::IntoDeserializer;
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

/// From the name that `Display` gives.
impl FromStr for RecordedEngine {
    type Err = serde::de::value::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::deserialize(name.into_deserializer())
    }
}

impl fmt::Display for RecordedEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Strategy by which an engine picked schedules. `Display` gives its name, as the facade
/// does.
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

impl TryFrom<String> for RecordedStrategy {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        use RecordedStrategy::{Directed, Exhaustive, Pct, Pos, Random, Replay, Stress, Surw};
        let depth = text.strip_prefix("PCT-").and_then(|depth| depth.parse().ok());
        let named = [Stress, Exhaustive, Replay, Random, Pos, Surw, Directed].into_iter();
        let mut all = named.chain(depth.map(|depth| Pct { depth }));
        let found = all.find(|strategy| strategy.to_string() == text);
        found.ok_or_else(|| format!("no strategy is called `{text}`"))
    }
}

impl From<RecordedStrategy> for String {
    fn from(strategy: RecordedStrategy) -> Self {
        strategy.to_string()
    }
}
