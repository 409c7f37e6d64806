//! The lock graph over all executions: locks, edges, cycles, calls and sections, under names that
//! mean the same in each of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use lockproof::trace::{Object, SourceLocation};
use lockproof_record::RecordedMode;

use super::calls;
use super::execution::{Acquisition, ExecutionSummary, HeldSince};
use super::execution_cycles::{Feasibility, cycles};
use super::identity::{Identities, LockId};
use crate::numbering::Numbering;

/// Everything that was met, each by its number.
#[derive(Default)]
pub(super) struct LockGraph {
    pub(super) locks: Numbering<LockId>,
    /// Display name of each lock, by its number.
    pub(super) lock_names: Vec<String>,
    /// Threads by their paths.
    pub(super) threads: Numbering<String>,
    /// Display name of each thread, by its number.
    pub(super) thread_names: Vec<String>,
    pub(super) edges: Numbering<GraphEdge>,
    pub(super) cycles: Numbering<EdgeCycle>,
    pub(super) calls: Numbering<CallUnderLock>,
    pub(super) sections: Numbering<SectionStart>,
    /// Whether a search for cycles was given up.
    pub(super) missed_cycles: bool,
    taken_names: HashSet<String>,
    labels: HashMap<String, usize>,
}

/// Content of one execution: numbers of the graph.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct ExecutionContent {
    pub(super) edges: Vec<usize>,
    pub(super) cycles: Vec<(usize, Feasibility)>,
    pub(super) calls: Vec<usize>,
    /// With the events of the longest.
    pub(super) sections: BTreeMap<usize, usize>,
    /// Whether it breaks the stated order.
    pub(super) inverts: bool,
}

impl ExecutionContent {
    /// One execution may have a cycle several times: it is open if it is open once.
    fn add_cycle(&mut self, number: usize, feasibility: Feasibility) {
        match self.cycles.iter_mut().find(|(known, _)| *known == number) {
            None => self.cycles.push((number, feasibility)),
            // A reason that does not hold every time discharges nothing.
            Some((_, known)) if feasibility == Feasibility::Open => *known = feasibility,
            Some(_) => {}
        }
    }
}

/// A thread acquired one lock under another.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct GraphEdge {
    pub(super) thread: usize,
    pub(super) code: EdgeCode,
}

/// The code that makes an edge, whichever thread runs it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct EdgeCode {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) held: RecordedMode,
    pub(super) since: SourceLocation,
    pub(super) taken: RecordedMode,
    pub(super) at: SourceLocation,
}

/// A cycle of edges, which begins with the one of the least number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct EdgeCycle {
    pub(super) edges: Vec<usize>,
    pub(super) needs_writer: bool,
}

impl EdgeCycle {
    pub(super) fn new(mut edges: Vec<usize>, needs_writer: bool) -> Self {
        // The same cycle is found from each of its edges, in whichever order the threads came.
        let least = (0..edges.len()).min_by_key(|index| edges[*index]).unwrap_or(0);
        edges.rotate_left(least);
        Self { edges, needs_writer }
    }
}

/// A blocking call under a lock.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct CallUnderLock {
    pub(super) lock: usize,
    pub(super) thread: usize,
    pub(super) since: SourceLocation,
    pub(super) call: String,
    pub(super) at: SourceLocation,
}

/// The critical sections of one thread that begin at one place.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct SectionStart {
    pub(super) lock: usize,
    pub(super) thread: usize,
    pub(super) since: SourceLocation,
}

/// An execution that is added to the graph, with what names its threads and locks.
pub(super) struct EndedRun<'a> {
    pub(super) threads: &'a [String],
    pub(super) objects: &'a [Object],
    pub(super) identities: Identities,
}

