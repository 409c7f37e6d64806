//! Cells that are checked for data races: accesses with a beginning and an end.

use crate::execution::backend::CallSite;
use crate::execution::intent::{Intent, Reply};
use crate::execution::slot::{Modelled, Slot};
use crate::trace::ObjectKind;

/// An access that an engine knows of. It ends when this is dropped.
pub(crate) struct TrackedAccess {
    cell: Modelled,
    writes: bool,
    at: CallSite,
}

impl TrackedAccess {
    /// Begins an access to the cell of `slot`, if a model runs and can see it.
    pub(crate) fn begin(slot: &Slot, writes: bool, at: CallSite) -> Option<Self> {
        let cell = slot.modelled(ObjectKind::Cell, |execution, _| execution.new_cell())?;
        if writes {
            slot.change();
        }
        match cell.perform(Intent::BeginAccess { writes }, at) {
            Reply::Nothing => None,
            _ => Some(Self { cell, writes, at }),
        }
    }
}

impl Drop for TrackedAccess {
    fn drop(&mut self) {
        self.cell.perform(Intent::EndAccess { writes: self.writes }, self.at);
    }
}

/// Makes the cell of a slot known now, if a model runs.
pub(crate) fn register(slot: &Slot) {
    slot.register(ObjectKind::Cell, |execution, _| execution.new_cell());
}
