//! The exhaustive strategy: every interleaving once, up to equivalence.
//!
//! Optimal dynamic partial-order reduction: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A
//! Foundation for Optimal Dynamic Partial Order Reduction", Journal of the ACM 64(4), 2017. Two
//! executions are equivalent if they differ only in the order of independent events. Exactly one of
//! each class is run to its end. None is abandoned, unless objects are created at their first use
//! (see `runtime::naming`), which another thread may reach first: an execution that then turns out
//! to belong to no new class is abandoned, and counted as such.
//!
//! An execution runs to its end. Then every race in it is reversed: a *wake-up sequence* that leads
//! to the other order is inserted into the wake-up tree of the step where the two orders part,
//! unless an event that *sleeps* at that step shows that executions with that order have been
//! explored. The next execution follows the path to the deepest step with a branch left in its tree,
//! and from there that branch.
//!
//! | file | holds | in the paper |
//! |---|---|---|
//! | `picking` | the next step: along the path, along the tree, or beyond | *E*, *`WuT`* |
//! | `insertion` | the wake-up sequences that reverse the races of an execution | *notdep(e, E).proc(e')* |
//! | `path`, `indexes`, `clocks` | the steps of the current execution, their clocks, what sleeps where | *E*, *sleep(E)* |
//! | `tree` | wake-up trees | *wut(E)*, *insert* |
//! | `races`, `race_list` | the steps that race, blocked operations and other outcomes included | *e ≲ e'* |
//! | `reversal`, `outcomes` | whether and how a step could come before those that it races with | |
//! | `tables` | the memory of all that, reused by the next search | |
//!
//! Invariant: events that are stored for a step (sleeping events, trees) can take effect there.
//! Names of threads and objects are the same in all executions.

mod clocks;
mod indexes;
mod insertion;
mod outcomes;
mod path;
mod picking;
mod race_list;
mod races;
mod reversal;
mod tables;
mod tree;

use std::mem;

use super::estimate::estimate;
use super::{Pick, SearchStrategy, View};
use crate::event::{Alternative, VisibleEvent};

use path::Path;
use races::Races;
use tables::Tables;
use tree::{Branch, Forest};

/// The index of a step in the path, or [`NOWHERE`].
type StepIndex = u32;
const NOWHERE: StepIndex = u32::MAX;

#[expect(clippy::cast_possible_truncation, reason = "a path has fewer steps than u32 has numbers")]
fn step_index(index: usize) -> StepIndex {
    index as StepIndex
}

/// Explores every interleaving once, up to equivalence.
#[derive(Debug)]
pub struct Exhaustive {
    path: Path,
    forest: Forest,
    races: Races,
    /// The number of steps of the path that the current execution has taken.
    depth: usize,
    /// The branches to explore after the end of the path.
    guide: Branch,
    /// The first step that the execution before has not taken.
    first_new: usize,
    started: bool,
    executions: f64,
    alternatives: Vec<Alternative>,
    /// The wake-up sequence that is being built.
    sequence: Vec<VisibleEvent>,
}

impl Exhaustive {
    /// A search that has not begun.
    pub fn new() -> Self {
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
            alternatives: Vec::new(),
            sequence,
        }
    }

    /// Goes back to the deepest step with a branch left. False if there is none.
    fn backtrack(&mut self) -> bool {
        self.guide = Branch::NONE;
        while let Some(last) = self.path.frames.last() {
            let branches = last.branches;
            self.path.leave();
            if let Some((event, subtree, rest)) = self.forest.pop(branches) {
                // Everything that can follow the step's event has been explored, so the event sleeps
                // here from now on. The first branch is the smallest in the order of the tree, and
                // its subtree guides the steps after it (*WuT'* in the paper).
                self.path.replace_last(*event, rest);
                self.guide = subtree;
                self.first_new = self.path.len() - 1;
                return true;
            }
            self.path.pop();
        }
        false
    }
}

impl Default for Exhaustive {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Exhaustive {
    fn drop(&mut self) {
        let (path, forest) = (mem::take(&mut self.path), mem::take(&mut self.forest));
        let (races, sequence) = (mem::take(&mut self.races), mem::take(&mut self.sequence));
        Tables { path, forest, races, sequence }.put_back();
    }
}

impl SearchStrategy for Exhaustive {
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
            // The engine let it happen, so no pick has added it to the path.
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
