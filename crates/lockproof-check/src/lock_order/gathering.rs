//! Gathers the lock order of a model, execution by execution, over the searches of all engines.
//!
//! Memory is bounded: an execution is reduced to its shape, and only the courses of so many shapes
//! are kept. Beyond, a course is entered only if it has something in it that no other had.

use std::collections::{BTreeSet, HashMap};

use lockproof::engine::{Defect, EndedExecution, Watcher};
use lockproof::trace::Trace;

use super::book::{Book, Entry};
use super::course::Course;
use super::intended::IntendedOrder;
use super::shape::Shapes;

/// The shapes that are remembered.
const MOST_SHAPES: usize = 65_536;

/// What was gathered so far.
#[derive(Default)]
pub(crate) struct Gathering {
    shapes: Shapes,
    /// By shape: the course, if it was kept.
    known: HashMap<u64, usize>,
    pub(super) book: Book,
    pub(super) courses: Vec<Entry>,
    /// By course: the executions of the searches that are over, and of the one under way.
    counts: Vec<(u64, u64)>,
    executions: (u64, u64),
    pub(super) forgot_shapes: bool,
    pub(super) intended: Option<IntendedOrder>,
    /// The names of locks that were used, where there is an order to compare them with.
    pub(super) names: BTreeSet<&'static str>,
    /// Whether the search under way was failed from here.
    has_objected: bool,
}

impl Gathering {
    pub(crate) fn new(intended: Option<IntendedOrder>) -> Self {
        Self { intended, ..Self::default() }
    }

    /// A search is over; `failed` is the execution that failed it, if that happened.
    pub(crate) fn search_ended(&mut self, failed: Option<&Trace>) {
        if let Some(trace) = failed.filter(|trace| !self.has_objected && !trace.events.is_empty()) {
            self.executions.1 += 1;
            self.take_in(trace, None);
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

    /// The courses that were taken, each with the number of executions that took it.
    pub(super) fn counted(&self) -> impl Iterator<Item = (&Entry, u64)> {
        let counts = self.counts.iter().map(|(count, _)| *count);
        self.courses.iter().zip(counts).filter(|(_, count)| *count > 0)
    }

    fn take_in(&mut self, trace: &Trace, shape: Option<u64>) -> Option<Defect> {
        let course = Course::of(trace);
        let before = self.book.size();
        let mut entry = self.book.enter(trace, &course);
        let intended = self.intended.as_ref();
        let defect = intended.and_then(|intended| intended.inversion(trace, &course));
        entry.inverts = defect.is_some();
        let is_new = self.book.size() > before;
        let remembers = self.known.len() < MOST_SHAPES;
        if let Some(shape) = shape.filter(|_| remembers) {
            self.known.insert(shape, self.courses.len());
        }
        self.forgot_shapes |= !remembers;
        if remembers || is_new {
            self.courses.push(entry);
            self.counts.push((0, 1));
        }
        if self.intended.is_some() {
            self.names.extend(trace.objects.iter().filter_map(|object| object.name));
        }
        defect
    }
}

impl Watcher for Gathering {
    fn search_begins(&mut self) {
        self.counts.iter_mut().for_each(|(_, now)| *now = 0);
        self.executions.1 = 0;
    }

    fn execution_ended(&mut self, execution: &EndedExecution<'_>) -> Option<Defect> {
        let trace = execution.trace;
        if trace.events.is_empty() {
            return None;
        }
        self.executions.1 += 1;
        let shape = self.shapes.shape_of(trace);
        let defect = match self.known.get(&shape) {
            None => self.take_in(trace, Some(shape)),
            Some(course) => {
                self.counts[*course].1 += 1;
                // The search of another engine was failed by the like of it.
                let inverts = self.courses[*course].inverts;
                self.intended.as_ref().filter(|_| inverts)?.inversion(trace, &Course::of(trace))
            }
        };
        self.has_objected |= defect.is_some();
        defect
    }
}
