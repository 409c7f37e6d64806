//! A thread stores what it worked out from a value that another thread has replaced meanwhile.

use lockproof_record::{ActionKind, RecordedEvent};

use super::accesses::{SharedAccess, Touch};
use super::{Evidence, Finding};

/// The last store of an atomic that undid another thread's.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let stores = evidence.accesses.iter().filter(|access| {
        evidence.event(access).action.kind == ActionKind::Store && access.touch == Touch::Changes
    });
    stores.rev().find_map(|store| overwritten(evidence, store))
}

/// The update of another thread that `store` undid, if it did.
fn overwritten(evidence: &Evidence<'_>, store: &SharedAccess) -> Option<Finding> {
    let load = evidence.previous(store).filter(|access| access.touch == Touch::Looks)?;
    let lost = evidence.accesses.iter().rev().find(|other| {
        other.object == store.object
            && other.thread != store.thread
            && other.touch == Touch::Changes
            && (load.end..store.begin).contains(&other.begin)
            && !evidence.trace.forces(other.begin, store.begin, &[store.object])
    })?;
    let based_on = evidence.previous(lost).filter(|access| access.touch == Touch::Looks);
    let common = based_on.filter(|other| {
        evidence.event(lost).action.kind == ActionKind::Store
            && evidence.event(other).action.read == evidence.event(load).action.read
    });
    let sentence = match common {
        Some(other) => both_read(evidence, (load, store), (other, lost)),
        None => one_read(evidence, (load, store), lost),
    };
    let events = [Some(load), common, Some(lost), Some(store)];
    Some(Finding::new(sentence, events.into_iter().flatten().map(|access| access.begin)))
}

fn both_read(
    evidence: &Evidence<'_>,
    (load, store): (&SharedAccess, &SharedAccess),
    (other_load, lost): (&SharedAccess, &SharedAccess),
) -> String {
    let adds_one = |load, store| adds_one(evidence.event(load), evidence.event(store));
    let what =
        if adds_one(load, store) && adds_one(other_load, lost) { "increment" } else { "update" };
    let places = evidence.places([load, other_load]);
    let value = evidence.event(load).action.read.as_deref().unwrap_or_default();
    let (thread, other) = (evidence.thread(store), evidence.thread(lost));
    let object = evidence.object(store);
    format!("{thread} overwrote the {what} of {other} in {object}: both read {value} at {places}")
}

fn one_read(
    evidence: &Evidence<'_>,
    (load, store): (&SharedAccess, &SharedAccess),
    lost: &SharedAccess,
) -> String {
    let action = &evidence.event(lost).action;
    let (name, written) = (&action.name, action.written.as_deref().unwrap_or_default());
    let value = evidence.event(load).action.read.as_deref().unwrap_or_default();
    let (thread, other) = (evidence.thread(store), evidence.thread(lost));
    let (object, read_at) = (evidence.object(store), evidence.place(load));
    format!(
        "{thread} overwrote the {name} of {other} in {object}: it had read {value} at {read_at}, \
         before {other} wrote {written} at {}",
        evidence.place(lost)
    )
}

fn adds_one(load: &RecordedEvent, store: &RecordedEvent) -> bool {
    let number = |text: &Option<String>| text.as_ref()?.parse::<i128>().ok();
    let (before, after) = (number(&load.action.read), number(&store.action.written));
    before.zip(after).is_some_and(|(before, after)| after == before + 1)
}
