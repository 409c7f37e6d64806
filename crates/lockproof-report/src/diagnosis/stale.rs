//! A thread panics while what it last read of an atomic is out of date.

use lockproof_record::ActionKind;

use super::accesses::{SharedAccess, Touch};
use super::{Evidence, Finding};

/// The last read of the thread that panicked, if another thread has stored something else since.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let panic =
        evidence.trace.events.iter().rposition(|event| event.action.kind == ActionKind::Panic)?;
    let thread = evidence.trace.events[panic].thread;
    let mut own = evidence
        .accesses
        .iter()
        .rev()
        .filter(|access| access.thread == thread && access.end < panic && !access.is_lock);
    let read = own.next().filter(|access| access.touch == Touch::Looks)?;
    let value = evidence.event(read).action.read.as_deref()?;
    let store = evidence.accesses.iter().rev().find(|other: &&SharedAccess| {
        other.object == read.object
            && other.thread != thread
            && other.touch == Touch::Changes
            && (read.end..panic).contains(&other.begin)
            && !evidence.trace.forces(other.begin, panic, &[read.object])
    })?;
    let stored = evidence.event(store).action.written.as_deref()?;
    (stored != value).then_some(())?;
    let sentence = format!(
        "when {} failed, what it had read was out of date: it read {value} from {} at {}, and {} \
         wrote {stored} at {} after that",
        evidence.thread(read),
        evidence.object(read),
        evidence.place(read),
        evidence.thread(store),
        evidence.place(store)
    );
    Some(Finding::new(sentence, [read.begin, store.begin]))
}
