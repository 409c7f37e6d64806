//! Bounded search: every schedule with at most so many preemptions, up to equivalence.
//!
//! Most bugs need few preemptions (Musuvathi, Qadeer, "Iterative Context Bounding for Systematic
//! Testing of Multithreaded Programs", PLDI 2007), and there are only polynomially many schedules
//! with few. A *preemption* is a step of another thread although the one that took the last step
//! could go on: it has not ended, its operation can take effect now, and is neither a yield (a spin
//! hint, a sleep) nor a wait that only a time-out or no reason at all would end. Steps that the
//! engine lets happen because nothing else can are no preemptions.
//!
//! An equivalence class of executions belongs to the search if one of its members has no more
//! preemptions than allowed; another member may well have more. So the wake-up trees of the
//! exhaustive search, which keep any one member, are of no use here. Instead, what was expanded
//! before is not expanded again ("Partial-Order Reduction for Context-Bounded State Exploration",
//! Musuvathi, Qadeer, MSR-TR-2007-12): two beginnings of executions have the same continuations if
//! they are equivalent and the same thread can go on, and those of the one with fewer preemptions
//! include those of the other. The execution is then abandoned.
//!
//! There is one more reduction: where the operation that the running thread is about to perform is
//! one that nobody can interfere with, it is performed first. To switch afterwards costs no more.
//!
//! Further bounds, on context switches and on events, make the search find short executions: see
//! [`Bounded::switches`] and [`Bounded::events`].
//!
//! What was expanded is remembered by a hash of 128 bits; the risk that two of a million beginnings
//! share one is below 10⁻²⁶. At most [`MOST_REMEMBERED`] are kept, in about 100 MB; what comes
//! beyond is expanded as often as it is met.

mod class;

use std::collections::HashMap;

use crate::dependency::{Exact, Reduction};
use crate::event::{Alternative, VisibleEvent};
use crate::identity::ThreadId;
use crate::operation::{OperationKind, VisibleOperation};
use crate::strategy::{Pick, SearchStrategy, View, divergence, estimate};

use class::Class;

/// The most beginnings of executions that are remembered.
const MOST_REMEMBERED: usize = 1 << 21;

/// A step with the ways to go on from it; the last is the one being explored.
#[derive(Clone, Debug)]
struct Fork {
    ways: Vec<(ThreadId, Alternative)>,
    /// The ways that are done with.
    explored: u32,
    /// The thread that could have gone on: to take another is a preemption.
    running: Option<ThreadId>,
    /// Preemptions before this step.
    preemptions: u32,
}

/// A bound that is not there.
const UNBOUNDED: u32 = u32::MAX;

/// How a beginning of executions was expanded.
#[derive(Clone, Copy, Debug)]
struct Expanded {
    /// The preemptions in it.
    preemptions: u32,
    /// The context switches in it, where they are bounded.
    switches: u32,
    /// Whether the bound forbade some way to go on.
    is_cut: bool,
}

/// Every schedule with at most so many preemptions, up to equivalence.
///
/// The type parameter is for the tests of the engine itself.
#[derive(Debug)]
pub struct Bounded<R = Exact> {
    most: u32,
    most_switches: u32,
    most_events: usize,
    forks: Vec<Fork>,
    depth: usize,
    executions: f64,
    /// The beginnings after which some way to go on was forbidden in the end.
    cut: u64,
    class: Class<R>,
    /// The context switches of the execution so far, and who took the last step.
    switches: u32,
    last: ThreadId,
    expanded: HashMap<u128, Expanded>,
    alternatives: Vec<Alternative>,
}

impl Bounded {
    /// At most that many preemptions in each execution.
    ///
    /// ```
    /// use lockproof_explore::{Bounded, Mutex, Options, explore, here, join, spawn};
    ///
    /// let outcome = explore(&Options::default(), &mut Bounded::new(1), &mut (), || {
    ///     let mutex = Mutex::new();
    ///     let lock = move || (mutex.lock(here()), mutex.unlock(here()));
    ///     let child = spawn(None, move || _ = lock(), here());
    ///     lock();
    ///     join(child, here()).unwrap();
    /// });
    /// assert!(outcome.is_complete(), "no schedule of this model needs two");
    /// ```
    pub fn new(preemptions: u32) -> Self {
        Self::with_reduction(preemptions)
    }

    /// At most that many context switches, too: steps of another thread than took the one before.
    ///
    /// An execution that would need more is abandoned.
    #[must_use]
    pub fn switches(self, most: u32) -> Self {
        Self { most_switches: most, ..self }
    }

    /// At most that many events, too. An execution that would need more is abandoned.
    ///
    /// ```
    /// use lockproof_explore::{Atomic, Bounded, Options, explore, here, join, spawn};
    /// use std::sync::atomic::Ordering::SeqCst;
    ///
    /// let outcome = explore(&Options::default(), &mut Bounded::new(1).events(3), &mut (), || {
    ///     let total = Atomic::new(0);
    ///     let child = spawn(None, move || total.store(1, SeqCst, here()), here());
    ///     join(child, here()).unwrap();
    /// });
    /// assert_eq!((outcome.executions, outcome.abandoned), (0, 1), "it takes four and more");
    /// ```
    #[must_use]
    pub fn events(self, most: usize) -> Self {
        Self { most_events: most, ..self }
    }
}

