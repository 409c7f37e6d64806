//! What should be one critical section is two: another thread comes in between.

use super::accesses::{SharedAccess, Touch};
use super::{Evidence, Finding};

/// What a thread did under its two acquisitions, and the other one in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// It read and then wrote; the other one wrote.
    ReadThenWrite,
    /// It wrote twice; the other one read.
    HalfWritten,
    /// It read twice; the other one wrote.
    ReadTwice,
    /// It wrote twice; the other one wrote, too.
    Mixed,
}

/// The last two acquisitions of one lock by one thread that are of this pattern, and that another
/// thread's came between without having to.
pub(super) fn find(evidence: &Evidence<'_>, pattern: Pattern) -> Option<Finding> {
    let locks = evidence.accesses.iter().filter(|access| access.is_lock);
    locks.rev().find_map(|second| {
        let first = evidence.previous(second).filter(|first| first.end < second.begin)?;
        let between = evidence.accesses.iter().find(|between| {
            between.object == second.object
                && between.thread != second.thread
                && first.end < between.begin
                && between.end < second.begin
                && pattern_of([first, between, second].map(|access| access.touch)) == Some(pattern)
        })?;
        let forces = |one, other| evidence.trace.forces(one, other, &[second.object]);
        let is_forced = forces(first.end, between.begin) || forces(between.end, second.begin);
        (!is_forced).then(|| finding(evidence, pattern, [first, between, second]))
    })
}

fn pattern_of(touches: [Touch; 3]) -> Option<Pattern> {
    match touches {
        [Touch::Looks, Touch::Changes, Touch::Changes] => Some(Pattern::ReadThenWrite),
        [Touch::Changes, Touch::Looks, Touch::Changes] => Some(Pattern::HalfWritten),
        [Touch::Looks, Touch::Changes, Touch::Looks] => Some(Pattern::ReadTwice),
        [Touch::Changes, Touch::Changes, Touch::Changes] => Some(Pattern::Mixed),
        _ => None,
    }
}

fn finding(evidence: &Evidence<'_>, pattern: Pattern, accesses: [&SharedAccess; 3]) -> Finding {
    let [first, between, _] = accesses;
    let (thread, other, lock) =
        (evidence.thread(first), evidence.thread(between), evidence.object(first));
    let [begin, middle, end] = accesses.map(|access| evidence.place(access));
    let sentence = match pattern {
        Pattern::ReadThenWrite => format!(
            "{thread} took {lock} to read at {begin} and again to write at {end}: in between \
             {other} took it to write at {middle}, and what {thread} had read was out of date"
        ),
        Pattern::HalfWritten => format!(
            "{other} took {lock} to read at {middle}, between two acquisitions in which {thread} \
             took it to write, at {begin} and at {end}"
        ),
        Pattern::ReadTwice => format!(
            "{thread} took {lock} to read at {begin} and again at {end}: in between {other} took \
             it to write at {middle}"
        ),
        Pattern::Mixed => format!(
            "{thread} took {lock} to write at {begin} and again at {end}: in between {other} took \
             it to write, too, at {middle}"
        ),
    };
    Finding::new(sentence, accesses.into_iter().flat_map(SharedAccess::events))
}
