//! Random programs: the judge finds fault with one, from the traces that an engine explores, exactly
//! if brute force over all schedules finds one that breaks linearizability.
//!
//! The brute force knows no partial order: it steps through the threads in every way, with beginnings
//! and returns of calls as steps of their own, and tries all orders of the calls in each.

use std::collections::HashSet;

use lockproof::engine::{Condition, Engine};
use lockproof::sync::Mutex;
use lockproof::sync::atomic::{AtomicU8, Ordering};
use lockproof_check::judge::CallMark;
use lockproof_check::{Specification, Specifies};
use proptest::prelude::*;

use crate::brute_force::{Made, Story};
use crate::engines::is_refuted;

const CASES: u32 = 80;

/// What a call does to one of two cells, in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Load(usize),
    Store(usize, u8),
    Increment(usize),
}

/// Steps that are meant to happen at once, and do if every operation holds the lock.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Operation {
    steps: Vec<Step>,
    is_locked: bool,
}

/// The values of the cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Cells([u8; 2]);

impl Cells {
    fn take(&mut self, step: Step) -> Option<u8> {
        match step {
            Step::Load(cell) => Some(self.0[cell]),
            Step::Store(cell, value) => {
                self.0[cell] = value;
                None
            }
            Step::Increment(cell) => {
                self.0[cell] += 1;
                Some(self.0[cell] - 1)
            }
        }
    }
}

/// Returns what was loaded.
impl Specification for Cells {
    type Operation = Operation;
    type Return = Vec<u8>;

    fn apply(&mut self, operation: &Operation) -> Vec<u8> {
        operation.steps.iter().filter_map(|step| self.take(*step)).collect()
    }
}

#[derive(Default)]
struct Shared {
    lock: Mutex<()>,
    cells: [AtomicU8; 2],
}

impl Specifies<Shared> for Cells {
    fn call(shared: &Shared, operation: &Operation) -> Vec<u8> {
        let held = operation.is_locked.then(|| shared.lock.lock().unwrap());
        // ORDERING: SeqCst: the programs are about interleavings, not about weak memory.
        let take = |step: &Step| match *step {
            Step::Load(cell) => Some(shared.cells[cell].load(Ordering::SeqCst)),
            Step::Store(cell, value) => {
                shared.cells[cell].store(value, Ordering::SeqCst);
                None
            }
            Step::Increment(cell) => Some(shared.cells[cell].fetch_add(1, Ordering::SeqCst)),
        };
        let loaded = operation.steps.iter().filter_map(take).collect();
        drop(held);
        loaded
    }
}

type Program = Vec<Vec<Operation>>;

fn operations() -> impl Strategy<Value = Operation> {
    let step = prop_oneof![
        3 => (0_usize..2).prop_map(Step::Load),
        2 => (0_usize..2, 1_u8..3).prop_map(|(cell, value)| Step::Store(cell, value)),
        1 => (0_usize..2).prop_map(Step::Increment),
    ];
    let steps = proptest::collection::vec(step, 0..=2);
    (steps, prop::bool::weighted(0.3)).prop_map(|(steps, is_locked)| Operation { steps, is_locked })
}

fn programs() -> impl Strategy<Value = Program> {
    let two = proptest::collection::vec(proptest::collection::vec(operations(), 1..=2), 2);
    let three = proptest::collection::vec(proptest::collection::vec(operations(), 1), 3);
    prop_oneof![two, three]
}

/// One step of a thread, where beginnings, returns and the lock count.
#[derive(Clone, Copy, Debug)]
enum Event {
    Begin(usize),
    Lock,
    Take(usize, Step),
    Unlock,
    Return(usize),
}

/// Where a schedule has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct State {
    next: Vec<usize>,
    is_locked: bool,
    cells: Cells,
    loaded: Vec<Vec<u8>>,
    moments: Vec<CallMark>,
}

/// Whether some schedule is not linearizable, by stepping through all of them.
fn is_broken_by_brute_force(program: &Program) -> bool {
    let mut threads = Vec::new();
    let mut number = 0;
    for operations in program {
        let mut events = Vec::new();
        for operation in operations {
            events.push(Event::Begin(number));
            events.extend(operation.is_locked.then_some(Event::Lock));
            events.extend(operation.steps.iter().map(|step| Event::Take(number, *step)));
            events.extend(operation.is_locked.then_some(Event::Unlock));
            events.push(Event::Return(number));
            number += 1;
        }
        threads.push(events);
    }
    let start = State {
        next: vec![0; threads.len()],
        loaded: vec![Vec::new(); number],
        ..State::default()
    };
    let (mut seen, mut pending) = (HashSet::new(), vec![start]);
    while let Some(state) = pending.pop() {
        if !seen.insert(state.clone()) {
            continue;
        }
        let mut is_over = true;
        for (thread, events) in threads.iter().enumerate() {
            let Some(event) = events.get(state.next[thread]) else { continue };
            is_over = false;
            pending.extend(after(&state, thread, *event));
        }
        if is_over && !story(program, &state).meets(Condition::Linearizability, &state.moments) {
            return true;
        }
    }
    false
}

fn after(state: &State, thread: usize, event: Event) -> Option<State> {
    let mut state = state.clone();
    state.next[thread] += 1;
    match event {
        Event::Begin(call) => state.moments.push(CallMark { call, returns: false }),
        Event::Return(call) => state.moments.push(CallMark { call, returns: true }),
        Event::Take(call, step) => {
            let loaded = state.cells.take(step);
            state.loaded[call].extend(loaded);
        }
        Event::Unlock => state.is_locked = false,
        Event::Lock if state.is_locked => return None,
        Event::Lock => state.is_locked = true,
    }
    Some(state)
}

fn story(program: &Program, state: &State) -> Story<Cells> {
    let threads = program.iter().enumerate();
    let calls = threads.flat_map(|(thread, calls)| calls.iter().map(move |call| (thread, call)));
    let made = calls.zip(&state.loaded).map(|((thread, operation), loaded)| Made {
        thread,
        part: 0,
        operation: operation.clone(),
        result: Some(loaded.clone()),
    });
    Story { initial: Cells::default(), made: made.collect(), at_standstill: false }
}

#[test]
fn a_program_is_refuted_exactly_if_brute_force_breaks_it() {
    let config =
        ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let counts = std::cell::RefCell::new([0; 2]);
    proptest!(config, |(program in programs())| {
        let is_broken = is_broken_by_brute_force(&program);
        counts.borrow_mut()[usize::from(is_broken)] += 1;
        // To loom `SeqCst` is hardly more than `AcqRel`: it may show what no schedule does.
        for &engine in Engine::available().iter().filter(|engine| **engine != Engine::Loom) {
            let is_refuted = is_refuted::<Cells, Shared>(engine, &program);
            prop_assert!(is_broken || !is_refuted, "{} gives a false alarm", engine);
            if engine == Engine::Explore {
                prop_assert_eq!(is_refuted, is_broken);
            }
        }
    });
    let counts = counts.into_inner();
    assert!(counts.iter().all(|count| *count > 2), "both verdicts occur: {counts:?}");
}
