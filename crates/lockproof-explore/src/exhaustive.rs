//! The exhaustive strategy: every interleaving once, up to equivalence.
//!
//! Optimal dynamic partial-order reduction: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A
//! Foundation for Optimal Dynamic Partial Order Reduction", Journal of the ACM 64(4), 2017. Two
//! executions are equivalent if they differ only in the order of independent events; exactly one
//! of each class is run to its end. None is given up halfway, unless objects come to light at their
//! first use (see `naming`), which another thread may come to first: what then turns out to be in no
//! new class is abandoned, and counted as such.
//!
//! One execution runs to its end. Then every race in it is reversed: a *wake-up sequence* that
//! leads to the other order is added to the tree at the step where the two orders part, unless a
//! *sleeping* event there shows that executions with that order have been explored. The next
//! execution follows the path to the deepest step that has something left in its tree, and the
//! tree from there.
//!
//! | file | holds |
//! |---|---|
//! | `insertion` | what an execution leads to: the sequences that reverse its races |
//! | `path`, `clocks` | the steps of the execution at hand, their clocks, what sleeps where |
//! | `tree` | wake-up trees |
//! | `races` | which steps race, blocked operations and unchosen outcomes included |
//! | `reversal` | whether and how a step could come before those it races with |
//! | `tables` | the memory of all that, kept from one search to the next |
//!
//! Invariant: what is stored for a step (sleeping events, trees) is about events that can take
//! effect there; names of threads and objects are the same in all executions.

mod clocks;
mod insertion;
mod path;
mod races;
mod reversal;
mod tables;
mod tree;

use std::marker::PhantomData;
use std::mem;

use crate::dependency::{Exact, Reduction, depend};
use crate::event::{Alternative, VisibleEvent};
use crate::identity::ThreadId;
use crate::operation::{OperationKind, VisibleOperation};
use crate::strategy::{Pick, SearchStrategy, View, divergence, estimate};

use path::Path;
use races::Races;
use tables::Tables;
use tree::{Branch, Forest};

/// Explores every interleaving once, up to equivalence.
///
/// The type parameter is for the tests of the engine itself.
#[derive(Debug)]
pub struct Exhaustive<R: Reduction = Exact> {
    path: Path,
    forest: Forest,
    races: Races,
    /// Steps of the path that the execution at hand has taken.
    depth: usize,
    /// What is to be explored from the end of the path on.
    guide: Branch,
    /// The first step that the execution before did not take.
    first_new: usize,
    started: bool,
    executions: f64,
    /// Wake-up sequences found so far.
    sequences: u64,
    alternatives: Vec<Alternative>,
    sequence: Vec<VisibleEvent>,
    reduction: PhantomData<R>,
}

impl Exhaustive {
    /// At the beginning.
    pub fn new() -> Self {
        Self::with_reduction()
    }
}

impl Default for Exhaustive {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Reduction> Exhaustive<R> {
    /// At the beginning, with another dependency relation.
    #[doc(hidden)]
    pub fn with_reduction() -> Self {
        let Tables { path, forest, races, sequence } = Tables::take();
        Self {
            path,
            forest,
            races,
            depth: 0,
            guide: Branch::NONE,
            first_new: 0,
            started: false,
            executions: 0.0,
            sequences: 0,
            alternatives: Vec::new(),
            sequence,
            reduction: PhantomData,
        }
    }

    /// Goes back to the deepest step with something left to explore; false if there is none.
    fn backtrack(&mut self) -> bool {
        self.guide = Branch::NONE;
        while let Some(last) = self.path.frames.last() {
            let branches = last.branches;
            self.path.leave();
            if let Some((event, following, rest)) = self.forest.pop(branches) {
                self.path.send_to_sleep();
                let at = self.path.len() - 1;
                self.path.frames[at].event = *event;
                self.path.frames[at].branches = rest;
                self.guide = following;
                self.first_new = at;
                return true;
            }
            self.path.pop();
        }
        false
    }

    /// The step that the tree prescribes, as the last of the path.
    fn branch_off(&mut self, view: &View<'_>) -> Pick {
        let event = &mut self.path.frames[self.depth].event;
        *event = guided(*event, view);
        if let Some(divergence) = self.restless_sleeper(view) {
            return divergence;
        }
        let pick = self.follow(view);
        if let Pick::Run(thread, _) = pick {
            self.path.forget_options();
            self.note_options(view, thread);
        }
        pick
    }

    /// The step that the path prescribes.
    #[inline]
    fn follow(&mut self, view: &View<'_>) -> Pick {
        let event = &self.path.frames[self.depth].event;
        if event.late {
            return Pick::Nothing;
        }
        let thread = event.thread;
        if !view.0.can_perform(thread, &event.operation) {
            return divergence(self.depth + 1, event.to_string(), view, thread);
        }
        self.depth += 1;
        Pick::Run(thread, event.alternative)
    }

