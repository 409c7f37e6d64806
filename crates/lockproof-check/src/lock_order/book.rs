//! What was found in the courses of executions, under names that mean the same in all of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use lockproof::trace::{SourceLocation, Trace};

use super::circles::{Standing, circles};
use super::course::{Course, Hold, Take};
use super::graph::LockMode;
use super::identity::{Identities, LockId};
use crate::numbering::Numbering;

/// Everything that was met, each by its number.
#[derive(Default)]
pub(super) struct Book {
    pub(super) locks: Numbering<LockId>,
    /// By lock: what people call it.
    pub(super) lock_names: Vec<String>,
    /// Threads by their paths.
    pub(super) threads: Numbering<String>,
    /// By thread: its name.
    pub(super) thread_names: Vec<String>,
    pub(super) edges: Numbering<Edge>,
    pub(super) circles: Numbering<Ring>,
    pub(super) calls: Numbering<CallUnder>,
    pub(super) sections: Numbering<SectionOf>,
    /// Whether a search for circles was given up.
    pub(super) missed_circles: bool,
    taken_names: HashSet<String>,
    labels: HashMap<String, usize>,
}

/// What one execution had in it: numbers of the book.
#[derive(Default)]
pub(super) struct Entry {
    pub(super) edges: Vec<usize>,
    pub(super) circles: Vec<(usize, Standing)>,
    pub(super) calls: Vec<usize>,
    /// With the events of the longest.
    pub(super) sections: BTreeMap<usize, usize>,
    /// Whether it breaks the stated order.
    pub(super) inverts: bool,
}

impl Entry {
    /// One execution may have a circle several times: it is open if it is open once.
    fn enter_circle(&mut self, number: usize, standing: Standing) {
        match self.circles.iter_mut().find(|(known, _)| *known == number) {
            None => self.circles.push((number, standing)),
            Some((_, known)) if standing == Standing::Open => *known = standing,
            Some(_) => {}
        }
    }
}

/// A thread took one lock under another.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Edge {
    pub(super) thread: usize,
    pub(super) step: Step,
}

/// What the code does that makes an edge, whichever thread runs it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Step {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) held: LockMode,
    pub(super) since: SourceLocation,
    pub(super) taken: LockMode,
    pub(super) at: SourceLocation,
}

/// A circle of edges, which begins with the one of the least number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Ring {
    pub(super) edges: Vec<usize>,
    pub(super) needs_writer: bool,
}

impl Ring {
    pub(super) fn new(mut edges: Vec<usize>, needs_writer: bool) -> Self {
        let least = (0..edges.len()).min_by_key(|index| edges[*index]).unwrap_or(0);
        edges.rotate_left(least);
        Self { edges, needs_writer }
    }
}

/// A blocking call under a lock.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct CallUnder {
    pub(super) lock: usize,
    pub(super) thread: usize,
    pub(super) since: SourceLocation,
    pub(super) words: String,
    pub(super) at: SourceLocation,
}

/// The critical sections of one thread that begin at one place.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct SectionOf {
    pub(super) lock: usize,
    pub(super) thread: usize,
    pub(super) since: SourceLocation,
}

impl Book {
    /// Enters an execution.
    pub(super) fn enter(&mut self, trace: &Trace, course: &Course<'_>) -> Entry {
        let mut scribe = Scribe { trace, identities: Identities::of(trace), book: self };
        let mut entry = Entry::default();
        for take in &course.takes {
            let edges = take.held.iter().filter_map(|hold| scribe.edge(take, hold));
            entry.edges.extend(edges);
        }
        entry.edges.sort_unstable();
        entry.edges.dedup();
        scribe.enter_circles(course, &mut entry);
        for call in &course.calls {
            let Some(lock) = scribe.lock(call.hold.object) else { continue };
            let (thread, since) = (scribe.thread(call.thread), call.hold.since.clone());
            let (words, at) = (call.words.clone(), call.at.clone());
            let call = CallUnder { lock, thread, since, words, at };
            entry.calls.push(scribe.book.calls.number(&call));
        }
        entry.calls.sort_unstable();
        entry.calls.dedup();
        for section in &course.sections {
            let Some(lock) = scribe.lock(section.object) else { continue };
            let (thread, since) = (scribe.thread(section.thread), section.since.clone());
            let number = scribe.book.sections.number(&SectionOf { lock, thread, since });
            let most = entry.sections.entry(number).or_default();
            *most = (*most).max(section.events);
        }
        entry
    }

    /// How much is in it.
    pub(super) fn size(&self) -> usize {
        self.edges.all().len()
            + self.circles.all().len()
            + self.calls.all().len()
            + self.sections.all().len()
    }

    /// The object's name, with another number if another lock has it already.
    fn name_lock(&mut self, label: &str, named: bool) -> String {
        let base =
            if named { label } else { label.rsplit_once(' ').map_or(label, |(kind, _)| kind) };
        let base = base.split_once('#').filter(|_| named).map_or(base, |(name, _)| name);
        let mut name = label.to_owned();
        while !self.taken_names.insert(name.clone()) {
            let number = self.labels.entry(base.to_owned()).or_insert(1);
            *number += 1;
            name = if named { format!("{base}#{number}") } else { format!("{base} {number}") };
        }
        name
    }
}

/// Enters one execution into the book.
struct Scribe<'a> {
    trace: &'a Trace,
    identities: Identities,
    book: &'a mut Book,
}

impl Scribe<'_> {
    fn thread(&mut self, thread: usize) -> usize {
        let number = self.book.threads.number(&self.identities.path(thread));
        if number == self.book.thread_names.len() {
            self.book.thread_names.push(self.trace.threads[thread].clone());
        }
        number
    }

    fn lock(&mut self, object: usize) -> Option<usize> {
        let lock = self.identities.lock(object)?.clone();
        let named = lock.name.is_some();
        let number = self.book.locks.number(&lock);
        if number == self.book.lock_names.len() {
            let name = self.book.name_lock(&self.trace.objects[object].to_string(), named);
            self.book.lock_names.push(name);
        }
        Some(number)
    }

    fn edge(&mut self, take: &Take<'_>, hold: &Hold<'_>) -> Option<usize> {
        let step = Step {
            from: self.lock(hold.object)?,
            to: self.lock(take.object)?,
            held: hold.mode,
            since: hold.since.clone(),
            taken: take.mode,
            at: take.at.clone(),
        };
        let edge = Edge { thread: self.thread(take.thread), step };
        Some(self.book.edges.number(&edge))
    }

    fn enter_circles(&mut self, course: &Course<'_>, entry: &mut Entry) {
        let takes = &course.takes;
        let (found, complete) = circles(takes);
        self.book.missed_circles |= !complete;
        for circle in found {
            let members = &circle.takes;
            let before = |index: usize| members[(index + members.len() - 1) % members.len()];
            let edges = members.iter().enumerate().map(|(index, member)| {
                let wanted = takes[before(index)].object;
                let hold = takes[*member].held.iter().find(|hold| hold.object == wanted)?;
                self.edge(&takes[*member], hold)
            });
            let Some(edges) = edges.collect::<Option<Vec<_>>>() else { continue };
            let standing = match circle.standing {
                Standing::Open => Standing::Open,
                Standing::Gated { object } => match self.lock(object) {
                    Some(object) => Standing::Gated { object },
                    None => continue,
                },
                Standing::Ordered { first, second } => {
                    Standing::Ordered { first: self.thread(first), second: self.thread(second) }
                }
            };
            let number = self.book.circles.number(&Ring::new(edges, circle.needs_writer));
            entry.enter_circle(number, standing);
        }
    }
}
