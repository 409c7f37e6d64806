//! Resolution of potential deadlocks: each is confirmed, discharged, or neither.

use lockproof::engine::Approach;
use lockproof::trace::ObjectKind;
use lockproof_record::{
    CycleStatus, Discharge, EngineRun, FoundBy, RecordedBlock, RecordedFailure,
};

use super::candidates::{CandidateGroup, CycleCandidate};
use super::confirmation::DirectedRuns;
use super::execution_cycles::Feasibility;
use super::graph::LockGraph;
use crate::conversion::location;

/// The candidates of one group that are tried.
const MOST_CANDIDATES_TRIED: usize = 8;

/// Finds out what becomes of cycles: from the runs of the model, or by running it again.
pub(super) struct Resolver<'a> {
    pub(super) graph: &'a LockGraph,
    pub(super) runs: &'a [EngineRun],
    pub(super) directed_runs: &'a DirectedRuns,
}

impl Resolver<'_> {
    /// The status of the group, and the candidate that shows it.
    pub(super) fn resolve<'g>(
        &mut self,
        group: &'g CandidateGroup,
    ) -> (&'g CycleCandidate, CycleStatus) {
        let first = &group[0];
        if let Some(confirmed) = self.confirmed_by_a_search(group) {
            return confirmed;
        }
        // Real executions come before reasons: a reason is only as good as what was seen.
        if let Some(reason) = self.structure(group) {
            return (first, CycleStatus::Discharged { reason });
        }
        // A proof says nothing here: the engines never make a reader wait behind a waiting writer.
        if first.cycle.needs_writer {
            let tried = "no engine lets a waiting writer keep readers out, as an RwLock of std may";
            return (first, CycleStatus::Potential { tried: vec![tried.to_owned()] });
        }
        // Every interleaving was explored and none deadlocks, so this cycle cannot close.
        if let Some(run) = self.runs.iter().find(|run| run.verdict().is_proved()) {
            let reason = Discharge::Explored { engine: run.engine() };
            return (first, CycleStatus::Discharged { reason });
        }
        self.direct(group)
    }

    fn confirmed_by_a_search<'g>(
        &self,
        group: &'g CandidateGroup,
    ) -> Option<(&'g CycleCandidate, CycleStatus)> {
        let failures = self.runs.iter().filter_map(|run| Some((run, run.verdict().failure()?)));
        failures.into_iter().find_map(|(run, failure)| {
            let candidate = group.iter().find(|candidate| fits(self.graph, candidate, failure))?;
            let (by, failure) = (FoundBy::Search(run.engine()), Box::new(failure.clone()));
            Some((candidate, CycleStatus::Confirmed { by, failure }))
        })
    }

    /// The reason that holds in every execution by itself, if there is one for every candidate.
    fn structure(&self, group: &CandidateGroup) -> Option<Discharge> {
        let reasons = group.iter().map(|candidate| self.reason(candidate));
        let reasons: Option<Vec<Discharge>> = reasons.collect();
        reasons?.into_iter().next()
    }

    fn reason(&self, candidate: &CycleCandidate) -> Option<Discharge> {
        let name = |thread: usize| self.graph.thread_names[thread].clone();
        if let Some(thread) = candidate.alone {
            return Some(Discharge::SameThread { thread: name(thread) });
        }
        let (feasibility, executions) = candidate.discharge()?;
        Some(match feasibility {
            Feasibility::Open => return None,
            Feasibility::Gated { lock } => {
                Discharge::GateLock { lock, name: self.graph.lock_names[lock].clone(), executions }
            }
            Feasibility::Ordered { first, second } => {
                Discharge::Ordered { first: name(first), second: name(second), executions }
            }
        })
    }

    fn direct<'g>(&mut self, group: &'g CandidateGroup) -> (&'g CycleCandidate, CycleStatus) {
        let open: Vec<&CycleCandidate> =
            group.iter().filter(|candidate| self.reason(candidate).is_none()).collect();
        let mut tried = Vec::new();
        for candidate in open.iter().take(MOST_CANDIDATES_TRIED) {
            let graph = self.graph;
            let fits = |failure: &RecordedFailure| fits(graph, candidate, failure);
            // A directed schedule pauses each thread before its second lock, until all are there.
            match self.directed_runs.confirm(&approaches(graph, candidate), fits) {
                Ok(failure) => {
                    let (by, failure) = (FoundBy::Direction, Box::new(failure));
                    return (candidate, CycleStatus::Confirmed { by, failure });
                }
                Err(attempt) if tried.contains(&attempt) => {}
                Err(attempt) => tried.push(attempt),
            }
        }
        // The edges come from different executions: together they may be impossible.
        if open.iter().all(|candidate| candidate.seen.is_empty()) {
            tried.push("its edges never come together in one execution".to_owned());
        }
        if open.len() > MOST_CANDIDATES_TRIED {
            let all = open.len();
            tried.push(format!(
                "{MOST_CANDIDATES_TRIED} of the {all} ways to share it among threads"
            ));
        }
        (open[0], CycleStatus::Potential { tried })
    }
}

/// Whether the threads of the candidate wait for each other in the failure.
fn fits(graph: &LockGraph, candidate: &CycleCandidate, failure: &RecordedFailure) -> bool {
    candidate.cycle.edges.iter().all(|edge| {
        let edge = &graph.edges[*edge];
        let code = &edge.code;
        let is_held = |blocked: &RecordedBlock| {
            let mut since = blocked.holds.iter().map(|hold| &hold.since);
            is_initialization(graph, code.from)
                || since.any(|since| *since == location(&code.since))
        };
        // By names and places: a failure is of one execution, and its numbers mean nothing here.
        let thread = &graph.thread_names[edge.thread];
        failure.defect.blocked.iter().any(|blocked| {
            blocked.thread == *thread && blocked.location == location(&code.at) && is_held(blocked)
        })
    })
}

/// An object that is initialized once is not among the locks that a blocked thread reports.
fn is_initialization(graph: &LockGraph, lock: usize) -> bool {
    !matches!(graph.locks[lock].kind, ObjectKind::Mutex | ObjectKind::RwLock)
}

fn approaches(graph: &LockGraph, candidate: &CycleCandidate) -> Vec<Approach> {
    let edges = candidate.cycle.edges.iter().map(|edge| &graph.edges[*edge]);
    let approach = edges.map(|edge| Approach {
        thread: graph.threads[edge.thread].clone(),
        holding: edge.code.since.clone(),
        taking: edge.code.at.clone(),
    });
    approach.collect()
}
