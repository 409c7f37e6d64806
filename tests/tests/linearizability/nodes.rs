//! Nodes of linked structures, by number in place of a pointer, so that no memory is unsafe.
//!
//! Invariants: no node is given out twice; the number of a node depends on its item and on how many
//! nodes with that item were given out before, not on anything that the engine does not see.

use lockproof::sync::atomic::{AtomicUsize, Ordering};

/// The number of no node.
pub(crate) const NONE: usize = 0;
/// Items are less than this.
const ITEMS: usize = 4;
/// The most nodes with one item.
const EACH: usize = 4;

/// What links the nodes.
#[derive(Default)]
pub(crate) struct Nodes {
    next: [AtomicUsize; ITEMS * EACH],
    taken: [AtomicUsize; ITEMS],
}

impl Nodes {
    /// A new node with this item.
    pub(crate) fn take(&self, item: u8) -> usize {
        // ORDERING: SeqCst: only the number counts, but one strong ordering everywhere keeps weak
        // memory out of the matter.
        let number = self.taken[usize::from(item)].fetch_add(1, Ordering::SeqCst);
        assert!(number < EACH, "a scenario needs few nodes with one item");
        usize::from(item) * EACH + number
    }

    /// The link from a node to the next.
    pub(crate) fn next(&self, node: usize) -> &AtomicUsize {
        &self.next[node]
    }

    /// What the node holds.
    pub(crate) fn item(node: usize) -> u8 {
        u8::try_from(node / EACH).expect("items are few")
    }
}
