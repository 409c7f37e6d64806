//! A load misses a store that came before it, as weak memory allows.

use lockproof_record::ActionKind;

use super::accesses::{SharedAccess, Touch};
use super::{Evidence, Finding};

/// The last load of the thread that panicked which missed another thread's store.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let panic =
        evidence.trace.events.iter().rfind(|event| event.action.kind == ActionKind::Panic)?;
    let missed = |access: &&SharedAccess| {
        access.thread == panic.thread && !access.is_lock && evidence.event(access).stale
    };
    let load = evidence.accesses.iter().rfind(missed)?;
    let store = evidence.accesses.iter().rfind(|access: &&SharedAccess| {
        access.object == load.object
            && access.thread != load.thread
            && access.touch == Touch::Changes
            && access.end < load.begin
    })?;
    let read = evidence.event(load).action.read.as_deref()?;
    let written = evidence.event(store).action.written.as_deref()?;
    let sentence = format!(
        "{} read {read} from {} at {}, although {} had written {written} at {}: weak memory lets a \
         load miss a store that nothing orders before it",
        evidence.thread(load),
        evidence.object(load),
        evidence.place(load),
        evidence.thread(store),
        evidence.place(store)
    );
    Some(Finding::new(sentence, [store.begin, load.begin]))
}
