//! Report on one model: the verdict of each engine, and the facts behind it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::engine::RecordedEngine;
use crate::expectation::Expectation;
use crate::location::RecordedLocation;
use crate::lock_order::{CycleStatus, Discharge, LockOrder};
use crate::outcome_table::OutcomeTable;
use crate::run::EngineRun;
use crate::witness_file::WitnessFile;

/// The verdicts of all engines on one model. `Display` gives subject and property as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The structure under test, or its twin.
    pub subject: String,
    /// The property that the model asserts.
    pub property: String,
    /// The place of the model.
    pub location: RecordedLocation,
    /// The test that ran it, where the test harness tells.
    pub test: Option<String>,
    /// The expectation of the test; `None` where it has none.
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
    /// Takes back every discharge of a cycle that rests on a proof which no run carries.
    pub(crate) fn take_back_unproved(&mut self) {
        let runs = &self.runs;
        let is_proved = |engine: RecordedEngine| {
            runs.iter().any(|run| run.engine() == engine && run.verdict().is_proved())
        };
        for cycle in self.lock_order.iter_mut().flat_map(|order| &mut order.cycles) {
            match cycle.status {
                CycleStatus::Discharged { reason: Discharge::Explored { engine } }
                    if !is_proved(engine) =>
                {
                    let tried = vec![format!("the run of {engine} in this record is no proof")];
                    cycle.status = CycleStatus::Potential { tried };
                }
                _ => {}
            }
        }
    }

    /// The run of `engine`, if it is in this build.
    pub fn run_of(&self, engine: RecordedEngine) -> Option<&EngineRun> {
        self.runs.iter().find(|run| run.engine() == engine)
    }

    /// Whether the model did what the test expects; true where it expects nothing.
    pub fn is_as_expected(&self) -> bool {
        self.objections().is_empty()
    }

    /// The objections to the expectation, a sentence each; empty when it is met.
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
        let is_proved = self.runs.iter().any(|run| run.verdict().is_proved());
        let is_open = !is_proved && !self.is_of_a_twin() && self.expectation.is_some();
        let doubts = self.witness_files.iter().filter(|file| file.state.leaves_a_doubt());
        doubts.filter(move |_| is_open).map(ToString::to_string)
    }

    /// The objection of one of the [`runs`](Self::runs) to the expectation.
    pub fn objection_to(&self, run: &EngineRun) -> Option<String> {
        self.expectation.as_ref()?.objection_to(run, &self.runs)
    }

    /// Whether the model is of a twin, broken on purpose.
    pub fn is_of_a_twin(&self) -> bool {
        self.expectation.as_ref().is_some_and(Expectation::is_refutation)
    }

    /// The run whose failure is best shown to a reader: for a twin one that the test expects, then
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
        let Some(failure) = run.verdict().failure() else { return false };
        match &self.expectation {
            Some(Expectation::Refuted { by }) => !by.matches(&failure.defect),
            expectation => expectation.is_some(),
        }
    }
}

/// A trace without stale loads is an interleaving that a reader can follow step by step.
fn best_to_show<'a>(runs: impl Iterator<Item = &'a EngineRun>) -> Option<&'a EngineRun> {
    let events_of = |run: &'a EngineRun| Some((run, &run.verdict().failure()?.trace.events));
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
