//! Wake-up trees: the branches that are still to be explored from a step of the path.
//!
//! A tree is an ordered list of branches. A branch is an event, and the tree of what is to be explored
//! after it. A path from the root to a leaf is a *wake-up sequence*: events that lead to a reversed
//! race, and that no sleeping event makes redundant. (Wakeup trees and *insert* in JACM'17.)
//!
//! All trees live in one arena whose slots are reused, so a tree allocates nothing once the arena has
//! grown to the largest need.
//!
//! The paper takes events of different executions for the same if they have the same name. An object
//! that is created at its first use may have another name after another prefix, and then it is
//! unknown which object a branch is about. Such a branch is never taken for an equivalent one, so the
//! tree may get branches that are redundant, and never loses one.

use std::iter::successors;

use crate::dependency::depend;
use crate::event::VisibleEvent;
use crate::identity::{ObjectId, ThreadId};

/// A branch, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Branch(u32);

impl Branch {
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

#[derive(Debug)]
struct WakeUpNode {
    event: VisibleEvent,
    /// The step at which it was inserted. Its execution has the steps before in common with every
    /// execution that follows this branch.
    origin: usize,
    /// Whether an earlier branch beside it, or above, may have made it redundant. Then the events
    /// asleep there can keep out executions that would be explored otherwise, so a leaf covers its
    /// own sequence only.
    is_provisional: bool,
    first_child: Branch,
    next_sibling: Branch,
}

/// All wake-up trees of one exploration.
#[derive(Debug, Default)]
pub(super) struct Forest {
    nodes: Vec<WakeUpNode>,
    free: Vec<Branch>,
    /// During an insertion: the threads that go another way than in the execution of the sequence,
    /// because they do not occur in it, or because the racing event, which is its last, turns out
    /// otherwise.
    diverged: Vec<ThreadId>,
}

impl Forest {
    /// Prepares for another exploration.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.free.clear();
    }

    /// The most branches that there were at once.
    pub(super) fn capacity(&self) -> usize {
        self.nodes.len()
    }

    /// Removes the first branch of a list: its event, its subtree, and the rest of the list.
    #[inline]
    pub(super) fn pop(&mut self, list: Branch) -> Option<(&VisibleEvent, Branch, Branch)> {
        if list.is_none() {
            return None;
        }
        let node = &self.nodes[list.0 as usize];
        self.free.push(list);
        Some((&node.event, node.first_child, node.next_sibling))
    }

    /// The number of branches in a list.
    pub(super) fn len(&self, list: Branch) -> u32 {
        self.siblings(list).map(|_| 1).sum()
    }