    /// A step beyond the path: the tree's first branch, or any event that does not sleep.
    fn extend(&mut self, view: &View<'_>) -> Pick {
        if let Some((event, following, rest)) = self.forest.pop(self.guide) {
            self.guide = following;
            let event = *event;
            self.push(event, rest);
            return self.branch_off(view);
        }
        self.push(VisibleEvent::PLACEHOLDER, Branch::NONE);
        if let Some(divergence) = self.restless_sleeper(view) {
            return divergence;
        }
        let mut anyone = false;
        let current = view.current();
        let first = view.is_enabled(current).then_some(current);
        for thread in first.into_iter().chain(view.enabled()) {
            anyone = true;
            if let Some(alternative) = self.awake_alternative(view, thread) {
                self.note_options(view, thread);
                self.depth += 1;
                return Pick::Run(thread, alternative);
            }
        }
        self.path.pop();
        if anyone { Pick::Abandon } else { Pick::Nothing }
    }

    fn push(&mut self, event: VisibleEvent, branches: Branch) {
        self.path.push(event, branches, depend::<R>);
        self.first_new = self.first_new.min(self.path.len() - 1);
    }

    /// A sleeping thread has been left alone, so it must still want what it wanted before.
    #[inline]
    fn restless_sleeper(&self, view: &View<'_>) -> Option<Pick> {
        let sleepers = self.path.asleep_at_last();
        if sleepers.is_empty() { None } else { self.restless_among(sleepers, view) }
    }

    fn restless_among(&self, sleepers: &[VisibleEvent], view: &View<'_>) -> Option<Pick> {
        let restless = sleepers.iter().find(|sleeper| {
            !view.pending(sleeper.thread).is_some_and(|o| o.is_same(&sleeper.operation))
        })?;
        Some(divergence(self.path.len(), restless.to_string(), view, restless.thread))
    }

    /// The first outcome of `thread`'s operation that does not sleep at the last step.
    fn awake_alternative(&mut self, view: &View<'_>, thread: ThreadId) -> Option<Alternative> {
        let asleep = self.path.asleep_at_last();
        if !has_alternatives(view.pending(thread)?) {
            let sleeps = asleep.iter().any(|event| event.thread == thread);
            return (!sleeps).then_some(Alternative::ORDINARY);
        }
        view.alternatives(thread, &mut self.alternatives);
        let sleeps = |alternative: &&Alternative| {
            asleep.iter().any(|e| e.thread == thread && e.alternative == **alternative)
        };
        self.alternatives.iter().find(|alternative| !sleeps(alternative)).copied()
    }

    #[inline]
    fn note_options(&mut self, view: &View<'_>, thread: ThreadId) {
        if view.pending(thread).is_some_and(has_alternatives) {
            view.alternatives(thread, &mut self.alternatives);
            self.path.set_options(&self.alternatives);
        }
    }
}

impl<R: Reduction> Drop for Exhaustive<R> {
    fn drop(&mut self) {
        let (path, forest) = (mem::take(&mut self.path), mem::take(&mut self.forest));
        let (races, sequence) = (mem::take(&mut self.races), mem::take(&mut self.sequence));
        Tables { path, forest, races, sequence }.give_back();
    }
}

impl<R: Reduction> SearchStrategy for Exhaustive<R> {
    fn begin(&mut self) -> bool {
        self.depth = 0;
        if !self.started {
            self.started = true;
            return true;
        }
        self.backtrack()
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        if self.depth < self.first_new {
            self.follow(view)
        } else if self.depth < self.path.len() {
            self.branch_off(view)
        } else {
            self.extend(view)
        }
    }

    fn executed(&mut self, event: &VisibleEvent, _view: &View<'_>) {
        if event.late {
            if self.depth == self.path.len() {
                self.push(*event, Branch::NONE);
            }
            self.depth += 1;
        }
        if self.depth > self.first_new {
            self.path.enter(event);
        }
    }

    fn end(&mut self, view: &View<'_>) {
        self.executions += 1.0;
        self.reverse_races(view);
    }

    fn is_exhaustive(&self) -> bool {
        true
    }

    fn estimate(&self) -> Option<f64> {
        let frames = self.path.frames.iter();
        let branches = frames.map(|frame| (frame.explored, self.forest.len(frame.branches)));
        estimate(self.executions, branches)
    }
}

/// The tree's event with its objects named as in this execution.
fn guided(event: VisibleEvent, view: &View<'_>) -> VisibleEvent {
    let pending = view.pending(event.thread).filter(|operation| {
        operation.kind == event.operation.kind && operation.location == event.operation.location
    });
    VisibleEvent { operation: pending.copied().unwrap_or(event.operation), ..event }
}

/// Whether the environment may have a choice between several outcomes.
#[inline]
fn has_alternatives(operation: &VisibleOperation) -> bool {
    use OperationKind::{Choose, CompareExchangeWeak, NotifyAll, NotifyOne, Park, WakeUp};
    matches!(operation.kind, Choose | CompareExchangeWeak | NotifyAll | NotifyOne | Park | WakeUp)
}
