//! Potential deadlocks of a model: circles that were found within executions, and those whose edges
//! come from different ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::book::{Book, Ring, Step};
use super::circles::Standing;
use super::gathering::Gathering;

/// The steps of a search across executions, beyond which cycles may be missed.
const MOST_STEPS: usize = 50_000;

/// A potential deadlock of certain threads.
pub(super) struct Suspect {
    pub(super) ring: Ring,
    /// In how many executions it stood how; empty if its edges never come together in one.
    pub(super) standings: BTreeMap<Rank, u64>,
    /// The thread that makes it alone, if one does.
    pub(super) alone: Option<usize>,
}

/// A standing that can be sorted: an open one first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Open,
    Gated { lock: usize },
    Ordered { first: usize, second: usize },
}

impl Suspect {
    fn new(ring: Ring) -> Self {
        Self { ring, standings: BTreeMap::new(), alone: None }
    }

    /// What keeps it from closing in every execution that has it, with their number.
    pub(super) fn discharge(&self) -> Option<(Rank, u64)> {
        let mut standings = self.standings.iter();
        match (standings.next(), standings.next()) {
            (Some((Rank::Open, _)) | None, _) | (_, Some(_)) => None,
            (Some((rank, count)), None) => Some((*rank, *count)),
        }
    }
}

/// Suspects that are the same in the code, whichever threads run it.
pub(super) type Group = Vec<Suspect>;

/// All potential deadlocks, and whether the search for them was complete.
pub(super) fn groups(gathering: &Gathering) -> (Vec<Group>, bool) {
    let book = &gathering.book;
    let mut suspects: BTreeMap<usize, Suspect> = BTreeMap::new();
    let mut present = vec![false; book.edges.all().len()];
    for (entry, count) in gathering.counted() {
        entry.edges.iter().for_each(|edge| present[*edge] = true);
        for (number, standing) in &entry.circles {
            let ring = &book.circles[*number];
            let suspect = suspects.entry(*number).or_insert_with(|| Suspect::new(ring.clone()));
            *suspect.standings.entry(rank(standing)).or_default() += count;
        }
    }
    let (scattered, complete) = across_executions(book, &present);
    let mut all: Vec<Suspect> = suspects.into_values().collect();
    for suspect in scattered {
        if all.iter().all(|known| known.ring.edges != suspect.ring.edges) {
            all.push(suspect);
        }
    }
    (grouped(book, all), complete && !book.missed_circles)
}

fn rank(standing: &Standing) -> Rank {
    match *standing {
        Standing::Open => Rank::Open,
        Standing::Gated { object } => Rank::Gated { lock: object },
        Standing::Ordered { first, second } => Rank::Ordered { first, second },
    }
}

/// By what the code does. What one thread makes alone is no news where different threads make a
/// cycle of the same locks.
fn grouped(book: &Book, suspects: Vec<Suspect>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<Vec<&Step>, usize> = HashMap::new();
    for suspect in suspects {
        let mut steps: Vec<&Step> =
            suspect.ring.edges.iter().map(|edge| &book.edges[*edge].step).collect();
        let key = |step: &&Step| (step.from, step.to, step.since.line, step.at.line);
        let least = (0..steps.len()).min_by_key(|index| key(&steps[*index])).unwrap_or(0);
        steps.rotate_left(least);
        let group = *places.entry(steps).or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(suspect);
    }
    let locks = |suspect: &Suspect| -> BTreeSet<usize> {
        suspect.ring.edges.iter().map(|edge| book.edges[*edge].step.from).collect()
    };
    let all = groups.iter().flatten();
    let shared: Vec<_> = all.filter(|suspect| suspect.alone.is_none()).map(locks).collect();
    for group in &mut groups {
        group.retain(|suspect| suspect.alone.is_none() || !shared.contains(&locks(suspect)));
    }
    groups.retain(|group| !group.is_empty());
    groups
}

/// The circles of edges that need not come together in one execution.
fn across_executions(book: &Book, present: &[bool]) -> (Vec<Suspect>, bool) {
    let mut search = Search { book, present, path: Vec::new(), found: Vec::new(), steps: 0 };
    for start in (0..present.len()).filter(|edge| present[*edge]) {
        search.path.push(start);
        search.extend();
        search.path.pop();
    }
    (search.found, search.steps <= MOST_STEPS)
}

struct Search<'a> {
    book: &'a Book,
    present: &'a [bool],
    path: Vec<usize>,
    found: Vec<Suspect>,
    steps: usize,
}

impl Search<'_> {
    /// A circle begins with the least of its edges, so that it is found once. Its locks differ, and
    /// so do its threads, except that one thread may make a circle of two edges alone.
    fn extend(&mut self) {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return;
        }
        let edges = &self.book.edges;
        let (start, last) = (self.path[0], self.path[self.path.len() - 1]);
        for next in start + 1..self.present.len() {
            let (edge, before) = (&edges[next], &edges[last]);
            let follows = edge.step.from == before.step.to && before.step.to != before.step.from;
            let waits = edge.step.held.excludes(before.step.taken);
            let is_new = self.path.iter().all(|seen| edges[*seen].step.from != edge.step.from);
            if !(self.present[next] && follows && waits && is_new) {
                continue;
            }
            let threads = self.path.iter().map(|seen| edges[*seen].thread);
            let same = threads.filter(|thread| *thread == edge.thread).count();
            self.path.push(next);
            if edge.step.to == edges[start].step.from {
                self.close(same);
            } else if same == 0 {
                self.extend();
            }
            self.path.pop();
        }
    }

    /// `same`: the edges before the last one that the last one's thread made, too.
    fn close(&mut self, same: usize) {
        let edges = &self.book.edges;
        let (first, last) = (&edges[self.path[0]], &edges[self.path[self.path.len() - 1]]);
        let waits = first.step.held.excludes(last.step.taken);
        if waits && (same == 0 || self.path.len() == 2) {
            let alone = (same > 0).then_some(last.thread);
            let suspect = Suspect::new(Ring::new(self.path.clone(), false));
            self.found.push(Suspect { alone, ..suspect });
        }
    }
}
