//! Depth-first search for cycles, each of which is found once.

/// The steps of one search, beyond which cycles may be missed.
const MOST_STEPS: usize = 50_000;

/// A cycle: its members, and for each of them the link to the next one, that of the last member
/// leads to the first.
pub(super) type FoundCycle<L> = (Vec<usize>, Vec<L>);

/// Searches the cycles among numbered members. It is complete unless there are too many steps.
pub(super) struct CycleSearch<L, F, M> {
    members: usize,
    /// The ways in which the second member follows the first.
    links: F,
    /// Whether a member may be added to a path.
    may_follow: M,
    path: Vec<usize>,
    path_links: Vec<L>,
    found: Vec<FoundCycle<L>>,
    steps: usize,
}

impl<L, F, M> CycleSearch<L, F, M>
where
    L: Clone,
    F: Fn(usize, usize) -> Vec<L>,
    M: Fn(&[usize], usize) -> bool,
{
    pub(super) fn new(members: usize, links: F, may_follow: M) -> Self {
        let (path, path_links, found) = (Vec::new(), Vec::new(), Vec::new());
        Self { members, links, may_follow, path, path_links, found, steps: 0 }
    }

    /// All cycles through these members, and whether none was missed.
    pub(super) fn run(mut self, starts: impl Iterator<Item = usize>) -> (Vec<FoundCycle<L>>, bool) {
        for start in starts {
            self.path.push(start);
            self.extend(start, start);
            self.path.pop();
        }
        (self.found, self.steps <= MOST_STEPS)
    }

    fn extend(&mut self, start: usize, last: usize) {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return;
        }
        // The path closes. It may still be a part of a longer cycle.
        for link in (self.links)(last, start) {
            let links = self.path_links.iter().cloned().chain([link]).collect();
            self.found.push((self.path.clone(), links));
        }
        // A cycle begins with the least of its members: it is not found again from another one.
        for next in start + 1..self.members {
            if !(self.may_follow)(&self.path, next) {
                continue;
            }
            for link in (self.links)(last, next) {
                self.path.push(next);
                self.path_links.push(link);
                self.extend(start, next);
                self.path_links.pop();
                self.path.pop();
            }
        }
    }
}