impl LockGraph {
    /// Adds an execution.
    pub(super) fn add(
        &mut self,
        run: &EndedRun<'_>,
        summary: &ExecutionSummary,
    ) -> ExecutionContent {
        let mut content = ExecutionContent::default();
        for one in &summary.acquisitions {
            content.edges.extend(one.held.iter().filter_map(|held| self.edge(run, one, held)));
        }
        // Sets, in order: executions with the same content are counted as one.
        content.edges.sort_unstable();
        content.edges.dedup();
        self.add_cycles(run, summary, &mut content);
        for call in &summary.calls {
            let Some(lock) = self.lock(run, call.held.object) else { continue };
            let event = &call.event;
            let object = event.object.map(|object| run.objects[object].to_string());
            let call = CallUnderLock {
                lock,
                thread: self.thread(run, event.thread),
                since: call.held.since.clone(),
                call: calls::in_words(event, run.threads, object),
                at: event.location.clone(),
            };
            content.calls.push(self.calls.number(&call));
        }
        content.calls.sort_unstable();
        content.calls.dedup();
        for section in &summary.sections {
            let Some(lock) = self.lock(run, section.object) else { continue };
            let (thread, since) = (self.thread(run, section.thread), section.since.clone());
            let number = self.sections.number(&SectionStart { lock, thread, since });
            let most = content.sections.entry(number).or_default();
            *most = (*most).max(section.events);
        }
        content
    }

    /// The number of edges, cycles, calls and sections.
    pub(super) fn size(&self) -> usize {
        self.edges.len() + self.cycles.len() + self.calls.len() + self.sections.len()
    }

    /// The object's name, with another number if another lock has it already.
    fn name_lock(&mut self, label: &str, named: bool) -> String {
        let base =
            if named { label } else { label.rsplit_once(' ').map_or(label, |(kind, _)| kind) };
        let base = base.split_once('#').filter(|_| named).map_or(base, |(name, _)| name);
        // Objects are numbered in each execution, so two locks may both be `mutex 1` in theirs.
        let mut name = label.to_owned();
        while !self.taken_names.insert(name.clone()) {
            let number = self.labels.entry(base.to_owned()).or_insert(1);
            *number += 1;
            name = if named { format!("{base}#{number}") } else { format!("{base} {number}") };
        }
        name
    }

    fn thread(&mut self, run: &EndedRun<'_>, thread: usize) -> usize {
        let number = self.threads.number(&run.identities.path(thread));
        if number == self.thread_names.len() {
            self.thread_names.push(run.threads[thread].clone());
        }
        number
    }

    fn lock(&mut self, run: &EndedRun<'_>, object: usize) -> Option<usize> {
        let lock = run.identities.lock(object)?;
        // What is no lock, such as a condition variable, has no identity and makes no edge.
        let number = self.locks.number(lock);
        if number == self.lock_names.len() {
            let name = self.name_lock(&run.objects[object].to_string(), lock.name.is_some());
            self.lock_names.push(name);
        }
        Some(number)
    }

    fn edge(&mut self, run: &EndedRun<'_>, one: &Acquisition, held: &HeldSince) -> Option<usize> {
        let code = EdgeCode {
            from: self.lock(run, held.object)?,
            to: self.lock(run, one.object)?,
            held: held.mode,
            since: held.since.clone(),
            taken: one.mode,
            at: one.at.clone(),
        };
        let thread = self.thread(run, one.thread);
        Some(self.edges.number(&GraphEdge { thread, code }))
    }

    fn add_cycles(
        &mut self,
        run: &EndedRun<'_>,
        summary: &ExecutionSummary,
        content: &mut ExecutionContent,
    ) {
        let all = &summary.acquisitions;
        let (found, complete) = cycles(summary);
        self.missed_cycles |= !complete;
        for cycle in found {
            let members = cycle.acquisitions.iter().map(|member| &all[*member]);
            // Each member holds the lock that the one before it acquires.
            let wanted =
                members.clone().cycle().skip(members.len() - 1).map(|before| before.object);
            let edges = members.zip(wanted).map(|(one, wanted)| {
                let held = one.held.iter().find(|held| held.object == wanted)?;
                self.edge(run, one, held)
            });
            let Some(edges) = edges.collect::<Option<Vec<_>>>() else { continue };
            // From indices of this execution to numbers of the graph. A gate that is no lock, such
            // as a barrier, keeps nothing apart.
            let feasibility = match cycle.feasibility {
                Feasibility::Open => Feasibility::Open,
                Feasibility::Gated { lock } => match self.lock(run, lock) {
                    Some(lock) => Feasibility::Gated { lock },
                    None => continue,
                },
                Feasibility::Ordered { first, second } => Feasibility::Ordered {
                    first: self.thread(run, first),
                    second: self.thread(run, second),
                },
            };
            let cycle = EdgeCycle::new(edges, cycle.needs_writer);
            content.add_cycle(self.cycles.number(&cycle), feasibility);
        }
    }
}
