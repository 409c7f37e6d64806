//! Wake-up trees: what is still to be explored from a point of the path.
//!
//! A tree is an ordered list of branches; a branch is an event, and what is to be explored after
//! it. A path from the root to a leaf is a *wake-up sequence*: events that lead to a reversed race
//! and that no sleeping thread makes superfluous. (JACM'17, section 6.)
//!
//! All trees live in one arena whose slots are used again, so a tree allocates nothing once the
//! arena has grown to the largest need.

use crate::dependency::{Reduction, depend};
use crate::event::VisibleEvent;
use crate::identity::{ObjectId, ThreadId};

/// A branch, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Branch(u32);

impl Branch {
    pub(crate) const NONE: Self = Self(u32::MAX);

    pub(crate) fn is_none(self) -> bool {
        self == Self::NONE
    }
}

#[derive(Debug)]
struct WakeUpNode {
    event: VisibleEvent,
    /// Where it was entered: the execution it comes from has the steps before in common with all
    /// that pass here.
    origin: usize,
    /// Whether an earlier branch beside it, or above, may have made it superfluous. Then what is
    /// asleep there can keep executions away that would be explored otherwise, so a leaf stands
    /// for its own sequence only.
    is_provisional: bool,
    first_child: Branch,
    next_sibling: Branch,
}

/// All wake-up trees of one exploration.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    nodes: Vec<WakeUpNode>,
    free: Vec<Branch>,
    /// During an insertion: the threads that go another way than in the execution that the
    /// sequence comes from, because they do not occur in it, or because the racing event, which
    /// is its last, turns out otherwise.
    strangers: Vec<ThreadId>,
}

impl Forest {
    /// Another exploration: no tree has grown yet.
    pub(crate) fn clear(&mut self) {
        self.nodes.clear();
        self.free.clear();
    }

    /// The most branches that there were at once.
    pub(crate) fn most(&self) -> usize {
        self.nodes.len()
    }

    /// Takes the first branch off a list: its event, what follows it, and the rest of the list.
    #[inline]
    pub(crate) fn pop(&mut self, list: Branch) -> Option<(&VisibleEvent, Branch, Branch)> {
        if list.is_none() {
            return None;
        }
        let node = &self.nodes[list.0 as usize];
        self.free.push(list);
        Some((&node.event, node.first_child, node.next_sibling))
    }

    /// The number of branches in a list.
    pub(crate) fn len(&self, list: Branch) -> u32 {
        let mut count = 0;
        let mut branch = list;
        while !branch.is_none() {
            count += 1;
            branch = self.nodes[branch.0 as usize].next_sibling;
        }
        count
    }

    /// Adds `sequence` to the tree whose branches are `list`, unless what is there leads to an
    /// equivalent execution already. Consumes the sequence.
    ///
    /// A branch may have been found in another execution, which may have had other names for its
    /// objects. `rename` gives it the names of the execution that the sequence comes from, where
    /// its thread has the same past. Where it has not, because it went its own way, an unclear name
    /// says nothing, and the branch is taken to be another one; what is added is provisional.
    pub(crate) fn insert<R: Reduction>(
        &mut self,
        (list, origin): (&mut Branch, usize),
        sequence: &mut Vec<VisibleEvent>,
        rename: impl Fn(VisibleEvent) -> VisibleEvent,
        is_unclear: impl Fn(ObjectId, usize) -> bool,
    ) {
        let mut parent: Option<Branch> = None;
        let (mut is_provisional, mut has_racing) = (false, true);
        self.strangers.clear();
        while !sequence.is_empty() {
            let first = parent.map_or(*list, |p| self.nodes[p.0 as usize].first_child);
            let (found, passed_unclear) =
                self.find_initial::<R>(first, sequence, &rename, &is_unclear);
            is_provisional |= passed_unclear;
            let Some(branch) = found else {
                let chain = self.chain(sequence, origin, is_provisional);
                return self.append(parent, list, chain);
            };
            let node = &self.nodes[branch.0 as usize];
            is_provisional |= node.is_provisional;
            if node.first_child.is_none() && !is_provisional {
                // An existing wake-up sequence leads to executions that contain this one.
                return sequence.clear();
            }
            let thread = node.event.thread;
            let position = sequence.iter().position(|event| event.thread == thread);
            let is_racing = has_racing && position == Some(sequence.len() - 1);
            has_racing &= !is_racing;
            if is_racing || position.is_none() {
                self.strangers.push(thread);
            }
            if let Some(position) = position {
                sequence.remove(position);
            }
            parent = Some(branch);
        }
    }

    /// Appends a branch to the children of `parent`, or to `list`.
    fn append(&mut self, parent: Option<Branch>, list: &mut Branch, branch: Branch) {
        let first = parent.map_or(*list, |p| self.nodes[p.0 as usize].first_child);
        if !first.is_none() {
            let sibling = self.last_sibling(first);
            self.nodes[sibling.0 as usize].next_sibling = branch;
        } else if let Some(parent) = parent {
            self.nodes[parent.0 as usize].first_child = branch;
        } else {
            *list = branch;
        }
    }

    /// The first branch that the sequence can begin with, and whether one was passed by only
    /// because it is unclear what it is about.
    fn find_initial<R: Reduction>(
        &self,
        list: Branch,
        sequence: &[VisibleEvent],
        rename: impl Fn(VisibleEvent) -> VisibleEvent,
        is_unclear: impl Fn(ObjectId, usize) -> bool,
    ) -> (Option<Branch>, bool) {
        let (mut branch, mut passed_unclear) = (list, false);
        while !branch.is_none() {
            let node = &self.nodes[branch.0 as usize];
            let is_strange = self.strangers.contains(&node.event.thread);
            let event = if is_strange { node.event } else { rename(node.event) };
            let objects = [event.operation.object, event.operation.second];
            if is_strange && objects.iter().any(|object| is_unclear(*object, node.origin)) {
                passed_unclear = true;
            } else if is_weak_initial::<R>(&event, sequence) {
                return (Some(branch), passed_unclear);
            }
            branch = node.next_sibling;
        }
        (None, passed_unclear)
    }

    fn last_sibling(&self, list: Branch) -> Branch {
        let mut branch = list;
        loop {
            let next = self.nodes[branch.0 as usize].next_sibling;
            if next.is_none() {
                return branch;
            }
            branch = next;
        }
    }

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

/// Whether some execution of `sequence`, or one that contains it, can begin with `event`: either
/// the sequence has the event and nothing before it there is in its way, or the event is
/// independent of the whole sequence. (The weak initials of JACM'17, definition 4.3.)
#[inline]
pub(crate) fn is_weak_initial<R: Reduction>(
    event: &VisibleEvent,
    sequence: &[VisibleEvent],
) -> bool {
    match sequence.iter().position(|other| other.thread == event.thread) {
        Some(position) => {
            let own = &sequence[position];
            own.alternative == event.alternative
                && sequence[..position].iter().all(|other| !depend::<R>(other, own))
        }
        None => sequence.iter().all(|other| !depend::<R>(other, event)),
    }
}
