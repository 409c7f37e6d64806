//! Potential deadlocks of a model: cycles that were found within executions, and those whose edges
//! come from different ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cycle_search::CycleSearch;
use super::execution_cycles::Feasibility;
use super::graph::{EdgeCode, EdgeCycle, ExecutionContent, LockGraph};

/// A potential deadlock of certain threads.
pub(super) struct CycleCandidate {
    pub(super) cycle: EdgeCycle,
    /// In how many executions it was how feasible; empty if its edges never come together in one.
    pub(super) seen: BTreeMap<Feasibility, u64>,
    /// The thread that makes it alone, if one does.
    pub(super) alone: Option<usize>,
}

impl CycleCandidate {
    /// The one reason that it cannot close in any execution that has it, with their number.
    pub(super) fn discharge(&self) -> Option<(Feasibility, u64)> {
        let mut seen = self.seen.iter();
        // Sorted, open first: the same single reason in all executions, or none.
        match (seen.next(), seen.next()) {
            (Some((Feasibility::Open, _)) | None, _) | (_, Some(_)) => None,
            (Some((reason, count)), None) => Some((*reason, *count)),
        }
    }
}

/// Candidates that are the same in the code, whichever threads run it.
pub(super) type CandidateGroup = Vec<CycleCandidate>;

/// All potential deadlocks of these executions, each with how often it ran, and whether the search
/// for them was complete.
pub(super) fn groups<'a>(
    graph: &LockGraph,
    executions: impl Iterator<Item = (&'a ExecutionContent, u64)>,
) -> (Vec<CandidateGroup>, bool) {
    let mut candidates: BTreeMap<usize, CycleCandidate> = BTreeMap::new();
    let mut present = vec![false; graph.edges.len()];
    for (content, count) in executions {
        content.edges.iter().for_each(|edge| present[*edge] = true);
        for (number, feasibility) in &content.cycles {
            let candidate = candidates.entry(*number).or_insert_with(|| CycleCandidate {
                cycle: graph.cycles[*number].clone(),
                seen: BTreeMap::new(),
                alone: None,
            });
            *candidate.seen.entry(*feasibility).or_default() += count;
        }
    }
    // One execution need not have all edges of a deadlock: whichever thread comes first may keep
    // the other from its second lock.
    let (scattered, complete) = across_executions(graph, &present);
    let mut all: Vec<CycleCandidate> = candidates.into_values().collect();
    // One that was met within an execution is known better: with how often it was feasible.
    for candidate in scattered {
        if all.iter().all(|known| known.cycle.edges != candidate.cycle.edges) {
            all.push(candidate);
        }
    }
    (grouped(graph, all), complete && !graph.missed_cycles)
}

/// By what the code does. What one thread makes alone is no news where different threads make a
/// cycle of the same locks.
fn grouped(graph: &LockGraph, candidates: Vec<CycleCandidate>) -> Vec<CandidateGroup> {
    // The order of the groups is that of their first candidates, so reports do not change by
    // chance.
    let mut groups: Vec<CandidateGroup> = Vec::new();
    let mut places: HashMap<Vec<&EdgeCode>, usize> = HashMap::new();
    for candidate in candidates {
        // By the code alone: threads that run the same function make the same cycle many times.
        let mut steps: Vec<&EdgeCode> =
            candidate.cycle.edges.iter().map(|edge| &graph.edges[*edge].code).collect();
        let key = |step: &&EdgeCode| (step.from, step.to, step.since.line, step.at.line);
        let least = (0..steps.len()).min_by_key(|index| key(&steps[*index])).unwrap_or(0);
        steps.rotate_left(least);
        let group = *places.entry(steps).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(candidate);
    }
    // A thread that makes a cycle alone cannot deadlock with itself here. That is worth a line only
    // where no other threads make one of the same locks.
    let locks = |candidate: &CycleCandidate| -> BTreeSet<usize> {
        candidate.cycle.edges.iter().map(|edge| graph.edges[*edge].code.from).collect()
    };
    let all = groups.iter().flatten();
    let shared: Vec<_> = all.filter(|candidate| candidate.alone.is_none()).map(locks).collect();
    for group in &mut groups {
        group.retain(|candidate| candidate.alone.is_none() || !shared.contains(&locks(candidate)));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// The cycles of edges that need not come together in one execution. Their locks differ, and so do
/// their threads, except that one thread may make a cycle of two edges alone.
fn across_executions(graph: &LockGraph, present: &[bool]) -> (Vec<CycleCandidate>, bool) {
    let edges = &graph.edges;
    let links = |one: usize, next: usize| -> Vec<()> {
        let (one, next) = (&edges[one].code, &edges[next].code);
        let follows = next.from == one.to && one.to != one.from;
        // Two readers of a lock do not wait for each other.
        let waits = next.held.excludes(one.taken);
        if follows && waits { vec![()] } else { Vec::new() }
    };
    // Two edges of one thread may close a cycle, to say that it is harmless. Beyond that each thread
    // and each lock comes once, or a longer cycle would contain a shorter one.
    let may_follow = |path: &[usize], next: usize| {
        let edge = &edges[next];
        let of_thread = path.iter().filter(|member| edges[**member].thread == edge.thread).count();
        let alone = path.len() == 2 && edges[path[0]].thread == edges[path[1]].thread;
        present[next]
            && path.iter().all(|member| edges[*member].code.from != edge.code.from)
            && (of_thread == 0 || path.len() == 1)
            && !alone
    };
    let starts = (0..present.len()).filter(|edge| present[*edge]);
    let (found, complete) = CycleSearch::new(present.len(), links, may_follow).run(starts);
    let candidates = found.into_iter().map(|(members, _)| {
        let thread = edges[members[0]].thread;
        let alone = members.iter().all(|member| edges[*member].thread == thread);
        let cycle = EdgeCycle::new(members, false);
        CycleCandidate { cycle, seen: BTreeMap::new(), alone: alone.then_some(thread) }
    });
    (candidates.collect(), complete)
}
