//! Whether an execution may have behaviour that no sequentially consistent one has.
//!
//! What orders memory needs no look: locks, spawns, joins, tokens, messages, and atomics that
//! threads only ever modify by `AcqRel` or `SeqCst` read-modify-writes, each of which synchronizes
//! with the one before it. What is left are the *places* where a thread can learn something that
//! orders nothing: plain atomics, and whatever may answer "not yet". All that happens at one place
//! is in one coherence order, which agrees with happens-before, so one such place alone shows
//! nothing new; neither do any number of atomics whose every access is `SeqCst`. It takes two
//! places, one of them without that order, or a fence.
//!
//! It is the question that counts, and not the answer: on weak memory it may be one that no
//! sequentially consistent execution gives.
//!
//! Invariant: what a thread does while no other runs is ordered with everything, and is not noted.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::execution::Execution;
use super::table::Table;
use super::word::AtomicWord;

/// What an execution looked at in ways that order no memory.
#[derive(Default)]
pub(super) struct Unordered {
    has_fence: Cell<bool>,
    asked: RefCell<BTreeSet<Asked>>,
}

/// What was asked for something that orders nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asked {
    /// An object that may say "not yet", or how many wait at it.
    Object(usize),
    /// A thread that was asked whether it has ended.
    Thread(usize),
    Clock,
}

/// How the threads of an execution used an atomic beside each other.
#[derive(Default)]
pub(super) struct Use {
    /// By something that need not synchronize with the access before it.
    is_plain: Cell<bool>,
    /// By an ordering weaker than `SeqCst`.
    is_weak: Cell<bool>,
}

impl Execution {
    /// Notes a fence.
    pub(super) fn note_fence(&self) {
        self.unordered.has_fence.set(true);
    }

    /// Notes a question whose answer orders no memory.
    pub(super) fn note_question(&self, asked: Asked) {
        if self.others_run() {
            self.unordered.asked.borrow_mut().insert(asked);
        }
    }

    /// Notes a load, a store, or an exchange that may fail.
    pub(super) fn note_plain(&self, of: &Use, orders: &[Ordering]) {
        if self.others_run() {
            of.is_plain.set(true);
            let is_weak = orders.iter().any(|order| *order != Ordering::SeqCst);
            of.is_weak.set(of.is_weak.get() || is_weak);
        }
    }

    /// Notes a read-modify-write that cannot fail.
    pub(super) fn note_modification(&self, of: &Use, order: Ordering) {
        let synchronizes = matches!(order, Ordering::AcqRel | Ordering::SeqCst);
        if !synchronizes {
            self.note_plain(of, &[order]);
        } else if order != Ordering::SeqCst && self.others_run() {
            // Beside a plain access to the same atomic it is an ordinary weak one.
            of.is_weak.set(true);
        }
    }

    /// Whether weak memory may show what sequential consistency does not.
    pub(super) fn weak_memory_matters(&self) -> bool {
        let asked = self.unordered.asked.borrow().len();
        let (plain, weak) = uses(&self.atomics);
        self.unordered.has_fence.get() || (weak + asked > 0 && plain + asked > 1)
    }
}

/// The number of atomics with a plain access, and of those the ones with a weak one.
fn uses(atomics: &Table<AtomicWord>) -> (usize, usize) {
    let plain = atomics.all().into_iter().filter(|word| word.usage.is_plain.get());
    plain.fold((0, 0), |(plain, weak), word| {
        (plain + 1, weak + usize::from(word.usage.is_weak.get()))
    })
}
