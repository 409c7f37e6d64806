//! Snapshots of two cells: the smallest structure that happens-before alone judges wrongly.
//!
//! One thread writes the first cell, one writes the second, one reads the first and then the
//! second. Some schedule returns the new second value with the old first one although the first
//! write had returned before the second began: no moment had those two values. No lock orders the
//! two writes, so what happens before what does not tell, and the exploring engine may run that
//! trace in another order.

use lockproof::engine::{Condition, DefectKind, Engine};
use lockproof::sync::Mutex;
use lockproof::sync::atomic::{AtomicU32, Ordering};
use lockproof_check::{Contract, Specification, Specifies};
use proptest::prelude::*;

use crate::judged::{SCENARIOS, Threads, accepts, judge, judge_replay, refutes};

/// The values of two cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Cells([u32; 2]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    /// Writes 1 to a cell.
    Write(usize),
    Snapshot,
}

impl Specification for Cells {
    type Operation = Operation;
    type Return = [u32; 2];

    fn apply(&mut self, operation: &Operation) -> [u32; 2] {
        match *operation {
            Operation::Write(cell) => {
                self.0[cell] = 1;
                [0, 0]
            }
            Operation::Snapshot => self.0,
        }
    }
}

trait Pair: Default + Send + Sync + 'static {
    fn write(&self, cell: usize);
    fn snapshot(&self) -> [u32; 2];
}

impl<P: Pair> Specifies<P> for Cells {
    fn call(pair: &P, operation: &Operation) -> [u32; 2] {
        match *operation {
            Operation::Write(cell) => {
                pair.write(cell);
                [0, 0]
            }
            Operation::Snapshot => pair.snapshot(),
        }
    }
}

/// Each cell under a lock of its own: the snapshot is of no moment.
#[derive(Default)]
struct TwoLocks([Mutex<u32>; 2]);

impl Pair for TwoLocks {
    fn write(&self, cell: usize) {
        *self.0[cell].lock().unwrap() = 1;
    }

    fn snapshot(&self) -> [u32; 2] {
        [0, 1].map(|cell| *self.0[cell].lock().unwrap())
    }
}

/// Both cells under one lock.
#[derive(Default)]
struct OneLock(Mutex<[u32; 2]>);

impl Pair for OneLock {
    fn write(&self, cell: usize) {
        self.0.lock().unwrap()[cell] = 1;
    }

    fn snapshot(&self) -> [u32; 2] {
        *self.0.lock().unwrap()
    }
}

/// Reads the cells until two readings in a row agree (Afek, Attiya, Dolev, Gafni, Merritt, Shavit,
/// "Atomic Snapshots of Shared Memory", JACM 1993). As each cell changes once, equal readings are
/// of one moment.
#[derive(Default)]
struct DoubleCollect([AtomicU32; 2]);

impl DoubleCollect {
    // ORDERING: SeqCst: the readings must be in order with the writes of both cells.
    fn collect(&self) -> [u32; 2] {
        [0, 1].map(|cell| self.0[cell].load(Ordering::SeqCst))
    }
}

impl Pair for DoubleCollect {
    fn write(&self, cell: usize) {
        // ORDERING: SeqCst: pairs with the loads of `collect`.
        self.0[cell].store(1, Ordering::SeqCst);
    }

    fn snapshot(&self) -> [u32; 2] {
        let mut last = self.collect();
        loop {
            let next = self.collect();
            if next == last {
                return next;
            }
            last = next;
        }
    }
}

/// All ways to give two writes and a snapshot to three threads.
fn assignments() -> Vec<Threads<Operation>> {
    let calls = [Operation::Write(0), Operation::Write(1), Operation::Snapshot];
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    orders.iter().map(|order| order.map(|index| vec![calls[index]]).to_vec()).collect()
}

#[test]
fn a_snapshot_under_two_locks_is_refuted_whichever_thread_does_what() {
    for threads in assignments() {
        refutes::<_, TwoLocks>(&Cells::default(), &[threads]);
    }
}

#[test]
fn a_snapshot_under_two_locks_takes_no_more_executions_than_there_are_traces() {
    for &engine in Engine::available().iter().filter(|engine| **engine == Engine::Explore) {
        for threads in assignments() {
            let condition = Condition::Linearizability;
            let judged = judge(engine, condition, &Cells::default(), &threads, TwoLocks::default);
            assert!(judged.violation.is_some());
            // Each lock is taken by its writer and by the reader, in either order.
            assert!(judged.exploration.executions <= 4, "there are four traces");
        }
    }
}

#[test]
fn the_order_that_shows_the_fault_is_a_schedule_that_can_be_replayed() {
    let mut hidden = 0;
    let mut runs = 0;
    for &engine in Engine::available().iter().filter(|engine| **engine == Engine::Explore) {
        for threads in assignments() {
            let condition = Condition::Linearizability;
            let judged = judge(engine, condition, &Cells::default(), &threads, TwoLocks::default);
            let violation = judged.violation.expect("some schedule breaks it");
            let failure = judged.exploration.failure().expect("it fails");
            let schedule = failure.schedule.as_ref().expect("explore leaves a schedule");
            let shown = schedule.rearranged(&violation.steps).expect("each step has its place");
            let replay = |schedule| {
                let make = TwoLocks::default;
                judge_replay(schedule, condition, &Cells::default(), &threads, make)
            };
            let shown = replay(&shown);
            let failure = shown.failure().expect("that very order breaks the condition");
            assert_eq!(failure.defect.kind(), DefectKind::Violation(condition));
            hidden += u32::from(replay(schedule).failure().is_none());
            runs += 1;
        }
    }
    assert!(runs == 0 || hidden > 0, "the order that was run does not always show it");
}

#[test]
fn a_snapshot_under_one_lock_is_accepted() {
    accepts::<_, OneLock>(&Cells::default(), &assignments());
}

#[test]
fn a_snapshot_by_double_collect_is_accepted() {
    accepts::<_, DoubleCollect>(&Cells::default(), &assignments());
}

/// In scenarios that are generated.
fn generated<P: Pair>(name: &str) -> Contract<Cells, P> {
    let write = (0_usize..2).prop_map(Operation::Write);
    let calls = prop_oneof![2 => write, 1 => Just(Operation::Snapshot)].boxed();
    Contract::new(name, P::default, Cells::default()).scenarios_of(SCENARIOS, calls)
}

#[test]
fn generated_scenarios_tell_snapshots_apart() {
    generated::<TwoLocks>("TwoLocks").is_refuted();
    generated::<OneLock>("OneLock").passes();
    generated::<DoubleCollect>("DoubleCollect").calls(1..=1).passes();
}
