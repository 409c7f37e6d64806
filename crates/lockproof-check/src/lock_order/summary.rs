//! Makes the record of a lock order out of what was gathered.

use std::collections::BTreeMap;

use super::book::Book;
use super::cycle::{CycleStatus, Discharge, LockCycle};
use super::gathering::Gathering;
use super::graph::{CriticalSection, HeldAcross, LockEdge, LockNode, LockOrder};
use super::judgement::{Confirm, Judge};
use super::suspects::groups;
use crate::report::EngineRun;

/// The critical sections that are listed.
const MOST_SECTIONS: usize = 10;

/// The cycles that are judged.
const MOST_CYCLES: usize = 50;

impl Gathering {
    /// The lock order, with every cycle judged by `runs` and, where they do not tell, by further
    /// executions of the model. `None` if no execution was seen.
    pub(crate) fn lock_order(
        &self,
        runs: &[EngineRun],
        confirm: &mut dyn Confirm,
    ) -> Option<LockOrder> {
        if self.executions() == 0 {
            return None;
        }
        let mut summary = Summary::new(&self.book);
        summary.add_counts(self);
        let (groups, complete) = groups(self);
        let mut judge = Judge { book: &self.book, runs, confirm };
        for group in groups.iter().take(MOST_CYCLES) {
            let (suspect, status) = judge.judge(group);
            summary.add_cycle(&suspect.ring.edges, status);
        }
        let mut left_out = Vec::new();
        if groups.len() > MOST_CYCLES {
            left_out.push(format!("{} more cycles", groups.len() - MOST_CYCLES));
        }
        if !complete {
            left_out
                .push("cycles beyond those that were found in the steps of a search".to_owned());
        }
        if self.forgot_shapes {
            left_out.push("the counts of executions, which are too low".to_owned());
        }
        let mut order = summary.order;
        order.executions = self.executions();
        order.left_out = left_out;
        Some(order)
    }
}

/// A lock order in the making: only what occurs gets a number of the record.
struct Summary<'a> {
    book: &'a Book,
    order: LockOrder,
    locks: BTreeMap<usize, usize>,
    edges: BTreeMap<usize, usize>,
}

impl<'a> Summary<'a> {
    fn new(book: &'a Book) -> Self {
        let order = LockOrder::default();
        Self { book, order, locks: BTreeMap::new(), edges: BTreeMap::new() }
    }

    fn add_counts(&mut self, gathering: &Gathering) {
        let mut edges: BTreeMap<usize, u64> = BTreeMap::new();
        let mut calls: BTreeMap<usize, u64> = BTreeMap::new();
        let mut sections: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
        for (entry, count) in gathering.counted() {
            entry.edges.iter().for_each(|edge| *edges.entry(*edge).or_default() += count);
            entry.calls.iter().for_each(|call| *calls.entry(*call).or_default() += count);
            for (section, events) in &entry.sections {
                let (most, executions) = sections.entry(*section).or_default();
                (*most, *executions) = ((*most).max(*events), *executions + count);
            }
        }
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
        let (book, locks) = (self.book, &mut self.order.locks);
        *self.locks.entry(lock).or_insert_with(|| {
            let id = &book.locks[lock];
            locks.push(LockNode {
                name: book.lock_names[lock].clone(),
                kind: id.kind.to_string(),
                created: (&id.created).into(),
            });
            locks.len() - 1
        })
    }

    fn thread(&self, thread: usize) -> String {
        self.book.thread_names[thread].clone()
    }

    fn add_edge(&mut self, number: usize, executions: u64) {
        let edge = &self.book.edges[number];
        let step = &edge.step;
        let edge = LockEdge {
            from: self.lock(step.from),
            to: self.lock(step.to),
            thread: self.thread(edge.thread),
            held: step.held,
            held_since: (&step.since).into(),
            taken: step.taken,
            taken_at: (&step.at).into(),
            executions,
        };
        self.edges.insert(number, self.order.edges.len());
        self.order.edges.push(edge);
    }

    fn add_call(&mut self, number: usize, executions: u64) {
        let call = &self.book.calls[number];
        let held = HeldAcross {
            lock: self.lock(call.lock),
            thread: self.thread(call.thread),
            held_since: (&call.since).into(),
            call: call.words.clone(),
            at: (&call.at).into(),
            executions,
        };
        self.order.held_across.push(held);
    }

    fn add_section(&mut self, number: usize, events: usize, executions: u64) {
        let section = &self.book.sections[number];
        let section = CriticalSection {
            lock: self.lock(section.lock),
            thread: self.thread(section.thread),
            since: (&section.since).into(),
            events,
            executions,
        };
        self.order.longest_sections.push(section);
    }

    fn add_cycle(&mut self, edges: &[usize], mut status: CycleStatus) {
        if let CycleStatus::Discharged { reason: Discharge::GateLock { lock, .. } } = &mut status {
            *lock = self.lock(*lock);
        }
        let edges = edges.iter().map(|edge| self.edges[edge]).collect();
        self.order.cycles.push(LockCycle { edges, status });
    }
}
