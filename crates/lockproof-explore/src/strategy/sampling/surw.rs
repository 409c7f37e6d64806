//! Selectively uniform random walk: Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform
//! Concurrency Testing", ASPLOS 2025.
//!
//! The choices that the paper leaves open are those of its authors' tool. The operations of interest
//! are those on one object, which is drawn with the number of its operations as its weight. All
//! others follow random priorities. The authors' tool counts operations in one run beforehand. The
//! counts here are the highest of all executions so far.

use std::collections::BTreeMap;

use super::Samples;
use super::priorities::Priorities;
use super::rng::Rng;
use crate::event::VisibleEvent;
use crate::identity::{ObjectId, ThreadId};
use crate::operation::VisibleOperation;
use crate::strategy::{Pick, SearchStrategy, View};

/// Uniform over the orders of the operations on one object at a time: selectively uniform random
/// walk (Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS
/// 2025).
///
/// Each execution is about one object that several threads use, at least one of which does more than
/// read it. The thread that performs the next operation on the object is drawn with the number of
/// such operations that it has left as its weight. Other operations on the object wait until then.
/// All other operations have a random priority each.
///
/// *Guarantee:* if each thread performs the same number of operations on the object in every
/// execution, and none of them waits for another thread, all orders of these operations have the same
/// probability. The numbers are learned: the first execution uses random priorities alone, and later
/// ones the highest number seen so far. *Cost* of a step: a visit of each thread. *When:* there are
/// many threads, or threads of very different lengths, and the bug is in the order in which they use
/// one object.
///
/// ```
/// use lockproof_explore::{Atomic, Options, Surw, explore, here, join, spawn};
/// use std::sync::atomic::Ordering::SeqCst;
///
/// let outcome = explore(&Options::default(), &mut Surw::new(0, 100), &mut (), || {
///     let total = Atomic::new(0);
///     let add = move || total.store(total.load(SeqCst, here()) + 1, SeqCst, here());
///     let child = spawn(add, here());
///     add();
///     join(child, here()).unwrap();
///     assert_eq!(total.load(SeqCst, here()), 2);
/// });
/// assert!(outcome.failure.is_some(), "an update is lost");
/// ```
#[derive(Clone, Debug)]
pub struct Surw {
    samples: Samples,
    /// The most operations on each object seen in one execution.
    known: BTreeMap<ObjectId, Uses>,
    /// Those of the current execution.
    counted: BTreeMap<ObjectId, Uses>,
    aim: Aim,
    /// Those of the pending operations.
    priorities: Priorities,
    waiting: Vec<ThreadId>,
}

impl Surw {
    /// This number of executions from this seed.
    pub fn new(seed: u64, executions: u64) -> Self {
        Self {
            samples: Samples::new(seed, executions),
            known: BTreeMap::new(),
            counted: BTreeMap::new(),
            aim: Aim::default(),
            priorities: Priorities::default(),
            waiting: Vec::new(),
        }
    }

    fn learn(&mut self) {
        for (object, uses) in std::mem::take(&mut self.counted) {
            self.known.entry(object).or_default().learn(&uses);
        }
    }

    /// Draws the object of interest of an execution.
    fn take_aim(&mut self) {
        let interesting = self.known.iter().filter(|(_, uses)| uses.is_interesting());
        let weights = interesting.clone().map(|(_, uses)| uses.counts.iter().sum());
        let drawn = draw(&mut self.samples.rng, weights);
        let chosen = drawn.and_then(|place| interesting.clone().nth(place));
        self.aim.object = chosen.map(|(object, _)| *object);
        self.aim.left.clear();
        self.aim.left.extend(chosen.iter().flat_map(|(_, uses)| &uses.counts));
        self.aim.draw_intended(&mut self.samples.rng);
    }

