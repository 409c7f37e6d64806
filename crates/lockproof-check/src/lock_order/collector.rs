//! Collects the lock order of a model, execution by execution, over the searches of all engines.
//!
//! It takes a stream of events. Of a model the traces are complete when it sees them, so it looks
//! at their shapes first and walks only through those that are new.
//!
//! Memory is bounded: a limited number of shapes and contents is remembered. Beyond, an execution
//! counts only if it has something in it that no other had.

use std::collections::{BTreeSet, HashMap};

use lockproof::engine::{Defect, EndedExecution, Watcher};
use lockproof::trace::{Event, Object, Trace};

use super::execution::SummaryBuilder;
use super::graph::{EndedRun, ExecutionContent, LockGraph};
use super::identity::IdentityBuilder;
use super::intended::IntendedOrder;
use super::shape::Shapes;
use crate::numbering::Numbering;

/// The shapes that are remembered.
const MOST_SHAPES: usize = 65_536;
/// The contents that are remembered.
const MOST_CONTENTS: usize = 65_536;

/// Lock order of all executions so far.
#[derive(Default)]
pub(crate) struct Collector {
    shapes: Shapes,
    /// By shape: the content of its executions.
    known: HashMap<u64, usize>,
    pub(super) graph: LockGraph,
    contents: Numbering<ExecutionContent>,
    /// By content: the executions that had it in the searches that are over, and in the current
    /// one.
    counts: Vec<(u64, u64)>,
    /// The content of the last execution, if it was counted.
    last: Option<usize>,
    executions: (u64, u64),
    pub(super) forgot_contents: bool,
    intended: Option<IntendedOrder>,
    /// The names of locks that were used, where there is an order to compare them with.
    pub(super) names: BTreeSet<&'static str>,
    /// Whether the current search was failed from here.
    has_objected: bool,
    /// The current execution, as far as it has come.
    current: (SummaryBuilder, IdentityBuilder),
}

impl Collector {
    pub(crate) fn new(intended: Option<IntendedOrder>) -> Self {
        Self { intended, ..Self::default() }
    }

    /// The next event of the current execution.
    pub(crate) fn event(&mut self, event: &Event) {
        self.current.0.event(event);
        self.current.1.event(event);
    }

    /// The current execution has ended; it had these threads and objects. Returns what breaks the
    /// stated order.
    pub(crate) fn end_execution(
        &mut self,
        threads: &[String],
        objects: &[Object],
    ) -> Option<Defect> {
        self.executions.1 += 1;
        let (summary, identities) = std::mem::take(&mut self.current);
        let (summary, identities) = (summary.end(), identities.end(objects));
        // The graph grows by what no execution had before.
        let size = self.graph.size();
        let ended = EndedRun { threads, objects, identities };
        let mut content = self.graph.add(&ended, &summary);
        let intended = self.intended.as_ref();
        let defect = intended.and_then(|order| order.inversion(threads, objects, &summary));
        content.inverts = defect.is_some();
        self.count(&content, self.graph.size() > size);
        if self.intended.is_some() {
            self.names.extend(objects.iter().filter_map(|object| object.name));
        }
        defect
    }

    /// A search is over; `failed` is the execution that failed it, if that happened.
    pub(crate) fn search_ended(&mut self, failed: Option<&Trace>) {
        // A search ends with the execution that fails, and a watcher does not see that one. If it
        // was failed from here, it was seen.
        if let Some(trace) = failed.filter(|trace| !self.has_objected && !trace.events.is_empty()) {
            self.add(trace);
        }
        self.has_objected = false;
        for (before, now) in &mut self.counts {
            *before += std::mem::take(now);
        }
        self.executions.0 += std::mem::take(&mut self.executions.1);
    }

    /// The executions that were looked at.
    pub(crate) fn executions(&self) -> u64 {
        self.executions.0
    }

    /// The contents of executions, each with the number of executions that had it.
    pub(super) fn counted(&self) -> impl Iterator<Item = (&ExecutionContent, u64)> {
        let counts = self.counts.iter().map(|(count, _)| *count);
        self.contents.iter().zip(counts).filter(|(_, count)| *count > 0)
    }

    fn add(&mut self, trace: &Trace) -> Option<Defect> {
        trace.events.iter().for_each(|event| self.event(event));
        self.end_execution(&trace.threads, &trace.objects)
    }

    fn count(&mut self, content: &ExecutionContent, is_new: bool) {
        self.last = None;
        // What is new is kept whatever the memory: an edge that is lost could be the one of a
        // cycle.
        if self.contents.len() >= MOST_CONTENTS && !is_new && !self.contents.has(content) {
            self.forgot_contents = true;
            return;
        }
        let number = self.contents.number(content);
        self.counts.resize(self.contents.len(), (0, 0));
        self.counts[number].1 += 1;
        self.last = Some(number);
    }
}

impl Watcher for Collector {
    fn search_begins(&mut self) {
        // loom's search may begin again with more room: what it did before does not count twice.
        self.counts.iter_mut().for_each(|(_, now)| *now = 0);
        self.executions.1 = 0;
    }

    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect> {
        let trace = execution.trace;
        if trace.events.is_empty() {
            return None;
        }
        let shape = self.shapes.shape_of(trace);
        let known = self.known.get(&shape).copied();
        // Executions of one shape have the same content. Only one that inverts the order is walked
        // through again: the defect must name its own places.
        let known = known.filter(|content| !self.contents[*content].inverts);
        let defect = if let Some(content) = known {
            self.executions.1 += 1;
            self.counts[content].1 += 1;
            None
        } else {
            let defect = self.add(trace);
            if let Some(content) = self.last.filter(|_| self.known.len() < MOST_SHAPES) {
                self.known.insert(shape, content);
            }
            defect
        };
        self.has_objected |= defect.is_some();
        defect
    }
}
