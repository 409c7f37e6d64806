//! Mutants of the reductions, switched on by the differential tests for one OS thread.

use std::cell::Cell;

use crate::event::Access;

thread_local! {
    static SWITCHED_ON: Cell<Option<Mutant>> = const { Cell::new(None) };
    static SEQUENCES: Cell<u64> = const { Cell::new(0) };
}

/// One way to break a reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// A release is independent of an attempt that was refused.
    HoleInTheRelation,
    /// Loads are independent of stores.
    LoadsAreFree,
    /// Every third branch of the wake-up trees is dropped.
    Forgetful,
    /// A prefix counts as visited whichever thread could continue.
    NoRunningThread,
    /// A prefix counts as visited with however few preemptions left.
    NoPreemptions,
}

impl Mutant {
    /// Runs `search` with this mutant.
    pub(crate) fn during<T>(self, search: impl FnOnce() -> T) -> T {
        SWITCHED_ON.set(Some(self));
        SEQUENCES.set(0);
        let result = search();
        SWITCHED_ON.set(None);
        result
    }

    fn is_on(self) -> bool {
        SWITCHED_ON.get() == Some(self)
    }
}

pub(crate) fn hides_conflict(a: Access, b: Access) -> bool {
    let is_hole = |a, b| a == Access::Release && b == Access::Refused;
    match SWITCHED_ON.get() {
        Some(Mutant::HoleInTheRelation) => is_hole(a, b) || is_hole(b, a),
        Some(Mutant::LoadsAreFree) => a == Access::Read || b == Access::Read,
        _ => false,
    }
}

pub(crate) fn drops_sequence() -> bool {
    SEQUENCES.set(SEQUENCES.get() + 1);
    Mutant::Forgetful.is_on() && SEQUENCES.get().is_multiple_of(3)
}

pub(crate) fn ignores_running_thread() -> bool {
    Mutant::NoRunningThread.is_on()
}

pub(crate) fn ignores_preemptions() -> bool {
    Mutant::NoPreemptions.is_on()
}
