//! Random programs of calls that wait: a standstill is a fault exactly if brute force says so.
//!
//! The calls share a count under a lock. `Take` waits for the count to be positive, `Give` raises it
//! and notifies one waiter, all, or nobody; the last is a lost wake-up waiting to happen, and
//! notifying one can be, when two are needed.

use std::collections::HashSet;

use lockproof::engine::{Condition, Engine};
use lockproof::sync::{Condvar, Mutex};
use lockproof_check::judge::CallMark;
use lockproof_check::{Specification, Specifies};
use proptest::prelude::*;

use crate::brute_force::{Made, Story};
use crate::engines::is_refuted;

/// About one program in ten is broken: of so many, enough are whatever the seed.
const CASES: u32 = 240;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Notice {
    Nobody,
    One,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    /// Takes one when there is one.
    Take,
    /// Gives so many.
    Give(u8, Notice),
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Count(u8);

/// Returns how many are left, or were given.
impl Specification for Count {
    type Operation = Operation;
    type Return = u8;

    fn apply(&mut self, operation: &Operation) -> u8 {
        match *operation {
            Operation::Take => {
                self.0 -= 1;
                self.0
            }
            Operation::Give(count, _) => {
                self.0 += count;
                count
            }
        }
    }

    fn waits(&self, operation: &Operation) -> bool {
        *operation == Operation::Take && self.0 == 0
    }
}

#[derive(Default)]
struct Shared {
    count: Mutex<Count>,
    given: Condvar,
}

impl Specifies<Shared> for Count {
    fn call(shared: &Shared, operation: &Operation) -> u8 {
        let mut count = shared.count.lock().unwrap();
        while count.waits(operation) {
            count = shared.given.wait(count).unwrap();
        }
        let result = count.apply(operation);
        match operation {
            Operation::Give(_, Notice::One) => shared.given.notify_one(),
            Operation::Give(_, Notice::All) => shared.given.notify_all(),
            _ => {}
        }
        result
    }
}

type Program = Vec<Vec<Operation>>;

fn programs() -> impl Strategy<Value = Program> {
    let notice = prop_oneof![
        1 => Just(Notice::Nobody),
        2 => Just(Notice::One),
        2 => Just(Notice::All),
    ];
    let give = (1_u8..3, notice).prop_map(|(count, notice)| Operation::Give(count, notice));
    let operation = prop_oneof![Just(Operation::Take), give].boxed();
    let two = proptest::collection::vec(proptest::collection::vec(operation.clone(), 1..=2), 2);
    let three = proptest::collection::vec(proptest::collection::vec(operation, 1), 3);
    prop_oneof![two, three]
}

/// Where a thread is in its call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    /// Before its next call, which has not begun.
    Outside,
    /// About to take the lock.
    Before,
    /// Holds the lock and has not looked.
    Inside,
    /// Waits for a notification.
    Waiting,
    /// Has released the lock and not returned.
    After,
}

/// Where a schedule has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    places: Vec<Place>,
    /// How many calls each thread has made.
    made: Vec<usize>,
    is_locked: bool,
    count: Count,
    results: Vec<Option<u8>>,
    moments: Vec<CallMark>,
}

impl State {
    /// The states after a step of `thread`; none if it cannot go on.
    fn after(&self, program: &Program, thread: usize) -> Vec<Self> {
        let Some(operation) = program[thread].get(self.made[thread]) else { return Vec::new() };
        let earlier: usize = program[..thread].iter().map(Vec::len).sum();
        let call = earlier + self.made[thread];
        let mut next = self.clone();
        match self.places[thread] {
            Place::Outside => {
                next.places[thread] = Place::Before;
                next.moments.push(CallMark { call, returns: false });
            }
            Place::Before if self.is_locked => return Vec::new(),
            Place::Before => {
                next.is_locked = true;
                next.places[thread] = Place::Inside;
            }
            Place::Inside if self.count.waits(operation) => {
                next.is_locked = false;
                next.places[thread] = Place::Waiting;
            }
            Place::Inside => return next.finish(*operation, thread, call),
            Place::Waiting => return Vec::new(),
            Place::After => {
                next.places[thread] = Place::Outside;
                next.made[thread] += 1;
                next.moments.push(CallMark { call, returns: true });
            }
        }
        vec![next]
    }

