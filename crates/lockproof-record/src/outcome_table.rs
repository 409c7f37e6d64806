//! A table of all outcomes of one scenario, each with its grade.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::RecordedEngine;
use crate::search::Search;
use crate::verdict::missing;

/// Grade of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
        self.serialize(f)
    }
}

/// All outcomes of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OutcomeFacts")]
#[non_exhaustive]
pub struct OutcomeTable {
    /// The title.
    pub title: String,
    /// One for each outcome: those that were found, and those that were graded.
    pub rows: Vec<OutcomeRow>,
    /// The engine that was asked.
    pub engine: RecordedEngine,
    /// The facts of a search: what really ran.
    pub search: Search,
    /// A sentence for each thing it did not cover; empty if every interleaving was explored, so
    /// that a count of 0 is a
    /// proof.
    pub missing: Vec<String>,
    /// A sentence for each row that contradicts its grade.
    pub objections: Vec<String>,
}

/// The facts of a table, without what was drawn from them.
#[derive(Deserialize)]
struct OutcomeFacts {
    title: String,
    rows: Vec<OutcomeRow>,
    engine: RecordedEngine,
    search: Search,
}

impl From<OutcomeFacts> for OutcomeTable {
    fn from(OutcomeFacts { title, rows, engine, search }: OutcomeFacts) -> Self {
        Self::new(title, rows, engine, search)
    }
}

/// One outcome of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeRow {
    /// The results of the calls.
    pub outcome: String,
    /// The interleavings, up to the order of independent steps, that give it; on an engine that
    /// samples, the executions that did.
    pub executions: u64,
    /// Its grade.
    pub grade: Grade,
}

impl OutcomeTable {
    /// The table of a search that came to its end.
    pub fn new(
        title: String,
        mut rows: Vec<OutcomeRow>,
        engine: RecordedEngine,
        search: Search,
    ) -> Self {
        let missing = missing(engine, &search);
        rows.sort_by(|one, other| (one.grade, &one.outcome).cmp(&(other.grade, &other.outcome)));
        let objections = rows.iter().filter_map(|row| row.objection(missing.is_empty())).collect();
        Self { title, rows, engine, search, missing, objections }
    }

    /// Whether the row stands against the grades.
    pub fn is_wrong(&self, row: &OutcomeRow) -> bool {
        row.objection(self.missing.is_empty()).is_some()
    }

    /// Whether a forbidden outcome was found.
    pub fn has_forbidden(&self) -> bool {
        self.rows.iter().any(|row| row.grade == Grade::Forbidden && row.executions > 0)
    }
}

impl OutcomeRow {
    fn objection(&self, is_complete: bool) -> Option<String> {
        let OutcomeRow { outcome, executions, grade } = self;
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
}
