//! Facts of a search, from which a verdict is worked out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::engine::RecordedStrategy;

/// The facts of a search: what really ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The strategy that picked schedules.
    pub strategy: RecordedStrategy,
    /// Whether only a directed schedule, after the search, found the defect.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub then_directed: bool,
    /// The executions, the failing one included.
    pub executions: u64,
    /// The time it took.
    pub elapsed: Duration,
    /// The most threads in one execution; 0 where they were not counted.
    pub threads: usize,
    /// The most events in one execution; 0 where they were not counted.
    pub events: usize,
    /// The bound on preemptions that was in force.
    pub preemptions: Option<usize>,
    /// The seed that repeats the run, where the strategy has one.
    pub seed: Option<u64>,
    /// The parts of the model that the engine does not explore completely.
    pub blind_spots: Vec<String>,
    /// The bounds on the environment that the search met, and a proof stands under.
    #[serde(default)]
    pub assumptions: Vec<String>,
    /// The locks and cells that keep what earlier executions left in them, each with its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept_data: Vec<String>,
    /// The scenarios that ran of a contract; `None` for a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenarios: Option<ScenarioCounts>,
}

impl Search {
    /// Whether the strategy works off all schedules.
    pub fn is_exhaustive(&self) -> bool {
        self.strategy == RecordedStrategy::Exhaustive
    }

    /// The strategy in words, such as `PCT-3` or `exhaustive, then directed`.
    pub fn strategy_text(&self) -> String {
        format!("{}{}", self.strategy, if self.then_directed { ", then directed" } else { "" })
    }

    /// Adds another search of the same kind: the two count as one.
    pub fn add(&mut self, other: Self) {
        self.executions += other.executions;
        self.elapsed += other.elapsed;
        self.threads = self.threads.max(other.threads);
        self.events = self.events.max(other.events);
        add_new(&mut self.blind_spots, other.blind_spots);
        add_new(&mut self.assumptions, other.assumptions);
        add_new(&mut self.kept_data, other.kept_data);
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
    /// Their source.
    pub source: ScenarioSource,
    /// Those that ran, the failing one included.
    pub run: u64,
    /// Those of which every interleaving was explored.
    pub complete: u64,
    /// Those that were left out, because they may end with calls that wait.
    pub left_out: u64,
    /// The histories that the judge told apart, summed over the scenarios.
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

/// Source of scenarios, which decides how much a clean run of them shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioSource {
    /// All were written by hand, and the claim is about these alone.
    #[default]
    ByHand,
    /// Some were generated: they are samples of all that there are.
    Generated,
    /// The one of a witness was made again.
    Witness,
}
