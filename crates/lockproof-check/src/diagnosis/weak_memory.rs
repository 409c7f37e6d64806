//! A load misses a store that came before it, as weak memory allows.

use super::accesses::{Access, Touch};
use super::{Case, Finding};
use crate::record::ActionKind;

/// The last load of the thread that panicked which missed another thread's store.
pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let panic = case.trace.events.iter().rfind(|event| event.action.kind == ActionKind::Panic)?;
    let missed = |access: &&Access| {
        access.thread == panic.thread && !access.is_lock && case.event(access).stale
    };
    let load = case.accesses.iter().rfind(missed)?;
    let store = case.accesses.iter().rfind(|access: &&Access| {
        access.object == load.object
            && access.thread != load.thread
            && access.touch == Touch::Changes
            && access.end < load.begin
    })?;
    let read = case.event(load).action.read.as_deref()?;
    let written = case.event(store).action.written.as_deref()?;
    let sentence = format!(
        "{} read {read} from {} at {}, although {} had written {written} at {}: weak memory lets a \
         load miss a store that nothing orders before it",
        case.thread(load),
        case.object(load),
        case.place(load),
        case.thread(store),
        case.place(store)
    );
    Some(Finding::new(sentence, [store.begin, load.begin]))
}
