//! The state of an execution that ends it, or that decides which thread continues at last.

use std::any::Any;

use crate::failure::Bug;
use crate::identity::ThreadId;
use crate::operation::OperationKind;
use crate::runtime::{Life, Runtime};

/// The bug that no thread can continue except by a spurious wake-up, which may never come.
pub(super) fn needs_spurious_wake_up(runtime: &Runtime) -> Option<Bug> {
    let mut is_stuck = false;
    for thread in runtime.thread_order.iter().copied() {
        if runtime.is_enabled_spuriously(thread) {
            is_stuck = true;
        } else if runtime.is_enabled(thread) || runtime.is_enabled_late(thread) {
            return None;
        }
    }
    is_stuck.then(|| runtime.diagnose())
}

/// Whether there was a data race, or the main thread has panicked.
#[inline]
pub(super) fn has_failed(runtime: &Runtime) -> bool {
    let main = runtime.thread(ThreadId::MAIN);
    runtime.race.is_some() || (main.life == Life::Finished && main.panic.is_some())
}

/// The data race or the panic of the main thread, if there was one.
pub(super) fn own_failure(runtime: &Runtime) -> Option<Bug> {
    if let Some(race) = runtime.race {
        return Some(Bug::DataRace(race));
    }
    let main = runtime.thread(ThreadId::MAIN);
    let payload = main.panic.as_deref().filter(|_| main.life == Life::Finished)?;
    Some(Bug::Panic { message: message(payload) })
}

/// The thread that continues when none is enabled: first one whose time-out is due, then the
/// spinning thread with the fewest rounds.
pub(super) fn late_thread(runtime: &Runtime) -> Option<ThreadId> {
    let late =
        runtime.thread_order.iter().copied().filter(|thread| runtime.is_enabled_late(*thread));
    late.min_by_key(|thread| {
        let spins = runtime.pending(*thread).is_some_and(|o| o.kind == OperationKind::Yield);
        (spins, runtime.thread(*thread).spinning.late_yields)
    })
}

/// The message of a panic's payload.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a payload that is not text".to_owned())
}
