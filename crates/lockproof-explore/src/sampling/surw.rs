//! Selectively uniform random walk: Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform
//! Concurrency Testing", ASPLOS 2025.
//!
//! Each execution looks at one object, picked at random, and aims at a uniform choice among the
//! orders of the operations on it: the thread that is to perform the next of them is drawn with
//! weights that are the numbers of such operations each thread has left. The others on that object
//! wait until it has; all other operations are picked at random.
//!
//! The numbers are counted in earlier executions; the first is a plain random walk.

use std::collections::BTreeMap;

use super::Samples;
use crate::event::Event;
use crate::identity::{ObjectId, ThreadId};
use crate::operation::Operation;
use crate::strategy::{Pick, Strategy, View};

type Counts = BTreeMap<ObjectId, BTreeMap<ThreadId, u32>>;

/// Uniform over the orders of the operations on one object at a time.
#[derive(Clone, Debug)]
pub struct Surw {
    samples: Samples,
    /// The most operations of each thread on each object seen in one execution.
    known: Counts,
    /// Those of the execution at hand.
    counted: Counts,
    /// The object of interest.
    focus: Option<ObjectId>,
    left: BTreeMap<ThreadId, u32>,
    /// The thread that is to perform the next operation of interest.
    intended: Option<ThreadId>,
    candidates: Vec<ThreadId>,
}

impl Surw {
    /// That many executions from this seed.
    pub fn new(seed: u64, executions: u64) -> Self {
        Self {
            samples: Samples::new(seed, executions),
            known: Counts::new(),
            counted: Counts::new(),
            focus: None,
            left: BTreeMap::new(),
            intended: None,
            candidates: Vec::new(),
        }
    }

    fn learn(&mut self) {
        for (object, counts) in std::mem::take(&mut self.counted) {
            let known = self.known.entry(object).or_default();
            for (thread, count) in counts {
                let most = known.entry(thread).or_default();
                *most = count.max(*most);
            }
        }
    }

    /// Draws the thread of the next operation of interest, by what each has left.
    fn draw(&mut self) {
        let all: u32 = self.left.values().sum();
        self.intended = None;
        if all == 0 {
            return;
        }
        let mut ticket = self.samples.rng.below(all as usize);
        for (thread, left) in &self.left {
            if ticket < *left as usize {
                self.intended = Some(*thread);
                return;
            }
            ticket -= *left as usize;
        }
    }

    fn is_of_interest(&self, view: &View<'_>, thread: ThreadId) -> bool {
        self.focus.is_some() && view.pending(thread).and_then(Operation::object) == self.focus
    }
}

impl Strategy for Surw {
    fn begin(&mut self) -> bool {
        self.learn();
        let goes_on = self.samples.begin();
        let shared: Vec<_> = self.known.iter().filter(|(_, counts)| counts.len() > 1).collect();
        if shared.is_empty() {
            self.focus = None;
        } else {
            let (object, counts) = shared[self.samples.rng.below(shared.len())];
            self.focus = Some(*object);
            self.left.clone_from(counts);
        }
        self.draw();
        goes_on
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        self.candidates.clear();
        for thread in view.enabled() {
            if self.intended.is_none()
                || self.intended == Some(thread)
                || !self.is_of_interest(view, thread)
            {
                self.candidates.push(thread);
            }
        }
        if self.candidates.is_empty() {
            // The intended thread cannot come: it waits for one of those that wait for it.
            self.candidates.extend(view.enabled());
        }
        if self.candidates.is_empty() {
            return Pick::Nothing;
        }
        let index = self.samples.rng.below(self.candidates.len());
        self.samples.run(view, self.candidates[index])
    }

    fn executed(&mut self, event: &Event, _view: &View<'_>) {
        let Some(object) = event.operation.object() else { return };
        *self.counted.entry(object).or_default().entry(event.thread).or_default() += 1;
        if Some(object) == self.focus {
            if let Some(left) = self.left.get_mut(&event.thread) {
                *left = left.saturating_sub(1);
            }
            self.draw();
        }
    }
}
