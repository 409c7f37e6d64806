//! The data-race detector: accesses to cells, which are memory that is not atomic.
//!
//! Accesses to cells are no events. If a program has no data race, events decide their order. If it
//! has one, some equivalence class of executions has two accesses that no chain of synchronization
//! orders, whatever the schedule within the class. So each access is compared with the clock of its
//! thread (the happens-before test of `FastTrack`: Flanagan, Freund, PLDI 2009).

use super::Runtime;
use crate::failure::{CellAccess, DataRace};
use crate::identity::ThreadId;
use crate::operation::Place;

/// The last accesses to one cell.
#[derive(Debug, Default)]
pub(crate) struct CellState {
    write: Option<LastAccess>,
    reads: Vec<LastAccess>,
}

impl CellState {
    /// Makes it a new cell, and keeps the memory.
    fn renew(&mut self) {
        self.write = None;
        self.reads.clear();
    }
}

/// An access, and the epoch of its thread.
#[derive(Clone, Copy, Debug)]
struct LastAccess {
    thread: ThreadId,
    /// The thread's next epoch. A clock that includes it includes the access.
    before_epoch: u32,
    place: Place,
}

impl LastAccess {
    fn access(self, writes: bool) -> CellAccess {
        CellAccess { thread: self.thread, writes, location: self.place }
    }
}

impl Runtime {
    /// Creates a cell, and returns its number.
    pub(crate) fn create_cell(&mut self) -> u32 {
        let number = self.cells_made;
        match self.cells.get_mut(number as usize) {
            Some(cell) => cell.renew(),
            None => self.cells.push(CellState::default()),
        }
        self.cells_made = number.checked_add(1).expect("fewer cells than numbers");
        number
    }

    /// The current thread accesses a cell. The first data race of the execution is kept.
    pub(crate) fn access_cell(&mut self, cell: u32, writes: bool, place: Place) {
        let thread = &self.threads[self.current.index()];
        let mark = LastAccess { thread: self.current, before_epoch: thread.epoch + 1, place };
        let state = &mut self.cells[cell as usize];
        let is_concurrent = |other: &&LastAccess| {
            other.thread != mark.thread
                && !thread.clock.includes(other.thread.index(), other.before_epoch)
        };
        let racing_write =
            state.write.as_ref().filter(is_concurrent).map(|other| other.access(true));
        let racing_read = || {
            let read = state.reads.iter().find(is_concurrent);
            read.filter(|_| writes).map(|other| other.access(false))
        };
        let first = racing_write.or_else(racing_read);
        if writes {
            state.write = Some(mark);
            state.reads.clear();
        } else {
            state.reads.retain(|read| read.thread != mark.thread);
            state.reads.push(mark);
        }
        if let Some(first) = first {
            self.race.get_or_insert(DataRace { cell, first, second: mark.access(writes) });
        }
    }
}
