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

use super::Execution;
use super::objects::{AtomicObject, AtomicUse, Side};

/// What an execution looked at in ways that order no memory.
#[derive(Default)]
pub(crate) struct WeakMemory {
    has_fence: Cell<bool>,
    /// The questions so far, and the answers that ordered nothing, with the threads.
    questions: RefCell<Vec<(usize, Asked)>>,
    answers: RefCell<Vec<(usize, Asked)>>,
    /// Whether a question and such an answer of another place may be out of order.
    is_crossed: Cell<bool>,
    /// Whether an atomic was found to hold another value than the one stored last.
    pub(super) has_stale_value: Cell<bool>,
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

impl AtomicUse {
    /// Notes a load, a store, or an exchange that may fail, while other threads run.
    #[inline]
    pub(super) fn note_plain(&self, order: Ordering) {
        self.is_plain.set(true);
        self.is_weak.set(self.is_weak.get() || order != Ordering::SeqCst);
    }

    /// Notes a read-modify-write that cannot fail, while other threads run.
    #[inline]
    pub(super) fn note_modification(&self, order: Ordering) {
        match order {
            Ordering::SeqCst => {}
            // Beside a plain access to the same atomic it is an ordinary weak one.
            Ordering::AcqRel => self.is_weak.set(true),
            _ => self.note_plain(order),
        }
    }
}

impl Execution {
    /// Notes a fence.
    pub(super) fn note_fence(&self) {
        self.weak_memory.has_fence.set(true);
    }

    /// Notes a question whose answer may order no memory.
    pub(super) fn note_question(&self, asked: Asked) {
        if self.others_run() {
            let WeakMemory { questions, answers, is_crossed, .. } = &self.weak_memory;
            let is_other = |(_, place): &(usize, Asked)| *place != asked;
            is_crossed.set(is_crossed.get() || answers.borrow().iter().any(is_other));
            enter(questions, (self.thread(), asked));
        }
    }

    /// Notes that it did not, as with "not yet".
    pub(super) fn note_answer(&self, asked: Asked) {
        if self.others_run() {
            let WeakMemory { questions, answers, is_crossed, .. } = &self.weak_memory;
            let current = self.thread();
            let is_other = |(by, place): &(usize, Asked)| *by != current && *place != asked;
            is_crossed.set(is_crossed.get() || questions.borrow().iter().any(is_other));
            enter(answers, (current, asked));
        }
    }

    /// Notes a question that no answer to orders memory.
    pub(super) fn note_look(&self, asked: Asked) {
        self.note_question(asked);
        self.note_answer(asked);
    }

    /// Whether weak memory may show what sequential consistency does not.
    pub(super) fn weak_memory_matters(&self) -> bool {
        let WeakMemory { has_fence, questions, is_crossed, .. } = &self.weak_memory;
        let (plain, weak) = self.count_atomics();
        has_fence.get()
            || is_crossed.get()
            || (weak > 0 && plain > 1)
            || (plain > 0 && !questions.borrow().is_empty())
    }

    /// The number of atomics with a plain access, and of those the ones with a weak one.
    fn count_atomics(&self) -> (usize, usize) {
        let (mut plain, mut weak) = (0, 0);
        for object in self.objects.borrow().iter() {
            if let Side::Atomic(AtomicObject { usage, .. }) = &object.side
                && usage.is_plain.get()
            {
                plain += 1;
                weak += usize::from(usage.is_weak.get());
            }
        }
        (plain, weak)
    }

    /// Notes the value that an atomic was found to hold: the one stored last, or an older one.
    pub(super) fn note_found(&self, found: u64, latest: u64) {
        if found != latest {
            self.weak_memory.has_stale_value.set(true);
        }
    }
}

fn enter(list: &RefCell<Vec<(usize, Asked)>>, entry: (usize, Asked)) {
    let mut list = list.borrow_mut();
    if !list.contains(&entry) {
        list.push(entry);
    }
}
