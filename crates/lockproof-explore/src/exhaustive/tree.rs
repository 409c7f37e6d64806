//! Wake-up trees: what is still to be explored from a point of the path.
//!
//! A tree is an ordered list of branches; a branch is an event, and what is to be explored after
//! it. A path from the root to a leaf is a *wake-up sequence*: events that lead to a reversed race
//! and that no sleeping thread makes superfluous. (JACM'17, section 6.)
//!
//! All trees live in one arena whose slots are used again, so a tree allocates nothing once the
//! arena has grown to the largest need.

use crate::dependency::{Reduction, depend};
use crate::event::Event;
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
struct Node {
    event: Event,
    first_child: Branch,
    next_sibling: Branch,
}

/// All wake-up trees of one exploration.
#[derive(Debug, Default)]
pub(crate) struct Forest {
    nodes: Vec<Node>,
    free: Vec<Branch>,
    /// During an insertion: the threads that go another way than in the execution that the
    /// sequence comes from, because they do not occur in it, or because the racing event, which
    /// is its last, turns out otherwise.
    strangers: Vec<ThreadId>,
    /// Whether an insertion has compared objects by names that may turn out to be ambiguous.
    pub(crate) relied_on_names: bool,
}

impl Forest {
    /// Takes the first branch off a list: its event, what follows it, and the rest of the list.
    pub(crate) fn pop(&mut self, list: Branch) -> Option<(Event, Branch, Branch)> {
        if list.is_none() {
            return None;
        }
        let node = &self.nodes[list.0 as usize];
        self.free.push(list);
        Some((node.event, node.first_child, node.next_sibling))
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
    /// says nothing, and the branch is taken to be another one: that can only cost.
    pub(crate) fn insert<R: Reduction>(
        &mut self,
        list: &mut Branch,
        sequence: &mut Vec<Event>,
        rename: impl Fn(Event) -> Event,
        is_unclear: impl Fn(&ObjectId) -> bool,
    ) {
        let mut parent: Option<Branch> = None;
        self.strangers.clear();
        loop {
            if sequence.is_empty() {
                return;
            }
            let first = parent.map_or(*list, |p| self.nodes[p.0 as usize].first_child);
            let Some(branch) = self.find_initial::<R>(first, sequence, &rename, &is_unclear) else {
                break;
            };
            let node = &self.nodes[branch.0 as usize];
            let position = sequence.iter().position(|event| event.thread == node.event.thread);
            let is_racing = position.is_none_or(|position| position + 1 == sequence.len());
            if is_racing && !self.strangers.contains(&node.event.thread) {
                self.strangers.push(node.event.thread);
            }
            if let Some(position) = position {
                sequence.remove(position);
            }
            if node.first_child.is_none() {
                // An existing wake-up sequence leads to executions that contain this one.
                return;
            }
            parent = Some(branch);
        }
        let chain = self.chain(sequence);
        let first = parent.map_or(*list, |p| self.nodes[p.0 as usize].first_child);
        if !first.is_none() {
            let last = self.last_sibling(first);
            self.nodes[last.0 as usize].next_sibling = chain;
        } else if let Some(parent) = parent {
            self.nodes[parent.0 as usize].first_child = chain;
        } else {
            *list = chain;
        }
    }

    fn find_initial<R: Reduction>(
        &mut self,
        list: Branch,
        sequence: &[Event],
        rename: impl Fn(Event) -> Event,
        is_unclear: impl Fn(&ObjectId) -> bool,
    ) -> Option<Branch> {
        let (mut branch, mut relied) = (list, false);
        while !branch.is_none() {
            let node = &self.nodes[branch.0 as usize];
            let is_strange = self.strangers.contains(&node.event.thread);
            let event = if is_strange { node.event } else { rename(node.event) };
            let objects = [event.operation.object, event.operation.second];
            let unclear = is_strange && objects.iter().any(&is_unclear);
            relied |= is_strange && objects.iter().any(|object| object.is_named_by_chance());
            if !unclear && is_weak_initial::<R>(&event, sequence) {
                self.relied_on_names |= relied;
                return Some(branch);
            }
            branch = node.next_sibling;
        }
        self.relied_on_names |= relied;
        None
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

    fn chain(&mut self, sequence: &mut Vec<Event>) -> Branch {
        let mut first_child = Branch::NONE;
        while let Some(event) = sequence.pop() {
            first_child = self.allocate(Node { event, first_child, next_sibling: Branch::NONE });
        }
        first_child
    }

    fn allocate(&mut self, node: Node) -> Branch {
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
pub(crate) fn is_weak_initial<R: Reduction>(event: &Event, sequence: &[Event]) -> bool {
    match sequence.iter().position(|other| other.thread == event.thread) {
        Some(position) => {
            let own = &sequence[position];
            own.alternative == event.alternative
                && sequence[..position].iter().all(|other| !depend::<R>(other, own))
        }
        None => sequence.iter().all(|other| !depend::<R>(other, event)),
    }
}
