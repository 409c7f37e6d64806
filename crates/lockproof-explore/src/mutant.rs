//! Mutants of the reductions, which the differential tests must notice: none outside these tests.

use crate::event::Access;

/// Whether two accesses that conflict are taken to be independent.
#[inline]
pub(crate) const fn hides_conflict(_: Access, _: Access) -> bool {
    false
}

/// Whether a wake-up sequence is dropped.
pub(crate) const fn drops_sequence() -> bool {
    false
}

/// Whether a bounded search takes prefixes to be equal whichever thread could go on.
pub(crate) const fn ignores_running_thread() -> bool {
    false
}

/// Whether a bounded search takes a prefix to be visited with however many preemptions.
pub(crate) const fn ignores_preemptions() -> bool {
    false
}
