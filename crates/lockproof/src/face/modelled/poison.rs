//! What the modelled mutex and read-write lock share: std's poisoning, and std's lock behind the
//! engine's.

use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

use crate::engine::BlindSpot;
use crate::execution::Execution;

/// A guard around what std's lock returned.
#[inline]
pub(super) fn guarded<D, G>(data: LockResult<D>, guard: impl FnOnce(D) -> G) -> LockResult<G> {
    match data {
        Ok(data) => Ok(guard(data)),
        Err(error) => Err(PoisonError::new(guard(error.into_inner()))),
    }
}

/// The same for an attempt.
pub(super) fn try_guarded<D, G>(
    data: TryLockResult<D>,
    guard: impl FnOnce(D) -> G,
) -> TryLockResult<G> {
    match data {
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
        Err(TryLockError::Poisoned(error)) => Ok(guarded(Err(error), guard)?),
        Ok(data) => Ok(guard(data)),
    }
}

/// The answer of std's lock when the engine's is held: it must be free.
#[inline]
#[track_caller]
pub(super) fn free_inside<G>(data: TryLockResult<G>) -> LockResult<G> {
    match data {
        Ok(data) => Ok(data),
        Err(TryLockError::Poisoned(error)) => Err(error),
        Err(TryLockError::WouldBlock) => held_outside(),
    }
}

/// A lock that is free in the model, but not in the process.
#[track_caller]
pub(super) fn held_outside() -> ! {
    panic!(
        "a lock of the model is held by a thread that is not part of it: spawn the threads of a \
         model with `lockproof::thread`, and keep its locks to itself"
    )
}

/// A look at the poison without the lock may come while the holder unwinds: no operation that an
/// engine schedules.
pub(super) fn look_at_poison() {
    if let Some(execution) = Execution::current().filter(|execution| execution.others_run()) {
        execution.uses(BlindSpot::Unwinding);
    }
}
