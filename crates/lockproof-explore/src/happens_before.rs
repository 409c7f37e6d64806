//! The happens-before order of the current execution, by the dependency relation.
//!
//! The exhaustive strategy keeps clocks of its own for the steps that it may reverse. The clocks here
//! are computed from the events alone, on demand, so sampled executions have them, too.
//!
//! Invariant: one step is another one or happens before it exactly if a chain of events leads from
//! the one to the other, each of which depends on the one before it in the chain.

use lockproof_clock::join;

use crate::context;
use crate::dependency::AccessTable;
use crate::event::VisibleEvent;
use crate::identity::ThreadId;
use crate::operation::OperationKind;

/// The partial order of the steps of an execution. Every order that keeps it is a schedule of an
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
///     let child = spawn(move || flag.store(1, SeqCst, here()), here());
///     join(child, here()).unwrap();
///     let (main, steps) = steps_taken();
///     // The child has done two things before the join returns: it stored, and it ended.
///     assert_eq!(happens_before().clock(main.index(), steps)[child.index()], 2);
/// });
/// ```
#[derive(Debug)]
pub struct HappensBefore {
    /// The number of threads: more than the index of any.
    width: usize,
    /// Clocks of this width, one after the other.
    clocks: Vec<u32>,
    /// By [`ThreadId::index`]: where the clock of its spawn is, and then that of each of its steps.
    rows: Vec<Vec<u32>>,
    /// The threads of the steps, in the order in which they were taken.
    threads: Vec<u16>,
}

/// The happens-before order of the steps that the current execution has taken so far.
///
/// # Panics
///
/// If no exploration runs on this OS thread.
pub fn happens_before() -> HappensBefore {
    context::with(|runtime| HappensBefore::of(&runtime.trace, runtime.thread_count()))
}

impl HappensBefore {
    /// The clock of the `steps`th step of `thread`, from 1: for each thread, by
    /// [`ThreadId::index`], the number of its steps that happen before the step, itself included.
    /// For 0 it is the clock of the thread's spawn.
    ///
    /// # Panics
    ///
    /// If the thread has taken fewer steps.
    pub fn clock(&self, thread: usize, steps: u32) -> &[u32] {
        let row = self.rows[thread][steps as usize] as usize;
        &self.clocks[row..row + self.width]
    }

    /// The number of steps that `thread` has taken.
    pub fn steps(&self, thread: usize) -> u32 {
        let rows = self.rows.get(thread).map_or(0, Vec::len);
        u32::try_from(rows.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The threads of the steps, by [`ThreadId::index`], in the order of the steps.
    pub fn turns(&self) -> impl Iterator<Item = usize> + '_ {
        self.threads.iter().copied().map(usize::from)
    }

    pub(crate) fn of(events: &[VisibleEvent], threads: usize) -> Self {
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
        let mut clock = std::mem::take(&mut past.current);
        clock.copy_from_slice(self.clock(event.thread.index(), event.sequence - 1));
        clock[event.thread.index()] = event.sequence;
        join(&mut clock, &past.late);
        if event.late {
            join(&mut clock, &past.everything);
        }
        if event.cause.sequence != 0 {
            join(&mut clock, self.clock(event.cause.thread.index(), event.cause.sequence));
        }
        let accesses =
            [(event.operation.object, event.access), (event.operation.second, event.second_access)];
        for (object, access) in accesses {
            past.accesses.conflicting(object, access).for_each(|known| join(&mut clock, known));
        }
        for (object, access) in accesses {
            if let Some(known) = past.accesses.value(object, access) {
                known.resize(self.width, 0);
                join(known, &clock);
            }
        }
        join(&mut past.everything, &clock);
        if event.late {
            past.late.copy_from_slice(&clock);
        }
        self.give_row(event.thread, &clock);
        if event.operation.kind == OperationKind::Spawn {
            self.give_row(event.operation.peer, &clock);
        }
        past.current = clock;
    }

    fn give_row(&mut self, thread: ThreadId, clock: &[u32]) {
        let row = u32::try_from(self.clocks.len()).expect("clocks of a trace fit into memory");
        self.clocks.extend_from_slice(clock);
        self.rows[thread.index()].push(row);
    }
}

/// The clocks of the events so far, as those that come to depend on them need them.
struct Past {
    accesses: AccessTable<Vec<u32>>,
    /// The clock of the last late event, on which all later ones depend.
    late: Vec<u32>,
    /// The join of all clocks.
    everything: Vec<u32>,
    /// The clock that is being built.
    current: Vec<u32>,
}

impl Past {
    fn new(width: usize) -> Self {
        let none = vec![0; width];
        let accesses = AccessTable::default();
        Self { accesses, late: none.clone(), everything: none.clone(), current: none }
    }
}
