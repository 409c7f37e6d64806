//! Cells: plain memory, checked for data races.

use crate::context::with;
use crate::operation::Place;
use crate::runtime::Runtime;

/// A piece of memory that is not atomic.
///
/// Accesses are no scheduling points. An access that takes time (a closure that runs with a
/// reference) is reported at its beginning and again at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell(u32);

impl Cell {
    /// A cell that no thread has accessed.
    #[expect(clippy::new_without_default, reason = "it belongs to the running model")]
    pub fn new() -> Self {
        Self(with(Runtime::create_cell))
    }

    /// Whether this execution has a data race, of this cell or another.
    pub fn has_raced(self) -> bool {
        with(|runtime| runtime.race.is_some())
    }

    /// Reads it.
    pub fn read(self, at: Place) {
        with(|runtime| runtime.access_cell(self.0, false, at));
    }

    /// Writes it.
    pub fn write(self, at: Place) {
        with(|runtime| runtime.access_cell(self.0, true, at));
    }
}
