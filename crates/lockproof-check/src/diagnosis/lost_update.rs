//! A thread stores what it worked out from a value that another thread has replaced meanwhile.

use super::accesses::{Access, Touch};
use super::{Case, Finding};
use crate::record::{ActionKind, RecordedEvent};

/// The last store of an atomic that undid another thread's.
pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let stores = case.accesses.iter().filter(|access| {
        case.event(access).action.kind == ActionKind::Store && access.touch == Touch::Changes
    });
    stores.rev().find_map(|store| overwritten(case, store))
}

/// The update of another thread that `store` undid, if it did.
fn overwritten(case: &Case<'_>, store: &Access) -> Option<Finding> {
    let load = case.previous(store).filter(|access| access.touch == Touch::Looks)?;
    let order = case.order_without(&[store.object]);
    let lost = case.accesses.iter().rev().find(|other| {
        other.object == store.object
            && other.thread != store.thread
            && other.touch == Touch::Changes
            && (load.end..store.begin).contains(&other.begin)
            && !order.forces(other.begin, store.begin)
    })?;
    let based_on = case.previous(lost).filter(|access| access.touch == Touch::Looks);
    let common = based_on.filter(|other| {
        case.event(lost).action.kind == ActionKind::Store
            && case.event(other).action.read == case.event(load).action.read
    });
    let sentence = match common {
        Some(other) => both_read(case, (load, store), (other, lost)),
        None => one_read(case, (load, store), lost),
    };
    let events = [Some(load), common, Some(lost), Some(store)];
    Some(Finding::new(sentence, events.into_iter().flatten().map(|access| access.begin)))
}

fn both_read(
    case: &Case<'_>,
    (load, store): (&Access, &Access),
    (other_load, lost): (&Access, &Access),
) -> String {
    let adds_one = |load, store| adds_one(case.event(load), case.event(store));
    let what =
        if adds_one(load, store) && adds_one(other_load, lost) { "increment" } else { "update" };
    let places = [case.place(load), case.place(other_load)];
    let places = if places[0] == places[1] { places[0].clone() } else { places.join(" and ") };
    let value = case.event(load).action.read.as_deref().unwrap_or_default();
    format!(
        "{} overwrote the {what} of {} in {}: both read {value} at {places}",
        case.thread(store),
        case.thread(lost),
        case.object(store)
    )
}

fn one_read(case: &Case<'_>, (load, store): (&Access, &Access), lost: &Access) -> String {
    let action = &case.event(lost).action;
    let written = action.written.as_deref().unwrap_or_default();
    let value = case.event(load).action.read.as_deref().unwrap_or_default();
    format!(
        "{} overwrote the {} of {} in {}: it had read {value} at {}, before {} wrote {written} at {}",
        case.thread(store),
        action.name,
        case.thread(lost),
        case.object(store),
        case.place(load),
        case.thread(lost),
        case.place(lost)
    )
}

fn adds_one(load: &RecordedEvent, store: &RecordedEvent) -> bool {
    let number = |text: &Option<String>| text.as_ref()?.parse::<i128>().ok();
    let (before, after) = (number(&load.action.read), number(&store.action.written));
    before.zip(after).is_some_and(|(before, after)| after == before + 1)
}