    /// Draws another thread in place of the intended one, which has ended, or waits for one of those
    /// that it holds back.
    fn choose_waiting(&mut self, view: &View<'_>) -> Option<ThreadId> {
        self.waiting.clear();
        self.waiting.extend(view.enabled());
        let weights = self.waiting.iter().map(|thread| self.aim.left(*thread).max(1));
        draw(&mut self.samples.rng, weights).map(|place| self.waiting[place])
    }
}

impl SearchStrategy for Surw {
    fn begin(&mut self) -> bool {
        self.learn();
        self.priorities.clear();
        let goes_on = self.samples.begin();
        self.take_aim();
        goes_on
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        let free = view.enabled().filter(|thread| !self.aim.holds_back(view, *thread));
        let highest = self.priorities.highest(&mut self.samples.rng, free);
        let thread = highest.or_else(|| self.choose_waiting(view));
        thread.map_or(Pick::Nothing, |thread| self.samples.run(view, thread))
    }

    fn executed(&mut self, event: &VisibleEvent, _view: &View<'_>) {
        self.priorities.forget(event.thread);
        let Some(object) = event.operation.object() else { return };
        self.counted.entry(object).or_default().add(event.thread, &event.operation);
        if Some(object) == self.aim.object {
            self.aim.count_down(event.thread);
            self.aim.draw_intended(&mut self.samples.rng);
        }
    }
}

/// The object of interest of one execution.
#[derive(Clone, Debug, Default)]
struct Aim {
    /// `None` as long as no object is known to be interesting.
    object: Option<ObjectId>,
    /// By thread: the operations on it that are still to come.
    left: Vec<u32>,
    /// The index of the thread that performs the next of them.
    intended: Option<usize>,
}

impl Aim {
    fn left(&self, thread: ThreadId) -> u32 {
        self.left.get(thread.index()).copied().unwrap_or(0)
    }

    fn count_down(&mut self, thread: ThreadId) {
        if let Some(left) = self.left.get_mut(thread.index()) {
            *left = left.saturating_sub(1);
        }
    }

    fn draw_intended(&mut self, rng: &mut Rng) {
        self.intended = draw(rng, self.left.iter().copied());
    }

    /// Whether the next operation of `thread` has to wait for that of the intended thread.
    fn holds_back(&self, view: &View<'_>, thread: ThreadId) -> bool {
        self.intended.is_some_and(|intended| intended != thread.index())
            && view.pending(thread).and_then(VisibleOperation::object) == self.object
    }
}

/// The operations on one object.
#[derive(Clone, Debug, Default)]
struct Uses {
    /// By thread.
    counts: Vec<u32>,
    /// Whether one of them did more than read.
    changed: bool,
}

impl Uses {
    fn add(&mut self, thread: ThreadId, operation: &VisibleOperation) {
        self.raise(thread.index(), |count| count + 1);
        self.changed |= !operation.kind.only_reads();
    }

    fn learn(&mut self, other: &Self) {
        for (index, new) in other.counts.iter().enumerate() {
            self.raise(index, |count| count.max(*new));
        }
        self.changed |= other.changed;
    }

    fn raise(&mut self, index: usize, by: impl Fn(u32) -> u32) {
        if self.counts.len() <= index {
            self.counts.resize(index + 1, 0);
        }
        self.counts[index] = by(self.counts[index]);
    }

    /// Whether the order of the operations can matter.
    fn is_interesting(&self) -> bool {
        self.changed && self.counts.iter().filter(|count| **count > 0).count() > 1
    }
}

/// The index of one of the weights, drawn in proportion to them. `None` if their sum is 0.
fn draw(rng: &mut Rng, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
    let all: u64 = weights.clone().map(u64::from).sum();
    if all == 0 {
        return None;
    }
    let mut ticket = rng.below(usize::try_from(all).unwrap_or(usize::MAX)) as u64;
    for (place, weight) in weights.enumerate() {
        match ticket.checked_sub(u64::from(weight)) {
            Some(rest) => ticket = rest,
            None => return Some(place),
        }
    }
    None
}
