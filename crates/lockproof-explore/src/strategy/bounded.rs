//! Bounded search: every schedule with a bounded number of preemptions, up to equivalence.
//!
//! Most bugs need few preemptions (Musuvathi, Qadeer, "Iterative Context Bounding for Systematic
//! Testing of Multithreaded Programs", PLDI 2007), and the number of schedules with few is
//! polynomial. A *preemption* is a step of another thread although the thread of the last step could
//! continue: it has not ended, its operation is enabled, and is neither a yield (a spin hint, a
//! sleep) nor a wait that only a time-out or a spurious wake-up would end. Steps that the engine
//! lets happen because no thread is enabled are no preemptions.
//!
//! An equivalence class of executions belongs to the search if one of its members is within the
//! bound; another member may well need more preemptions. The wake-up trees of the exhaustive search
//! keep one member of each class, whichever it is, so they are of no use here. Instead, the search
//! remembers the prefixes that it has visited ("Partial-Order Reduction for Context-Bounded State
//! Exploration", Musuvathi, Qadeer, MSR-TR-2007-12). Two prefixes have the same continuations if
//! they are equivalent and the same thread could continue, and those of the prefix with fewer
//! preemptions include those of the other. An execution that reaches such a prefix is abandoned.
//!
//! A second reduction: if the operation that the running thread is about to perform is independent
//! of all others, it is performed first.
//!
//! Further bounds, on context switches and on events, make the search find short executions: see
//! [`Bounded::switches`] and [`Bounded::events`].

mod class;
mod fork;
mod visited;

use std::cmp::Reverse;

use super::estimate::estimate;
use super::{Pick, SearchStrategy, View, could_continue, mismatch};
use crate::event::{Alternative, VisibleEvent};
use crate::identity::ThreadId;
use crate::operation::{OperationKind, VisibleOperation};

use class::Class;
use fork::Fork;
use visited::{Used, VisitedPrefixes};

/// The bound on context switches if there is none.
const UNBOUNDED: u32 = u32::MAX;

/// Every schedule with a bounded number of preemptions, up to equivalence.
#[derive(Debug)]
pub struct Bounded {
    most: u32,
    most_switches: u32,
    most_events: usize,
    /// The path of the depth-first search.
    forks: Vec<Fork>,
    /// The number of forks that the current execution has passed.
    depth: usize,
    executions: f64,
    /// The equivalence class of the current execution.
    class: Class,
    /// The context switches of the current execution, and the thread of its last step.
    switches: u32,
    last: ThreadId,
    visited: VisitedPrefixes,
    alternatives: Vec<Alternative>,
}

impl Bounded {
    /// At most this number of preemptions in each execution.
    ///
    /// ```
    /// use lockproof_explore::{Bounded, Mutex, Options, explore, here, join, spawn};
    ///
    /// let outcome = explore(&Options::default(), &mut Bounded::new(1), &mut (), || {
    ///     let mutex = Mutex::new();
    ///     let lock = move || (mutex.lock(here()), mutex.unlock(here()));
    ///     let child = spawn(move || _ = lock(), here());
    ///     lock();
    ///     join(child, here()).unwrap();
    /// });
    /// assert!(outcome.is_complete(), "no schedule of this model needs two");
    /// ```
    pub fn new(preemptions: u32) -> Self {
        Self {
            most: preemptions,
            most_switches: UNBOUNDED,
            most_events: usize::MAX,
            forks: Vec::new(),
            depth: 0,
            executions: 0.0,
            class: Class::default(),
            switches: 0,
            last: ThreadId::MAIN,
            visited: VisitedPrefixes::default(),
            alternatives: Vec::new(),
        }
    }

    /// At most this number of context switches, too: steps of another thread than the one before.
    ///
    /// An execution that would need more is abandoned.
    #[must_use]
    pub fn switches(self, most: u32) -> Self {
        Self { most_switches: most, ..self }
    }

    /// At most this number of events, too. An execution that would need more is abandoned.
    ///
    /// ```
    /// use lockproof_explore::{Atomic, Bounded, Options, explore, here, join, spawn};
    /// use std::sync::atomic::Ordering::SeqCst;
    ///
    /// let outcome = explore(&Options::default(), &mut Bounded::new(1).events(3), &mut (), || {
    ///     let total = Atomic::new(0);
    ///     let child = spawn(move || total.store(1, SeqCst, here()), here());
    ///     join(child, here()).unwrap();
    /// });
    /// assert_eq!((outcome.executions, outcome.abandoned), (0, 1), "it takes four and more");
    /// ```
    #[must_use]
    pub fn events(self, most: usize) -> Self {
        Self { most_events: most, ..self }
    }

