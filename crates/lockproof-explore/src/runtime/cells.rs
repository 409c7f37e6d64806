//! Cells: memory that is not atomic, watched for data races.
//!
//! Accesses to cells are no events: if a program has no data race, their order is decided by the
//! events; and if it has one, some equivalence class of executions has two accesses that no chain
//! of synchronization orders, whatever the schedule within the class. So each access is checked
//! against what its thread knows (`FastTrack`'s happens-before test: Flanagan, Freund, PLDI 2009).

use super::Runtime;
use crate::failure::{CellAccess, DataRace};
use crate::identity::ThreadId;
use crate::operation::Place;

/// The last accesses to one cell that nobody has overtaken.
#[derive(Debug, Default)]
pub(crate) struct CellState {
    write: Option<LastAccess>,
    reads: Vec<LastAccess>,
}

impl CellState {
    /// Makes it a new cell, with the memory of the old.
    fn renew(&mut self) {
        self.write = None;
        self.reads.clear();
    }
}

/// An access, and how far its thread was.
#[derive(Clone, Copy, Debug)]
struct LastAccess {
    thread: ThreadId,
    /// The thread's next epoch: whoever knows of that knows of the access.
    before_epoch: u32,
    place: Place,
}

impl LastAccess {
    fn access(self, writes: bool) -> CellAccess {
        CellAccess { thread: self.thread, writes, location: self.place }
    }
}

impl Runtime {
    /// Makes a cell, and says which.
    pub(crate) fn create_cell(&mut self) -> u32 {
        let number = self.cells_made;
        match self.cells.get_mut(number as usize) {
            Some(cell) => cell.renew(),
            None => self.cells.push(CellState::default()),
        }
        self.cells_made = number.checked_add(1).expect("fewer cells than numbers");
        number
    }

    /// The current thread accesses a cell; the first data race of the execution is kept.
    pub(crate) fn access_cell(&mut self, cell: u32, writes: bool, place: Place) {
        let thread = &self.threads[self.current.index()];
        let mark = LastAccess { thread: self.current, before_epoch: thread.epoch + 1, place };
        let state = &mut self.cells[cell as usize];
        let unknown = |other: &&LastAccess| {
            other.thread != mark.thread
                && !thread.clock.includes(other.thread.index(), other.before_epoch)
        };
        let racing_write = state.write.as_ref().filter(unknown).map(|other| other.access(true));
        let racing_read = || {
            let read = state.reads.iter().find(unknown);
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
