//! The prefixes that a bounded search has visited.
//!
//! A visited prefix is remembered by a hash of 128 bits. The risk that two of a million prefixes
//! share one is below 10⁻²⁶. At most [`MAX_PREFIXES`] are remembered, in about 100 MB. Any others
//! are explored each time they are reached.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::mutant;

/// The most prefixes that are remembered.
const MAX_PREFIXES: usize = 1 << 21;

/// What a prefix has used up of the bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Used {
    pub(super) preemptions: u32,
    /// 0 if context switches are not bounded.
    pub(super) switches: u32,
}

/// The prefixes that were visited.
#[derive(Debug, Default)]
pub(super) struct VisitedPrefixes {
    /// By [`Class::key`](super::class::Class::key): the last visit, and whether the bound cut off a
    /// continuation then.
    visits: HashMap<u128, (Used, bool)>,
    /// The number of prefixes of which the bound has cut off a continuation.
    cut: u64,
}

impl VisitedPrefixes {
    /// Whether everything within the bound that can follow a prefix has been explored before.
    pub(super) fn cover(&self, key: u128, now: Used, is_over: bool) -> bool {
        // Each continuation costs as much after this prefix as after the one that was visited, so
        // it was within the bound there if that one had used up no more. A complete execution has
        // no continuation: its class has been seen, whatever it has used up.
        self.visits.get(&key).is_some_and(|(before, _)| {
            let is_cheaper = before.preemptions <= now.preemptions || mutant::ignores_preemptions();
            is_over || (is_cheaper && before.switches <= now.switches)
        })
    }

    /// Remembers a visit, and whether the bound has cut off a continuation.
    pub(super) fn remember(&mut self, key: u128, now: Used, is_cut: bool) {
        let is_full = self.visits.len() >= MAX_PREFIXES;
        self.cut += u64::from(is_cut);
        match self.visits.entry(key) {
            Entry::Occupied(mut visit) => {
                // Only the last visit counts: if it has cut off nothing, it explores all
                // continuations of the prefix.
                let (_, was_cut) = visit.insert((now, is_cut));
                self.cut -= u64::from(was_cut);
            }
            Entry::Vacant(visit) if !is_full => _ = visit.insert((now, is_cut)),
            Entry::Vacant(_) => {}
        }
    }

    /// Whether the bound has cut off no continuation of any prefix.
    pub(super) fn are_complete(&self) -> bool {
        self.cut == 0
    }
}
