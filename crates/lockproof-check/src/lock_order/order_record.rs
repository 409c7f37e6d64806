//! Makes the record of a lock order out of what was collected.

use std::collections::BTreeMap;

use lockproof_record::{
    CriticalSection, CycleStatus, Discharge, EngineRun, HeldAcross, LockCycle, LockEdge, LockNode,
    LockOrder,
};

use super::candidates::groups;
use super::collector::Collector;
use super::confirmation::DirectedRuns;
use super::graph::LockGraph;
use super::resolution::Resolver;
use crate::conversion::location;

/// The critical sections that are listed.
const MOST_SECTIONS: usize = 10;

/// The cycles that are judged.
const MOST_CYCLES: usize = 50;

impl Collector {
    /// The lock order, with every cycle judged by `runs` and, where they do not tell, by further
    /// executions of the model. `None` if no execution was seen.
    pub(crate) fn lock_order(
        &self,
        runs: &[EngineRun],
        directed_runs: &DirectedRuns,
    ) -> Option<LockOrder> {
        if self.executions() == 0 {
            return None;
        }
        let mut record = OrderRecord::new(&self.graph);
        record.add_counts(self);
        let (groups, complete) = groups(&self.graph, self.counted());
        let mut resolver = Resolver { graph: &self.graph, runs, directed_runs };
        for group in groups.iter().take(MOST_CYCLES) {
            let (candidate, status) = resolver.resolve(group);
            record.add_cycle(&candidate.cycle.edges, status);
        }
        // Nothing is dropped in silence: a reader must know that the list is not whole.
        let mut left_out = Vec::new();
        if groups.len() > MOST_CYCLES {
            left_out.push(format!("{} more cycles", groups.len() - MOST_CYCLES));
        }
        if !complete {
            left_out
                .push("cycles beyond those that were found in the steps of a search".to_owned());
        }
        if self.forgot_contents {
            left_out.push("the counts of executions, which are too low".to_owned());
        }
        let mut order = record.order;
        order.executions = self.executions();
        order.left_out = left_out;
        Some(order)
    }
}

/// A lock order in the making: only what occurs gets a number of the record.
struct OrderRecord<'a> {
    graph: &'a LockGraph,
    order: LockOrder,
    locks: BTreeMap<usize, usize>,
    edges: BTreeMap<usize, usize>,
}

impl<'a> OrderRecord<'a> {
    fn new(graph: &'a LockGraph) -> Self {
        let order = LockOrder::default();
        Self { graph, order, locks: BTreeMap::new(), edges: BTreeMap::new() }
    }

    fn add_counts(&mut self, collector: &Collector) {
        let mut edges: BTreeMap<usize, u64> = BTreeMap::new();
        let mut calls: BTreeMap<usize, u64> = BTreeMap::new();
        let mut sections: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
        for (content, count) in collector.counted() {
            content.edges.iter().for_each(|edge| *edges.entry(*edge).or_default() += count);
            content.calls.iter().for_each(|call| *calls.entry(*call).or_default() += count);
            for (section, events) in &content.sections {
                let (most, executions) = sections.entry(*section).or_default();
                (*most, *executions) = ((*most).max(*events), *executions + count);
            }
        }
        // In the order of the graph's numbers, which is that of first sight: reports do not change
        // from run to run.
        for (edge, executions) in edges {
            self.add_edge(edge, executions);
        }
        for (call, executions) in calls {
            self.add_call(call, executions);
        }
        let mut sections: Vec<_> = sections.into_iter().collect();
        sections.retain(|(_, (events, _))| *events > 0);
        sections.sort_by_key(|(section, (events, _))| (std::cmp::Reverse(*events), *section));
        for (section, (events, executions)) in sections.into_iter().take(MOST_SECTIONS) {
            self.add_section(section, events, executions);
        }
    }

    fn lock(&mut self, lock: usize) -> usize {
        let (graph, locks) = (self.graph, &mut self.order.locks);
        *self.locks.entry(lock).or_insert_with(|| {
            let id = &graph.locks[lock];
            locks.push(LockNode {
                name: graph.lock_names[lock].clone(),
                kind: id.kind.to_string(),
                created: location(&id.created),
            });
            locks.len() - 1
        })
    }

    fn thread(&self, thread: usize) -> String {
        self.graph.thread_names[thread].clone()
    }

    fn add_edge(&mut self, number: usize, executions: u64) {
        let edge = &self.graph.edges[number];
        let code = &edge.code;
        let edge = LockEdge {
            from: self.lock(code.from),
            to: self.lock(code.to),
            thread: self.thread(edge.thread),
            held: code.held,
            held_since: location(&code.since),
            taken: code.taken,
            taken_at: location(&code.at),
            executions,
        };
        self.edges.insert(number, self.order.edges.len());
        self.order.edges.push(edge);
    }

    fn add_call(&mut self, number: usize, executions: u64) {
        let call = &self.graph.calls[number];
        let held = HeldAcross {
            lock: self.lock(call.lock),
            thread: self.thread(call.thread),
            held_since: location(&call.since),
            call: call.call.clone(),
            at: location(&call.at),
            executions,
        };
        self.order.held_across.push(held);
    }

    fn add_section(&mut self, number: usize, events: usize, executions: u64) {
        let section = &self.graph.sections[number];
        let section = CriticalSection {
            lock: self.lock(section.lock),
            thread: self.thread(section.thread),
            since: location(&section.since),
            events,
            executions,
        };
        self.order.longest_sections.push(section);
    }

    fn add_cycle(&mut self, edges: &[usize], mut status: CycleStatus) {
        // A gate is a number of the graph; the record has numbers of its own.
        if let CycleStatus::Discharged { reason: Discharge::GateLock { lock, .. } } = &mut status {
            *lock = self.lock(*lock);
        }
        let edges = edges.iter().map(|edge| self.edges[edge]).collect();
        self.order.cycles.push(LockCycle { edges, status });
    }
}