    /// The operation takes effect, notifies, and lets go of the lock.
    fn finish(mut self, operation: Operation, thread: usize, call: usize) -> Vec<Self> {
        self.results[call] = Some(self.count.apply(&operation));
        self.is_locked = false;
        self.places[thread] = Place::After;
        let waiting = |thread: &usize| self.places[*thread] == Place::Waiting;
        let waiters: Vec<_> = (0..self.places.len()).filter(waiting).collect();
        match operation {
            Operation::Give(_, Notice::All) => {
                for waiter in waiters {
                    self.places[waiter] = Place::Before;
                }
                vec![self]
            }
            Operation::Give(_, Notice::One) if !waiters.is_empty() => {
                let woken = |waiter: &usize| {
                    let mut next = self.clone();
                    next.places[*waiter] = Place::Before;
                    next
                };
                waiters.iter().map(woken).collect()
            }
            _ => vec![self],
        }
    }

    /// A waiter wakes up for no reason. Nothing depends on it that would end a standstill.
    fn after_luck(&self, thread: usize) -> Option<Self> {
        let mut next = self.clone();
        next.places[thread] = Place::Before;
        (self.places[thread] == Place::Waiting).then_some(next)
    }
}

/// Whether some schedule is not linearizable, or comes to a standstill that nothing justifies.
fn is_broken_by_brute_force(program: &Program) -> bool {
    let calls = program.concat().len();
    let start = State {
        places: vec![Place::Outside; program.len()],
        made: vec![0; program.len()],
        is_locked: false,
        count: Count::default(),
        results: vec![None; calls],
        moments: Vec::new(),
    };
    let (mut seen, mut left) = (HashSet::new(), vec![start]);
    while let Some(state) = left.pop() {
        if !seen.insert(state.clone()) {
            continue;
        }
        let threads = 0..program.len();
        let next: Vec<_> =
            threads.clone().flat_map(|thread| state.after(program, thread)).collect();
        if next.is_empty() {
            if !is_explained(program, &state) {
                return true;
            }
        } else {
            left.extend(threads.filter_map(|thread| state.after_luck(thread)));
        }
        left.extend(next);
    }
    false
}

fn is_explained(program: &Program, state: &State) -> bool {
    let mut made = Vec::new();
    let mut moments = state.moments.clone();
    let mut call = 0;
    for (thread, operations) in program.iter().enumerate() {
        for operation in operations {
            let begin = CallMark { call, returns: false };
            if state.moments.contains(&begin) {
                let result = state.results[call];
                made.push(Made { thread, part: 0, operation: *operation, result });
                renumber(&mut moments, call, made.len() - 1);
            }
            call += 1;
        }
    }
    let at_standstill = made.iter().any(|made| made.result.is_none());
    let story = Story { initial: Count::default(), made, at_standstill };
    story.meets(Condition::Linearizability, &moments)
}

/// Calls that never began have no place in a story.
fn renumber(moments: &mut [CallMark], from: usize, to: usize) {
    for moment in moments.iter_mut().filter(|moment| moment.call == from) {
        moment.call = to;
    }
}

/// Only the exploring engine goes on after a standstill; elsewhere it is a defect in any case.
#[test]
fn a_program_that_waits_is_refuted_exactly_if_brute_force_breaks_it() {
    let config =
        ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() };
    let counts = std::cell::RefCell::new([0; 2]);
    proptest!(config, |(program in programs())| {
        let is_broken = is_broken_by_brute_force(&program);
        counts.borrow_mut()[usize::from(is_broken)] += 1;
        for &engine in Engine::available().iter().filter(|engine| **engine == Engine::Explore) {
            prop_assert_eq!(is_refuted::<Count, Shared>(engine, &program), is_broken);
        }
    });
    let counts = counts.into_inner();
    assert!(counts.iter().all(|count| *count > 2), "both verdicts occur: {counts:?}");
}
