//! The memory of an exhaustive search, kept for the next one on its OS thread: to make it costs more
//! than a short search.

use std::cell::Cell;

use super::path::Path;
use super::races::Races;
use super::tree::Forest;
use crate::event::VisibleEvent;

/// Tables that have room for more than this are not kept.
const MOST_ROOM: usize = 4_096;

thread_local! {
    static AT_REST: Cell<Option<Tables>> = const { Cell::new(None) };
}

/// What a search fills, empty.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) path: Path,
    pub(super) forest: Forest,
    pub(super) races: Races,
    pub(super) sequence: Vec<VisibleEvent>,
}

impl Tables {
    /// Those that the last search has left, or new ones.
    pub(super) fn take() -> Self {
        AT_REST.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    /// Keeps them for the next search, unless that would keep much memory.
    pub(super) fn give_back(mut self) {
        let room = [self.path.room(), self.forest.most(), self.races.found.capacity()];
        if room.iter().all(|room| *room <= MOST_ROOM) {
            self.path.clear();
            self.forest.clear();
            self.races.clear();
            self.sequence.clear();
            // Nothing is kept any more where the OS thread itself is at its end.
            _ = AT_REST.try_with(|at_rest| at_rest.set(Some(self)));
        }
    }
}
