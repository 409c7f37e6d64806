//! Circles of takes within one execution, and whether they could close.
//!
//! The `GoodLock` algorithm (Havelund, "Using Runtime Analysis to Guide Model Checking of Java
//! Programs", SPIN 2000), generalized to any number of threads, with gate locks and the segments of
//! spawns and joins (Agarwal et al., "Detection of Deadlock Potentials in Multithreaded Programs",
//! IBM Journal of Research and Development, 2010): threads, each of which takes a lock that the next
//! one holds.
//!
//! A lock that one thread holds for reading and another takes for reading closes no circle by
//! itself. It does if some further thread takes it for writing: an `RwLock` of std may let a reader
//! wait behind a writer that waits already.

use super::course::{Hold, Take};
use super::graph::LockMode;
use super::segments::precedes;

/// The steps of one search, beyond which circles may be missed.
const MOST_STEPS: usize = 50_000;

/// Takes of different threads, each of a lock that the next one holds.
#[derive(Debug)]
pub(super) struct Circle {
    /// Indices of takes. The lock of each is held at the next one, that of the last at the first.
    pub(super) takes: Vec<usize>,
    /// Whether it takes a writer that waits to close it.
    pub(super) needs_writer: bool,
    pub(super) standing: Standing,
}

/// Whether the threads of a circle can all be there at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    /// Nothing speaks against it.
    Open,
    /// Two of them hold this object, which only one can have.
    Gated { object: usize },
    /// The first of these threads is through before the second one gets there.
    Ordered { first: usize, second: usize },
}

/// All circles, each once; whether the search was complete.
pub(super) fn circles(takes: &[Take<'_>]) -> (Vec<Circle>, bool) {
    let mut search = Search { takes, path: Vec::new(), found: Vec::new(), steps: 0 };
    for (start, take) in takes.iter().enumerate() {
        if !take.held.is_empty() {
            search.path.push((start, false));
            search.extend();
            search.path.pop();
        }
    }
    (search.found, search.steps <= MOST_STEPS)
}

struct Search<'a> {
    takes: &'a [Take<'a>],
    /// Each take with whether its lock is shared with the take before.
    path: Vec<(usize, bool)>,
    found: Vec<Circle>,
    steps: usize,
}

impl Search<'_> {
    /// A circle begins with the least of its takes, so that it is found once.
    fn extend(&mut self) {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return;
        }
        let (Some(&(start, _)), Some(&(last, _))) = (self.path.first(), self.path.last()) else {
            return;
        };
        for hold in holds_of(&self.takes[start], self.takes[last].object) {
            self.close(is_shared(hold, &self.takes[last]));
        }
        for next in start + 1..self.takes.len() {
            let take = &self.takes[next];
            if self.path.iter().any(|(seen, _)| self.takes[*seen].thread == take.thread) {
                continue;
            }
            for hold in holds_of(take, self.takes[last].object) {
                self.path.push((next, is_shared(hold, &self.takes[last])));
                self.extend();
                self.path.pop();
            }
        }
    }

    /// The path is a circle; `shared` says so of the link from its last take to its first.
    fn close(&mut self, shared: bool) {
        let members: Vec<usize> = self.path.iter().map(|(take, _)| *take).collect();
        let last = members[members.len() - 1];
        let links = self.path.iter().skip(1).map(|(_, shared)| *shared).chain([shared]);
        let wanted = members.iter().map(|take| self.takes[*take].object).zip(links);
        let read: Vec<usize> = wanted.filter(|(_, shared)| *shared).map(|(lock, _)| lock).collect();
        debug_assert!(!shared || read.contains(&self.takes[last].object), "the link is the last");
        let standing = match read.as_slice() {
            [] => self.standing(&members),
            read => match self.standing_with_writers(&members, read) {
                Some(standing) => standing,
                None => return,
            },
        };
        self.found.push(Circle { takes: members, needs_writer: !read.is_empty(), standing });
    }

    /// The best that writers of the locks make of the circle; `None` if one has no writer.
    fn standing_with_writers(&self, members: &[usize], read: &[usize]) -> Option<Standing> {
        let mut all = members.to_vec();
        let mut standing = Standing::Open;
        for lock in read {
            let is_apart = |take: &Take<'_>| {
                members.iter().all(|member| self.takes[*member].thread != take.thread)
            };
            let writers = (0..self.takes.len()).filter(|index| {
                let take = &self.takes[*index];
                take.object == *lock && take.mode == LockMode::Exclusive && is_apart(take)
            });
            let with = writers.map(|writer| {
                all.push(writer);
                let standing = self.standing(&all);
                all.pop();
                standing
            });
            let with: Vec<Standing> = with.collect();
            let open = with.iter().find(|standing| **standing == Standing::Open);
            match open.or(with.first())? {
                Standing::Open => {}
                closed => standing = closed.clone(),
            }
        }
        Some(standing)
    }

    fn standing(&self, members: &[usize]) -> Standing {
        let takes = || members.iter().map(|take| &self.takes[*take]);
        let pairs =
            || takes().enumerate().flat_map(|(i, a)| takes().skip(i + 1).map(move |b| (a, b)));
        for (first, second) in pairs() {
            for (a, b) in [(first, second), (second, first)] {
                if precedes(a.thread, &a.clock, &b.clock) {
                    return Standing::Ordered { first: a.thread, second: b.thread };
                }
            }
        }
        let gate = pairs().find_map(|(first, second)| {
            let excluded = |hold: &&Hold<'_>| {
                let mut others = holds_of(second, hold.object);
                others.any(|other| hold.mode.excludes(other.mode))
            };
            first.held.iter().find(excluded).map(|hold| hold.object)
        });
        gate.map_or(Standing::Open, |object| Standing::Gated { object })
    }
}

fn holds_of<'a, 'b>(
    take: &'a Take<'b>,
    object: usize,
) -> impl Iterator<Item = &'a Hold<'b>> + use<'a, 'b> {
    take.held.iter().filter(move |hold| hold.object == object)
}

/// Whether the take does not have to wait for the hold.
fn is_shared(hold: &Hold<'_>, take: &Take<'_>) -> bool {
    !hold.mode.excludes(take.mode)
}
