//! The memory of an exhaustive search, reused by the next one on its OS thread: allocating it costs
//! more than a short search.

use std::cell::Cell;

use super::path::Path;
use super::races::Races;
use super::tree::Forest;
use crate::event::VisibleEvent;

/// Tables with a larger capacity are not kept.
const MAX_CAPACITY: usize = 4_096;

thread_local! {
    static IDLE: Cell<Option<Tables>> = const { Cell::new(None) };
}

/// The tables that a search fills, empty.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) path: Path,
    pub(super) forest: Forest,
    pub(super) races: Races,
    pub(super) sequence: Vec<VisibleEvent>,
}

impl Tables {
    /// Those of the last search, or new ones.
    pub(super) fn take() -> Self {
        IDLE.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    /// Keeps them for the next search, unless they take much memory.
    pub(super) fn put_back(mut self) {
        let sizes =
            [self.path.capacity(), self.forest.capacity(), self.races.found.races.capacity()];
        if sizes.iter().all(|size| *size <= MAX_CAPACITY) {
            self.path.clear();
            self.forest.clear();
            self.races.found.clear();
            self.sequence.clear();
            // Nothing is kept while the OS thread runs the destructors of its thread-local values.
            _ = IDLE.try_with(|idle| idle.set(Some(self)));
        }
    }
}
