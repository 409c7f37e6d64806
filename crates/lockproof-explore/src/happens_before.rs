//! What happens before what in the execution at hand, by the dependency relation.
//!
//! The strategies keep clocks of their own for the steps that they may reverse. These here are
//! worked out from the events alone, when somebody asks, and so are there for sampled executions,
//! too.
//!
//! Invariant: one step is at or before another exactly if the two are joined by a chain of events
//! each of which depends on the one before it in the trace.

use lockproof_clock::join;

use crate::context;
use crate::dependency::conflict;
use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::OperationKind;

#[cfg(test)]
mod tests;

/// The partial order of the steps of an execution: every order that keeps it is a schedule of an
/// equivalent execution, with the same outcomes.
///
/// ```
/// use lockproof_explore::{
///     Atomic, Exhaustive, Options, explore, happens_before, here, join, spawn, steps_taken,
/// };
/// use std::sync::atomic::Ordering::SeqCst;
///
/// explore(&Options::default(), &mut Exhaustive::new(), &mut (), || {
///     let flag = Atomic::new(0);
///     let child = spawn(None, move || flag.store(1, SeqCst, here()), here());
///     join(child, here()).unwrap();
///     let (main, steps) = steps_taken();
///     // The child has done two things before the join returns: it stored, and it ended.
///     assert_eq!(happens_before().clock(main.index(), steps)[child.index()], 2);
/// });
/// ```
#[derive(Debug)]
pub struct HappensBefore {
    /// More than the index of any thread.
    width: usize,
    /// Clocks, one after the other.
    clocks: Vec<u32>,
    /// By [`ThreadId::index`]: the clock of its birth, and then of each of its steps.
    rows: Vec<Vec<u32>>,
    /// Whose steps these are, in the order in which they were taken.
    threads: Vec<u16>,
}

/// What happens before what in the execution at hand, so far.
///
/// # Panics
///
/// If no exploration runs on this OS thread.
pub fn happens_before() -> HappensBefore {
    context::with(|runtime| HappensBefore::of(&runtime.trace, runtime.thread_count()))
}

impl HappensBefore {
    /// The steps that happen before the `steps`th one of `thread` (from 1) or are it: for each
    /// thread, how many of its steps. For 0 it is what happens before the thread's first step in
    /// any case, because it happened before the spawn. Threads go by [`ThreadId::index`].
    ///
    /// # Panics
    ///
    /// If the thread did not take so many steps.
    pub fn clock(&self, thread: usize, steps: u32) -> &[u32] {
        let row = self.rows[thread][steps as usize] as usize;
        &self.clocks[row..row + self.width]
    }

    /// How many steps `thread` took.
    pub fn steps(&self, thread: usize) -> u32 {
        let rows = self.rows.get(thread).map_or(0, Vec::len);
        u32::try_from(rows.saturating_sub(1))
            .expect("a trace has fewer events than u32 has numbers")
    }

    /// The threads that took the steps, by [`ThreadId::index`], in the order of the steps.
    pub fn turns(&self) -> impl Iterator<Item = usize> + '_ {
        self.threads.iter().copied().map(usize::from)
    }

    fn of(events: &[VisibleEvent], threads: usize) -> Self {
        let width = threads.max(1);
        let mut order = Self {
            width,
            clocks: Vec::with_capacity((events.len() + width) * width),
            rows: vec![Vec::new(); width],
            threads: events.iter().map(|event| event.thread.0).collect(),
        };
        order.give_row(ThreadId::MAIN, &vec![0; width]);
        let mut past = Past::new(width);
        for event in events {
            order.add(event, &mut past);
        }
        order
    }

    fn add(&mut self, event: &VisibleEvent, past: &mut Past) {
        let mut clock = std::mem::take(&mut past.at_hand);
        clock.copy_from_slice(self.clock(event.thread.index(), event.sequence - 1));
        clock[event.thread.index()] = event.sequence;
        join(&mut clock, &past.late);
        if event.late {
            join(&mut clock, &past.everything);
        }
        if event.cause.sequence != 0 {
            join(&mut clock, self.clock(event.cause.thread.index(), event.cause.sequence));
        }
        let (object, second) = (event.operation.object, event.operation.second);
        past.join_conflicting(&mut clock, object, event.access);
        past.join_conflicting(&mut clock, second, event.second_access);
        past.enter(&clock, object, event.access);
        past.enter(&clock, second, event.second_access);
        join(&mut past.everything, &clock);
        if event.late {
            past.late.copy_from_slice(&clock);
        }
        self.give_row(event.thread, &clock);
        if event.operation.kind == OperationKind::Spawn {
            self.give_row(event.operation.peer, &clock);
        }
        past.at_hand = clock;
    }

    fn give_row(&mut self, thread: ThreadId, clock: &[u32]) {
        let row = u32::try_from(self.clocks.len()).expect("clocks of a trace fit into memory");
        self.clocks.extend_from_slice(clock);
        self.rows[thread.index()].push(row);
    }
}

/// What the events so far leave for those that come to depend on them.
struct Past {
    /// By [`ObjectId::index`]: for each way in which it was accessed, the clocks of all who did.
    objects: Vec<Vec<(Access, Vec<u32>)>>,
    /// The clock of the last event that comes after everything.
    late: Vec<u32>,
    everything: Vec<u32>,
    /// Where the clock of the event at hand is put together.
    at_hand: Vec<u32>,
}

impl Past {
    fn new(width: usize) -> Self {
        let none = vec![0; width];
        Self { objects: Vec::new(), late: none.clone(), everything: none.clone(), at_hand: none }
    }

    fn join_conflicting(&self, clock: &mut [u32], object: ObjectId, access: Access) {
        if access == Access::None || !object.is_some() {
            return;
        }
        let Some(accesses) = self.objects.get(object.index()) else { return };
        for (earlier, known) in accesses {
            if conflict(*earlier, access) {
                join(clock, known);
            }
        }
    }

    fn enter(&mut self, clock: &[u32], object: ObjectId, access: Access) {
        if access == Access::None || !object.is_some() {
            return;
        }
        if self.objects.len() <= object.index() {
            self.objects.resize_with(object.index() + 1, Vec::new);
        }
        let accesses = &mut self.objects[object.index()];
        match accesses.iter_mut().find(|(known, _)| *known == access) {
            Some((_, known)) => join(known, clock),
            None => accesses.push((access, clock.to_vec())),
        }
    }
}
