//! A thread looks at two things of which another one changes both in between: it sees a half.

use super::accesses::{Access, Touch};
use super::{Case, Finding};

/// Two reads of a thread, one after the other.
struct Reads<'a> {
    first: &'a Access,
    second: &'a Access,
}

/// The last two reads that saw one thing as it was before, and another as it was after a thread
/// changed both.
pub(super) fn find(case: &Case<'_>) -> Option<Finding> {
    let looks = |access: &&Access| access.touch == Touch::Looks;
    case.accesses.iter().filter(looks).rev().find_map(|second| {
        let of_thread = |access: &&Access| access.thread == second.thread;
        let before = case.accesses.iter().filter(of_thread);
        let first = before.take_while(|access| *access != second).last().filter(looks)?;
        (first.object != second.object).then_some(())?;
        let reads = Reads { first, second };
        old_then_new(case, &reads).or_else(|| new_then_old(case, &reads))
    })
}

/// Both changes come between the reads.
fn old_then_new(case: &Case<'_>, reads: &Reads<'_>) -> Option<Finding> {
    let Reads { first, second } = reads;
    let is_between = |access: &&Access| first.end < access.begin && access.end < second.begin;
    let (of_first, of_second) = changes(case, reads, is_between, is_between)?;
    let order = case.order_without(&[first.object, second.object]);
    let is_forced =
        order.forces(first.end, of_first.begin) || order.forces(of_second.end, second.begin);
    (!is_forced).then(|| finding(case, [first, second], [of_first, of_second]))
}

/// One change comes before both reads, the other one after both.
fn new_then_old(case: &Case<'_>, reads: &Reads<'_>) -> Option<Finding> {
    let Reads { first, second } = reads;
    let is_before = |access: &&Access| access.end < first.begin;
    let is_after = |access: &&Access| access.begin > second.end;
    let (of_first, of_second) = changes(case, reads, is_before, is_after)?;
    let order = case.order_without(&[first.object, second.object]);
    let is_forced =
        order.forces(of_first.end, first.begin) || order.forces(second.end, of_second.begin);
    (!is_forced).then(|| finding(case, [second, first], [of_second, of_first]))
}

/// The changes to the objects of the first and the second read by one thread that does nothing
/// else to either of them in between.
fn changes<'a>(
    case: &'a Case<'_>,
    reads: &Reads<'_>,
    fits_first: impl Fn(&&'a Access) -> bool,
    fits_second: impl Fn(&&'a Access) -> bool,
) -> Option<(&'a Access, &'a Access)> {
    let Reads { first, second } = reads;
    let by_others = |access: &&Access| {
        access.thread != first.thread
            && access.touch == Touch::Changes
            && [first.object, second.object].contains(&access.object)
    };
    case.accesses.iter().filter(by_others).find_map(|change| {
        let of_thread = |access: &&Access| access.thread == change.thread;
        let mut later = case.accesses.iter().filter(by_others).filter(of_thread);
        later.find(|access| *access == change)?;
        let next = later.next().filter(|next| next.object != change.object)?;
        let (of_first, of_second) = match change.object == first.object {
            true => (change, next),
            false => (next, change),
        };
        (fits_first(&of_first) && fits_second(&of_second)).then_some((of_first, of_second))
    })
}

/// `reads` has the old state first, `changes` are in the same order.
fn finding(case: &Case<'_>, reads: [&Access; 2], changes: [&Access; 2]) -> Finding {
    let thread = case.thread(reads[0]);
    let objects = reads.map(|access| case.object(access));
    let places = reads.map(|access| case.place(access));
    let changed = changes.map(|access| case.place(access));
    let by = case.thread(changes[0]);
    let did = match changes.iter().any(|access| access.is_lock) {
        true => "took both to write",
        false => "wrote both",
    };
    let changed = match changed[0] == changed[1] {
        true => changed[0].clone(),
        false => changed.join(" and "),
    };
    let sentence = format!(
        "{thread} read {} at {} before, and {} at {} after {by} {did} at {changed}",
        objects[0], places[0], objects[1], places[1]
    );
    Finding::new(sentence, reads.into_iter().chain(changes).flat_map(Access::events))
}