    /// The fork after the current prefix. If it has no choices, the pick that says why.
    fn fork(&mut self, view: &View<'_>) -> Result<Fork, Pick> {
        let preemptions = self.forks.last().map_or(0, Fork::preemptions_after);
        let current = view.current();
        let running = could_continue(view, current, &mut self.alternatives).then_some(current);
        let are_switches_bounded = self.most_switches != UNBOUNDED;
        let switches = if are_switches_bounded { self.switches } else { 0 };
        // Equivalent prefixes differ in what the next step costs: with another thread than
        // `running` a preemption, and with another one than `current` a switch. So the key holds
        // the thread that makes the difference.
        let key = self.class.key(if are_switches_bounded { Some(current) } else { running });
        let used = Used { preemptions, switches };
        let is_over = view.unfinished().next().is_none();
        if self.visited.cover(key, used, is_over) || self.is_too_long(view) {
            return Err(Pick::Abandon);
        }
        let (mut choices, is_cut) = self.choices(view, running, preemptions);
        self.visited.remember(key, used, is_cut);
        if choices.is_empty() {
            return Err(if is_cut { Pick::Abandon } else { Pick::Nothing });
        }
        // The last is explored first. It is the running thread, so a prefix tends to be reached
        // with few preemptions first, and then covers the later visits.
        choices.sort_by_key(|(thread, alternative)| {
            (Some(*thread) == running, Reverse((*thread, *alternative)))
        });
        Ok(Fork { choices, explored: 0, running, preemptions })
    }

    /// The continuations within the bound, and whether the bound cuts off others.
    fn choices(
        &mut self,
        view: &View<'_>,
        running: Option<ThreadId>,
        preemptions: u32,
    ) -> (Vec<(ThreadId, Alternative)>, bool) {
        // A schedule that preempts the running thread before a private operation is equivalent to
        // one that performs the operation first and then switches. That one needs no more
        // preemptions: it saves the one before the operation, and adds at most one after it.
        let alone = running.filter(|thread| view.pending(*thread).is_some_and(is_private));
        let is_bound =
            (running.is_some() && preemptions >= self.most) || self.switches >= self.most_switches;
        let (mut choices, mut is_cut) = (Vec::new(), false);
        for thread in view.enabled().filter(|thread| alone.is_none_or(|alone| alone == *thread)) {
            if is_bound && thread != view.current() {
                is_cut = true;
                continue;
            }
            view.alternatives(thread, &mut self.alternatives);
            choices.extend(self.alternatives.iter().map(|alternative| (thread, *alternative)));
        }
        (choices, is_cut)
    }

    /// Whether the execution would exceed the bounds on its length, or has exceeded them by a step
    /// that the engine let happen.
    fn is_too_long(&self, view: &View<'_>) -> bool {
        self.switches > self.most_switches
            || (view.events().len() >= self.most_events && view.enabled().next().is_some())
    }
}

/// Whether the operation is independent of all others that can happen while it is enabled.
fn is_private(operation: &VisibleOperation) -> bool {
    use OperationKind::{Choose, Exit, Join, Spawn};
    matches!(operation.kind, Choose | Exit | Join | Spawn)
}

impl SearchStrategy for Bounded {
    fn begin(&mut self) -> bool {
        self.depth = 0;
        (self.switches, self.last) = (0, ThreadId::MAIN);
        self.class.begin();
        if self.executions == 0.0 {
            return true;
        }
        while let Some(fork) = self.forks.last_mut() {
            if fork.advance() {
                return true;
            }
            self.forks.pop();
        }
        false
    }

    fn pick(&mut self, view: &View<'_>) -> Pick {
        if self.depth == self.forks.len() {
            match self.fork(view) {
                Ok(fork) => self.forks.push(fork),
                Err(pick) => return pick,
            }
        }
        self.depth += 1;
        let fork = &self.forks[self.depth - 1];
        match fork.choices.last() {
            Some((thread, alternative)) if view.is_enabled(*thread) => {
                Pick::Run(*thread, *alternative)
            }
            Some((thread, _)) => {
                mismatch(self.depth, format!("thread {}", thread.index()), view, *thread)
            }
            None => Pick::Nothing,
        }
    }

    fn executed(&mut self, event: &VisibleEvent, _: &View<'_>) {
        self.switches += u32::from(event.thread != self.last);
        self.last = event.thread;
        self.class.add(event);
    }

    fn end(&mut self, _: &View<'_>) {
        self.executions += 1.0;
    }

    fn is_exhaustive(&self) -> bool {
        self.visited.are_complete()
    }

    fn estimate(&self) -> Option<f64> {
        estimate(self.executions, self.forks.iter().map(|fork| (fork.explored, fork.left())))
    }
}
