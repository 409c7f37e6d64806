//! The happens-before clocks against their definition: the transitive closure of the dependency
//! relation, over all pairs of events, in every execution of models that use every kind of access.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use crate::dependency::depend;
use crate::event::VisibleEvent;
use crate::{
    Atomic, Condvar, Exhaustive, FinishedExecution, HappensBefore, Mutex, Observer, Options,
    RwLock, SearchStrategy, Surw, choose, explore, here, join, park, spawn, spin, unpark,
};

/// Compares the clocks of every execution with the closure, and counts the pairs.
#[derive(Default)]
struct DifferentialRun {
    ordered: u64,
    concurrent: u64,
    late: u64,
}

impl Observer for DifferentialRun {
    fn execution_ended(&mut self, execution: &FinishedExecution<'_>) -> ControlFlow<()> {
        self.compare(execution.events);
        ControlFlow::Continue(())
    }
}

impl DifferentialRun {
    fn compare(&mut self, events: &[VisibleEvent]) {
        let threads = events.iter().map(|event| event.thread.index() + 1).max().unwrap_or(1);
        let order = HappensBefore::of(events, threads);
        let closure = closure(events);
        for (later, after) in events.iter().enumerate() {
            self.late += u64::from(after.late);
            for (earlier, before) in events.iter().enumerate().take(later) {
                let clock = order.clock(after.thread.index(), after.sequence);
                let is_before = clock[before.thread.index()] >= before.sequence;
                assert_eq!(is_before, closure[later][earlier], "{before} before {after}");
                *(if is_before { &mut self.ordered } else { &mut self.concurrent }) += 1;
            }
        }
    }
}

/// `closure[later][earlier]`
fn closure(events: &[VisibleEvent]) -> Vec<Vec<bool>> {
    let mut closure: Vec<Vec<bool>> = Vec::new();
    for (later, event) in events.iter().enumerate() {
        let mut before = vec![false; events.len()];
        for earlier in 0..later {
            if depend(&events[earlier], event) {
                before[earlier] = true;
                for (reached, further) in before.iter_mut().zip(&closure[earlier]) {
                    *reached |= further;
                }
            }
        }
        closure.push(before);
    }
    closure
}

fn compare(strategy: &mut dyn SearchStrategy, model: impl Fn() + 'static) -> DifferentialRun {
    let options = Options { stop_at_failure: false, ..Options::default() };
    let mut comparison = DifferentialRun::default();
    explore(&options, strategy, &mut comparison, model);
    assert!(comparison.ordered > 0 && comparison.concurrent > 0, "there is something to compare");
    comparison
}

#[test]
fn clocks_of_locks_and_conditions_are_the_closure() {
    compare(&mut Exhaustive::new(), || {
        let (mutex, condition, ready) = (Mutex::new(), Condvar::new(), Atomic::new(0));
        let waiter = spawn(
            move || {
                mutex.lock(here());
                while ready.peek() == 0 {
                    condition.wait(mutex, false, here());
                }
                mutex.unlock(here());
            },
            here(),
        );
        mutex.lock(here());
        ready.poke(1);
        condition.notify_all(here());
        mutex.unlock(here());
        condition.notify_one(here());
        join(waiter, here()).unwrap();
    });
}

#[test]
fn clocks_of_shared_locks_and_attempts_are_the_closure() {
    compare(&mut Exhaustive::new(), || {
        let lock = RwLock::new();
        let reader = move || {
            lock.read(here());
            lock.unlock_read(here());
        };
        let children = [spawn(reader, here()), spawn(reader, here())];
        if lock.try_write(here()) {
            lock.downgrade(here());
            lock.unlock_read(here());
        }
        if lock.try_read(here()) {
            lock.unlock_read(here());
        }
        for child in children {
            join(child, here()).unwrap();
        }
    });
}

#[test]
fn clocks_of_atomics_and_tokens_are_the_closure() {
    let model = || {
        let (flag, other) = (Atomic::new(0), Atomic::new(0));
        let child = spawn(
            move || {
                other.store(u64::from(choose(2, here())), SeqCst, here());
                park(false, here());
                flag.store(1, SeqCst, here());
                other.load(SeqCst, here());
            },
            here(),
        );
        flag.load(SeqCst, here());
        unpark(child, here());
        other.store(0, SeqCst, here());
        flag.update(SeqCst, here(), |value| value);
        join(child, here()).unwrap();
    };
    compare(&mut Exhaustive::new(), model);
    compare(&mut Surw::new(1, 50), model);
}

#[test]
fn clocks_of_what_comes_late_are_the_closure() {
    let comparison = compare(&mut Exhaustive::new(), || {
        let flag = Atomic::new(0);
        let child = spawn(
            move || {
                for _ in 0..3 {
                    park(true, here());
                }
                flag.store(1, SeqCst, here());
            },
            here(),
        );
        while flag.load(SeqCst, here()) == 0 {
            spin(here());
        }
        join(child, here()).unwrap();
    });
    assert!(comparison.late > 0, "something comes late");
}