    /// The branches of a list.
    #[inline]
    fn siblings(&self, list: Branch) -> impl Iterator<Item = Branch> + '_ {
        let some = |branch: Branch| (!branch.is_none()).then_some(branch);
        successors(some(list), move |branch| some(self.nodes[branch.0 as usize].next_sibling))
    }

    /// Inserts `sequence` into the tree whose branches are `list`, unless a leaf of it leads to an
    /// equivalent execution already. Consumes the sequence.
    ///
    /// `rename` gives the event of a branch the object names of the execution that the sequence comes
    /// from, if its thread has the same past there. If it has not, because it has diverged, an
    /// unstable name does not tell which object the branch is about, and the branch is taken to be
    /// another one. What is inserted then is provisional.
    pub(super) fn insert(
        &mut self,
        (list, origin): (&mut Branch, usize),
        sequence: &mut Vec<VisibleEvent>,
        rename: impl Fn(VisibleEvent) -> VisibleEvent,
        has_unstable_name: impl Fn(ObjectId, usize) -> bool,
    ) {
        let mut parent: Option<Branch> = None;
        let (mut is_provisional, mut has_racing) = (false, true);
        self.diverged.clear();
        while !sequence.is_empty() {
            let first = parent.map_or(*list, |p| self.nodes[p.0 as usize].first_child);
            // The paper looks for the smallest sequence *v* of the tree with *v ~ w*. It is the one
            // that takes at each node the first child which is a weak initial of the rest of *w*.
            let (found, passed_unstable) =
                self.find_initial(first, sequence, &rename, &has_unstable_name);
            is_provisional |= passed_unstable;
            let Some(branch) = found else {
                // *v* ends here, inside the tree: the rest of *w* becomes the last child.
                let chain = self.chain(sequence, origin, is_provisional);
                return self.append(parent, list, chain);
            };
            let node = &self.nodes[branch.0 as usize];
            is_provisional |= node.is_provisional;
            if node.first_child.is_none() && !is_provisional {
                // *v* is a leaf, so the search will cover every continuation of *v*. One of them
                // contains *w*.
                return sequence.clear();
            }
            self.pass(node.event.thread, sequence, &mut has_racing);
            parent = Some(branch);
        }
    }

    /// Removes the event of a branch from the sequence, if it is there: *w \ p* in the paper.
    /// `has_racing` says whether the racing event is still there.
    fn pass(&mut self, thread: ThreadId, sequence: &mut Vec<VisibleEvent>, has_racing: &mut bool) {
        let position = sequence.iter().position(|event| event.thread == thread);
        let is_racing = *has_racing && position == Some(sequence.len() - 1);
        *has_racing &= !is_racing;
        if is_racing || position.is_none() {
            self.diverged.push(thread);
        }
        if let Some(position) = position {
            sequence.remove(position);
        }
    }

    /// Appends a branch to the children of `parent`, or to `list`.
    fn append(&mut self, parent: Option<Branch>, list: &mut Branch, branch: Branch) {
        let first = parent.map_or(*list, |p| self.nodes[p.0 as usize].first_child);
        if let Some(sibling) = self.siblings(first).last() {
            self.nodes[sibling.0 as usize].next_sibling = branch;
        } else if let Some(parent) = parent {
            self.nodes[parent.0 as usize].first_child = branch;
        } else {
            *list = branch;
        }
    }

    /// The first branch that is a weak initial of the sequence, and whether one was passed by
    /// because the name of its object is unstable.
    fn find_initial(
        &self,
        list: Branch,
        sequence: &[VisibleEvent],
        rename: impl Fn(VisibleEvent) -> VisibleEvent,
        has_unstable_name: impl Fn(ObjectId, usize) -> bool,
    ) -> (Option<Branch>, bool) {
        let mut passed_unstable = false;
        for branch in self.siblings(list) {
            let node = &self.nodes[branch.0 as usize];
            let has_diverged = self.diverged.contains(&node.event.thread);
            let event = if has_diverged { node.event } else { rename(node.event) };
            let objects = [event.operation.object, event.operation.second];
            if has_diverged && objects.iter().any(|object| has_unstable_name(*object, node.origin))
            {
                passed_unstable = true;
            } else if is_weak_initial(&event, sequence) {
                return (Some(branch), passed_unstable);
            }
        }
        (None, passed_unstable)
    }

    /// Turns a sequence into a branch, each event the only child of the one before.
    fn chain(
        &mut self,
        sequence: &mut Vec<VisibleEvent>,
        origin: usize,
        is_provisional: bool,
    ) -> Branch {
        let mut first_child = Branch::NONE;
        while let Some(event) = sequence.pop() {
            first_child = self.allocate(WakeUpNode {
                event,
                origin,
                is_provisional,
                first_child,
                next_sibling: Branch::NONE,
            });
        }
        first_child
    }

    fn allocate(&mut self, node: WakeUpNode) -> Branch {
        if let Some(branch) = self.free.pop() {
            self.nodes[branch.0 as usize] = node;
            return branch;
        }
        self.nodes.push(node);
        Branch(u32::try_from(self.nodes.len() - 1).expect("fewer branches than numbers"))
    }
}

/// Whether `event` is a weak initial of `sequence` (*WI* in JACM'17): some execution that contains
/// the sequence, in an equivalent order, begins with the event.
#[inline]
pub(super) fn is_weak_initial(event: &VisibleEvent, sequence: &[VisibleEvent]) -> bool {
    match sequence.iter().position(|other| other.thread == event.thread) {
        // The event is in the sequence and independent of all before it, so it can be moved to the
        // front. With another outcome, it is another event of the same thread, and the two exclude
        // each other.
        Some(position) => {
            let own = &sequence[position];
            own.alternative == event.alternative
                && sequence[..position].iter().all(|other| !depend(other, own))
        }
        // The event is independent of the whole sequence, so it can come before it.
        None => sequence.iter().all(|other| !depend(other, event)),
    }
}
