//! Cycles of acquisitions within one execution, and whether they could close.
//!
//! The `GoodLock` algorithm (Havelund, "Using Runtime Analysis to Guide Model Checking of Java
//! Programs", SPIN 2000), generalized to any number of threads, with gate locks and the segments of
//! spawns and joins (Agarwal et al., "Detection of Deadlock Potentials in Multithreaded Programs",
//! IBM Journal of Research and Development, 2010): threads, each of which acquires a lock that the
//! next one holds.
//!
//! A lock that one thread holds for reading and another acquires for reading closes no cycle by
//! itself. It does if some further thread acquires it for writing: an `RwLock` of std may let a
//! reader wait behind a writer that waits already.

use lockproof_record::RecordedMode;

use super::cycle_search::CycleSearch;
use super::execution::{Acquisition, ExecutionSummary, HeldSince};

/// Acquisitions of different threads, each of a lock that the next one holds.
#[derive(Debug)]
pub(super) struct ExecutionCycle {
    /// Indices of acquisitions. The lock of each is held at the next one, that of the last at the
    /// first.
    pub(super) acquisitions: Vec<usize>,
    /// Whether it takes a writer that waits to close it.
    pub(super) needs_writer: bool,
    pub(super) feasibility: Feasibility,
}

/// Whether the threads of a cycle can all be there at once, the best answer first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Feasibility {
    /// Nothing speaks against it.
    Open,
    /// Two of them hold this lock, which only one can have.
    Gated { lock: usize },
    /// The first of these threads is through before the second one gets there.
    Ordered { first: usize, second: usize },
}

/// All cycles, each once; whether the search was complete.
pub(super) fn cycles(summary: &ExecutionSummary) -> (Vec<ExecutionCycle>, bool) {
    let all = &summary.acquisitions;
    // Each link says whether the lock is shared, so that nothing has to wait for it.
    let links = |one: usize, next: usize| -> Vec<bool> {
        let held = held(&all[next], all[one].object);
        held.map(|held| !held.mode.excludes(all[one].mode)).collect()
    };
    // A thread does not wait for itself here: a cycle takes one acquisition of each thread.
    let is_another_thread = |path: &[usize], next: usize| {
        path.iter().all(|member| all[*member].thread != all[next].thread)
    };
    // In a cycle every thread holds something, so one that holds nothing begins none.
    let starts = (0..all.len()).filter(|start| !all[*start].held.is_empty());
    let (found, complete) = CycleSearch::new(all.len(), links, is_another_thread).run(starts);
    let cycles = found.into_iter().filter_map(|(members, shared)| {
        let wanted = members.iter().map(|member| all[*member].object).zip(shared);
        let read: Vec<_> = wanted.filter(|(_, shared)| *shared).map(|(lock, _)| lock).collect();
        let feasibility = with_writers(summary, &members, &read)?;
        // A link of two readers is no wait. It becomes one if a writer queues up between them.
        let needs_writer = !read.is_empty();
        Some(ExecutionCycle { acquisitions: members, needs_writer, feasibility })
    });
    (cycles.collect(), complete)
}

/// The best that writers of the locks that are read make of the cycle; `None` if one of these locks
/// has no writer.
fn with_writers(
    summary: &ExecutionSummary,
    members: &[usize],
    read: &[usize],
) -> Option<Feasibility> {
    let all = &summary.acquisitions;
    if read.is_empty() {
        return Some(feasibility(summary, members));
    }
    // Every link of readers needs its writer, so the least feasible of them decides.
    let mut worst = Feasibility::Open;
    for lock in read {
        let is_apart =
            |one: &Acquisition| members.iter().all(|member| all[*member].thread != one.thread);
        let writers = all.iter().enumerate().filter(|(_, one)| {
            one.object == *lock && one.mode == RecordedMode::Exclusive && is_apart(one)
        });
        // One writer that may come is enough: readers have to wait behind it.
        let mut with = writers
            .map(|(writer, _)| feasibility(summary, &[members, &[writer]].concat()))
            .peekable();
        let first = *with.peek()?;
        if !with.any(|feasibility| feasibility == Feasibility::Open) {
            worst = first;
        }
    }
    Some(worst)
}

fn feasibility(summary: &ExecutionSummary, members: &[usize]) -> Feasibility {
    let all = || members.iter().map(|member| &summary.acquisitions[*member]);
    let pairs =
        || all().enumerate().flat_map(|(i, one)| all().skip(i + 1).map(move |two| (one, two)));
    // Spawns and joins keep two of them apart in every schedule.
    for (one, two) in pairs() {
        for (first, second) in [(one, two), (two, one)] {
            if summary.segments.precedes(first.thread, first.segment, second.segment) {
                return Feasibility::Ordered { first: first.thread, second: second.thread };
            }
        }
    }
    // A gate lock: both threads hold it at that point, so they never are there together.
    let gate = pairs().find_map(|(one, two)| {
        let is_gate =
            |gate: &&HeldSince| held(two, gate.object).any(|other| gate.mode.excludes(other.mode));
        one.held.iter().find(is_gate).map(|gate| gate.object)
    });
    gate.map_or(Feasibility::Open, |lock| Feasibility::Gated { lock })
}

fn held(acquisition: &Acquisition, object: usize) -> impl Iterator<Item = &HeldSince> {
    acquisition.held.iter().filter(move |held| held.object == object)
}
