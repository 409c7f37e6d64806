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
//! sequentially consistent execution gives. But that takes an answer which ordered nothing, at
//! another place, that does not come after the question.
//!
//! Invariant: what a thread does while no other runs is ordered with everything, and is not noted.

use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;

use crate::execution::Execution;
use crate::execution::table::Table;
use crate::execution::word::AtomicWord;

/// What an execution looked at in ways that order no memory.
#[derive(Default)]
pub(crate) struct Unordered {
    has_fence: Cell<bool>,
    /// The questions so far, and the answers that ordered nothing, with the threads.
    questions: RefCell<Vec<(usize, Asked)>>,
    answers: RefCell<Vec<(usize, Asked)>>,
    /// Whether a question and such an answer of another place may be out of order.
    is_crossed: Cell<bool>,
}

/// What was asked for something that orders nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// An object that may say "not yet", or how many wait at it.
    Object(usize),
    /// A thread that was asked whether it has ended.
    Thread(usize),
    Clock,
}

/// How the threads of an execution used an atomic beside each other.
#[derive(Default)]
pub(crate) struct Use {
    /// By something that need not synchronize with the access before it.
    is_plain: Cell<bool>,
    /// By an ordering weaker than `SeqCst`.
    is_weak: Cell<bool>,
}

impl Execution {
    /// Notes a fence.
    pub(crate) fn note_fence(&self) {
        self.unordered.has_fence.set(true);
    }

    /// Notes a question whose answer may order no memory.
    pub(crate) fn note_question(&self, asked: Asked) {
        if self.others_run() {
            let Unordered { questions, answers, is_crossed, .. } = &self.unordered;
            let is_other = |(_, place): &(usize, Asked)| *place != asked;
            is_crossed.set(is_crossed.get() || answers.borrow().iter().any(is_other));
            enter(questions, (self.thread(), asked));
        }
    }

    /// Notes that it did not, as with "not yet".
    pub(crate) fn note_answer(&self, asked: Asked) {
        if self.others_run() {
            let Unordered { questions, answers, is_crossed, .. } = &self.unordered;
            let current = self.thread();
            let is_other = |(by, place): &(usize, Asked)| *by != current && *place != asked;
            is_crossed.set(is_crossed.get() || questions.borrow().iter().any(is_other));
            enter(answers, (current, asked));
        }
    }

    /// Notes a question that no answer to orders memory.
    pub(crate) fn note_look(&self, asked: Asked) {
        self.note_question(asked);
        self.note_answer(asked);
    }

    /// Notes a load, a store, or an exchange that may fail.
    pub(crate) fn note_plain(&self, of: &Use, orders: &[Ordering]) {
        if self.others_run() {
            of.is_plain.set(true);
            let is_weak = orders.iter().any(|order| *order != Ordering::SeqCst);
            of.is_weak.set(of.is_weak.get() || is_weak);
        }
    }

    /// Notes a read-modify-write that cannot fail.
    pub(crate) fn note_modification(&self, of: &Use, order: Ordering) {
        let synchronizes = matches!(order, Ordering::AcqRel | Ordering::SeqCst);
        if !synchronizes {
            self.note_plain(of, &[order]);
        } else if order != Ordering::SeqCst && self.others_run() {
            // Beside a plain access to the same atomic it is an ordinary weak one.
            of.is_weak.set(true);
        }
    }

    /// Whether weak memory may show what sequential consistency does not.
    pub(crate) fn weak_memory_matters(&self) -> bool {
        let Unordered { has_fence, questions, is_crossed, .. } = &self.unordered;
        let (plain, weak) = uses(&self.atomics);
        has_fence.get()
            || is_crossed.get()
            || (weak > 0 && plain > 1)
            || (plain > 0 && !questions.borrow().is_empty())
    }
}

fn enter(list: &RefCell<Vec<(usize, Asked)>>, entry: (usize, Asked)) {
    let mut list = list.borrow_mut();
    if !list.contains(&entry) {
        list.push(entry);
    }
}

/// The number of atomics with a plain access, and of those the ones with a weak one.
fn uses(atomics: &Table<AtomicWord>) -> (usize, usize) {
    atomics.fold((0, 0), |(plain, weak), AtomicWord { usage, .. }| {
        let is_plain = usage.is_plain.get();
        (plain + usize::from(is_plain), weak + usize::from(is_plain && usage.is_weak.get()))
    })
}
