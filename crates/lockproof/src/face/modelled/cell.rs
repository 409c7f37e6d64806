//! `UnsafeCell` with access by closure: an engine that can checks each access for data races.

use std::any::Any;
use std::panic::Location;
use std::rc::Rc;

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::backend::BackendCell;
use crate::execution::slot::Slot;
use crate::trace::{ObjectKind, Operation};

/// A cell whose content is reached through [`with`](Self::with) and
/// [`with_mut`](Self::with_mut), so that an engine can see each access.
///
/// Mirrors [`std::cell::UnsafeCell`], but hands out the raw pointer only for the length of a
/// closure: a pointer that escapes could not be checked for data races.
///
/// ```
/// let cell = lockproof::cell::UnsafeCell::new(1);
/// // SAFETY: no other thread can reach `cell`.
/// cell.with_mut(|value| unsafe { *value += 1 });
/// assert_eq!(cell.into_inner(), 2);
/// ```
#[derive(Debug)]
pub struct UnsafeCell<T: ?Sized> {
    pub(crate) slot: Slot,
    data: std::cell::UnsafeCell<T>,
}

impl<T> UnsafeCell<T> {
    /// Wraps a value.
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self { slot: Slot::new(), data: std::cell::UnsafeCell::new(value) }
    }

    /// Takes the value out.
    pub fn into_inner(self) -> T {
        self.data.into_inner()
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Reads through a shared pointer, valid while `read` runs.
    #[track_caller]
    pub fn with<R>(&self, read: impl FnOnce(*const T) -> R) -> R {
        let _access = self.access(Operation::CellRead, Location::caller());
        read(self.data.get())
    }

    /// Writes through an exclusive pointer, valid while `write` runs.
    #[track_caller]
    pub fn with_mut<R>(&self, write: impl FnOnce(*mut T) -> R) -> R {
        let _access = self.access(Operation::CellWrite, Location::caller());
        write(self.data.get())
    }

    /// The content, by the proof of an exclusive borrow.
    pub fn get_mut(&mut self) -> &mut T {
        self.data.get_mut()
    }

    /// Makes the engine's side now, if a model runs.
    pub(crate) fn register(&self) {
        if let Some(execution) = Execution::current() {
            self.peer(&execution);
        }
    }

    fn peer(&self, execution: &Execution) -> Rc<TrackedCell> {
        self.slot.peer(execution, &execution.cells, || TrackedCell {
            object: execution.add_object(ObjectKind::Cell, &self.slot),
            peer: Rc::from(execution.body.cell()),
        })
    }

    /// Announces an access, which lasts as long as what is returned.
    fn access(&self, operation: Operation, location: &'static Location<'static>) -> Option<Access> {
        let execution = self.slot.execution()?;
        let cell = self.peer(&execution);
        execution.uses(BlindSpot::DataRace);
        let writes = operation == Operation::CellWrite;
        if writes {
            self.slot.change();
        }
        // Recorded first: if the engine sees a race in it, it is the trace's last event.
        execution.record(operation, Some(cell.object), location);
        let kept = execution.engine(|| cell.peer.begin(writes))?;
        Some(Access { kept, cell, writes })
    }
}

impl<T: Default> Default for UnsafeCell<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T> From<T> for UnsafeCell<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// A cell of an execution.
pub(crate) struct TrackedCell {
    pub(crate) object: usize,
    peer: Rc<dyn BackendCell>,
}

/// An access that an engine knows of. It ends when this is dropped.
struct Access {
    kept: Option<Box<dyn Any>>,
    cell: Rc<TrackedCell>,
    writes: bool,
}

impl Drop for Access {
    fn drop(&mut self) {
        self.kept = None;
        self.cell.peer.end(self.writes);
    }
}
