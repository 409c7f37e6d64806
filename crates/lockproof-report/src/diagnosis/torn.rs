//! A thread looks at two things of which another one changes both in between: it sees a half.

use super::accesses::{SharedAccess, Touch};
use super::{Evidence, Finding};

/// Two reads of a thread, one after the other.
struct Reads<'a> {
    evidence: &'a Evidence<'a>,
    first: &'a SharedAccess,
    second: &'a SharedAccess,
}

/// The last two reads that saw one thing as it was before, and another as it was after a thread
/// changed both.
pub(super) fn find(evidence: &Evidence<'_>) -> Option<Finding> {
    let looks = |access: &&SharedAccess| access.touch == Touch::Looks;
    evidence.accesses.iter().filter(looks).rev().find_map(|second| {
        let of_thread = |access: &&SharedAccess| access.thread == second.thread;
        let before = evidence.accesses.iter().filter(of_thread);
        let first = before.take_while(|access| *access != second).last().filter(looks)?;
        (first.object != second.object).then_some(())?;
        let reads = Reads { evidence, first, second };
        reads.old_then_new().or_else(|| reads.new_then_old())
    })
}

impl<'a> Reads<'a> {
    /// Both changes come between the reads.
    fn old_then_new(&self) -> Option<Finding> {
        let Self { first, second, .. } = self;
        let is_between =
            |access: &SharedAccess| first.end < access.begin && access.end < second.begin;
        let [of_first, of_second] = self.changes(is_between, is_between)?;
        let is_forced =
            self.forces(first.end, of_first.begin) || self.forces(of_second.end, second.begin);
        (!is_forced).then(|| finding(self.evidence, [first, second], [of_first, of_second]))
    }

    /// One change comes before both reads, the other one after both.
    fn new_then_old(&self) -> Option<Finding> {
        let Self { first, second, .. } = self;
        let is_before = |access: &SharedAccess| access.end < first.begin;
        let is_after = |access: &SharedAccess| access.begin > second.end;
        let [of_first, of_second] = self.changes(is_before, is_after)?;
        let is_forced =
            self.forces(of_first.end, first.begin) || self.forces(second.end, of_second.begin);
        (!is_forced).then(|| finding(self.evidence, [second, first], [of_second, of_first]))
    }

    fn forces(&self, one: usize, other: usize) -> bool {
        self.evidence.trace.forces(one, other, &[self.first.object, self.second.object])
    }

    /// The changes to the objects of the first and the second read by one thread that does nothing
    /// else to either of them in between.
    fn changes(
        &self,
        fits_first: impl Fn(&SharedAccess) -> bool,
        fits_second: impl Fn(&SharedAccess) -> bool,
    ) -> Option<[&'a SharedAccess; 2]> {
        let objects = [self.first.object, self.second.object];
        let threads = self.evidence.trace.threads.len();
        let mut others = (0..threads).filter(|thread| *thread != self.first.thread);
        others.find_map(|thread| {
            let is_change = |access: &&SharedAccess| {
                access.thread == thread
                    && access.touch == Touch::Changes
                    && objects.contains(&access.object)
            };
            let changes: Vec<_> = self.evidence.accesses.iter().filter(is_change).collect();
            changes.windows(2).find_map(|pair| {
                let (of_first, of_second) = match (pair[0].object, pair[1].object) {
                    (one, other) if one == other => return None,
                    (one, _) if one == objects[0] => (pair[0], pair[1]),
                    _ => (pair[1], pair[0]),
                };
                (fits_first(of_first) && fits_second(of_second)).then_some([of_first, of_second])
            })
        })
    }
}

/// `reads` has the old state first, `changes` are in the same order.
fn finding(
    evidence: &Evidence<'_>,
    reads: [&SharedAccess; 2],
    changes: [&SharedAccess; 2],
) -> Finding {
    let (thread, by) = (evidence.thread(reads[0]), evidence.thread(changes[0]));
    let objects = reads.map(|access| evidence.object(access));
    let places = reads.map(|access| evidence.place(access));
    let locks = changes.iter().any(|access| access.is_lock);
    let did = if locks { "took both to write" } else { "wrote both" };
    let written = evidence.places(changes);
    let sentence = format!(
        "{thread} read {} at {} before, and {} at {} after {by} {did} at {written}",
        objects[0], places[0], objects[1], places[1]
    );
    Finding::new(sentence, reads.into_iter().chain(changes).flat_map(SharedAccess::events))
}
