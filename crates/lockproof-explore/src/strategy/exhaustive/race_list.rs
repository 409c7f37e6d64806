//! The races that were found in a path.

use super::StepIndex;
use crate::event::VisibleEvent;

/// A race: a step that may come earlier, and the steps that make way for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Race {
    /// The racing event, as it will turn out.
    pub(super) event: VisibleEvent,
    /// The racing event's own step. [`NOWHERE`](super::NOWHERE) if it did not happen.
    pub(super) at: StepIndex,
    /// The range of [`RaceList::moved`] that makes way.
    moved: (usize, usize),
    /// Whether the other order has been explored, whatever follows the racing event.
    pub(super) settled: bool,
}

/// Races, and the steps that make way in each.
#[derive(Debug, Default)]
pub(super) struct RaceList {
    pub(super) races: Vec<Race>,
    moved: Vec<StepIndex>,
    /// The number of races between steps that happened. The others follow them.
    pub(super) happened: usize,
}

impl RaceList {
    /// Prepares for another exploration.
    pub(super) fn clear(&mut self) {
        self.races.clear();
        self.moved.clear();
        self.happened = 0;
    }

    /// The steps that make way in a race.
    pub(super) fn moved(&self, race: &Race) -> &[StepIndex] {
        &self.moved[race.moved.0..race.moved.1]
    }

    /// Keeps the races between steps before `first_new`, which the next execution has, too.
    pub(super) fn keep_before(&mut self, first_new: StepIndex) {
        // Races of steps that did not happen depend on the end of the execution. Of the others, both
        // steps are in the common prefix if the later one is, and they were found in the order of
        // the later one.
        self.races.truncate(self.happened);
        while self.races.last().is_some_and(|race| race.at >= first_new) {
            self.races.pop();
        }
        self.moved.truncate(self.races.last().map_or(0, |race| race.moved.1));
    }

    /// Marks the races so far as those between steps that happened.
    pub(super) fn happened_so_far(&mut self) {
        self.happened = self.races.len();
    }

    /// Adds a race in which the steps `moved` make way.
    pub(super) fn add(&mut self, event: VisibleEvent, moved: &[StepIndex], at: StepIndex) {
        let from = self.moved.len();
        self.moved.extend_from_slice(moved);
        self.races.push(Race { event, at, moved: (from, self.moved.len()), settled: false });
    }
}