impl<R: Reduction> Bounded<R> {
    /// The same, with another dependency relation or another idea of what was expanded before.
    #[doc(hidden)]
    pub fn with_reduction(preemptions: u32) -> Self {
        Self {
            most: preemptions,
            most_switches: UNBOUNDED,
            most_events: usize::MAX,
            forks: Vec::new(),
            depth: 0,
            executions: 0.0,
            cut: 0,
            class: Class::default(),
            switches: 0,
            last: ThreadId::MAIN,
            expanded: HashMap::new(),
            alternatives: Vec::new(),
        }
    }

    fn preemptions(&self) -> u32 {
        self.forks.last().map_or(0, |fork| {
            let taken = fork.ways.last().map(|(thread, _)| *thread);
            fork.preemptions + u32::from(fork.running.is_some() && taken != fork.running)
        })
    }

    /// The ways to go on from here; says why if there are none.
    fn fork(&mut self, view: &View<'_>) -> Result<Fork, Pick> {
        let preemptions = self.preemptions();
        let current = view.current();
        let running = could_go_on(view, current, &mut self.alternatives).then_some(current);
        let are_switches_bounded = self.most_switches != UNBOUNDED;
        let switches = if are_switches_bounded { self.switches } else { 0 };
        // Where switches count, it matters who took the last step even if it cannot go on.
        let key = self.class.key(if are_switches_bounded { Some(current) } else { running });
        let before = self.expanded.get(&key).copied();
        let is_over = view.unfinished().next().is_none();
        let covers = |before: Expanded| {
            R::covers(before.preemptions, preemptions) && before.switches <= switches
        };
        if before.is_some_and(|before| is_over || covers(before)) || self.is_too_long(view) {
            return Err(Pick::Abandon);
        }
        let alone = running.filter(|thread| view.pending(*thread).is_some_and(is_private));
        let is_bound =
            (running.is_some() && preemptions >= self.most) || self.switches >= self.most_switches;
        let mut is_cut = false;
        let mut ways = Vec::new();
        for thread in view.enabled() {
            if alone.is_some_and(|alone| alone != thread) {
                continue;
            }
            if is_bound && current != thread {
                is_cut = true;
                continue;
            }
            view.alternatives(thread, &mut self.alternatives);
            ways.extend(self.alternatives.iter().map(|alternative| (thread, *alternative)));
        }
        self.remember(key, before, Expanded { preemptions, switches, is_cut });
        // The last is explored first: the running thread.
        ways.sort_by_key(|(thread, alternative)| {
            (Some(*thread) == running, std::cmp::Reverse((*thread, *alternative)))
        });
        if ways.is_empty() {
            return Err(if is_cut { Pick::Abandon } else { Pick::Nothing });
        }
        Ok(Fork { ways, explored: 0, running, preemptions })
    }

    /// Whether the execution would go beyond the bounds on its length, or has done so by a step
    /// that nobody picked.
    fn is_too_long(&self, view: &View<'_>) -> bool {
        self.switches > self.most_switches
            || (view.events().len() >= self.most_events && view.enabled().next().is_some())
    }

    fn remember(&mut self, key: u128, before: Option<Expanded>, now: Expanded) {
        self.cut += u64::from(now.is_cut);
        if before.is_some() || self.expanded.len() < MOST_REMEMBERED {
            self.cut -= u64::from(before.is_some_and(|before| before.is_cut));
            self.expanded.insert(key, now);
        }
    }
}

/// Whether a step of another thread than `thread` is a preemption.
pub(crate) fn could_go_on(
    view: &View<'_>,
    thread: ThreadId,
    alternatives: &mut Vec<Alternative>,
) -> bool {
    let Some(operation) = view.pending(thread).filter(|_| view.is_enabled(thread)) else {
        return false;
    };
    match operation.kind {
        OperationKind::Yield => false,
        OperationKind::WakeUp | OperationKind::Park => {
            view.alternatives(thread, alternatives);
            alternatives[0] == Alternative::ORDINARY
        }
        _ => true,
    }
}

/// Whether nothing that other threads do can interfere with the operation once it is enabled.
fn is_private(operation: &VisibleOperation) -> bool {
    use OperationKind::{Choose, Exit, Join, Spawn};
    matches!(operation.kind, Choose | Exit | Join | Spawn)
}

impl<R: Reduction> SearchStrategy for Bounded<R> {
    fn begin(&mut self) -> bool {
        self.depth = 0;
        (self.switches, self.last) = (0, ThreadId::MAIN);
        self.class.begin();
        if self.executions == 0.0 {
            return true;
        }
        while let Some(fork) = self.forks.last_mut() {
            fork.ways.pop();
            fork.explored += 1;
            if !fork.ways.is_empty() {
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
        match fork.ways.last() {
            Some((thread, alternative)) if view.is_enabled(*thread) => {
                Pick::Run(*thread, *alternative)
            }
            Some((thread, _)) => {
                divergence(self.depth, format!("thread {}", thread.index()), view, *thread)
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
        self.cut == 0
    }

    fn has_met_preemption_bound(&self) -> bool {
        self.cut > 0
    }

    fn estimate(&self) -> Option<f64> {
        let left = |fork: &Fork| u32::try_from(fork.ways.len()).unwrap_or(u32::MAX).max(1) - 1;
        estimate(self.executions, self.forks.iter().map(|fork| (fork.explored, left(fork))))
    }
}
