//! A thread panics while what it last read of an atomic is out of date.

use super::accesses::{Access, Touch};
use super::{Case, Finding};
use crate::record::ActionKind;

/// The last read of the thread that panicked, if another thread has stored something else since.
pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let panic =
        case.trace.events.iter().rposition(|event| event.action.kind == ActionKind::Panic)?;
    let thread = case.trace.events[panic].thread;
    let mut own = case
        .accesses
        .iter()
        .rev()
        .filter(|access| access.thread == thread && access.end < panic && !access.is_lock);
    let read = own.next().filter(|access| access.touch == Touch::Looks)?;
    let value = case.event(read).action.read.as_deref()?;
    let order = case.order_without(&[read.object]);
    let store = case.accesses.iter().rev().find(|other: &&Access| {
        other.object == read.object
            && other.thread != thread
            && other.touch == Touch::Changes
            && (read.end..panic).contains(&other.begin)
            && !order.forces(other.begin, panic)
    })?;
    let stored = case.event(store).action.written.as_deref()?;
    (stored != value).then_some(())?;
    let sentence = format!(
        "when {} failed, what it had read was out of date: it read {value} from {} at {}, and {} \
         wrote {stored} at {} after that",
        case.thread(read),
        case.object(read),
        case.place(read),
        case.thread(store),
        case.place(store)
    );
    Some(Finding::new(sentence, [read.begin, store.begin]))
}
