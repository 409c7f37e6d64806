//! The strategies find what they should, and claim no more than they cover. The distributions of
//! samples are tested in `sampling.rs`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Atomic, Bounded, Bounds, Bug, Condvar, Exhaustive, FinishedExecution, Mutex, Observer, Options,
    Random, Replay, StopReason, Turns, choose, explore, here, join, spawn,
};

#[test]
fn samples_prove_nothing() {
    let outcome = explore(&Options::default(), &mut Random::new(0, 10), &mut (), || {});
    assert_eq!((outcome.executions, outcome.stop_reason), (10, StopReason::Exhausted));
    assert!(!outcome.is_complete());
}

#[test]
fn one_preemption_loses_an_update_and_none_does_not() {
    let lost_update = || {
        let total = Atomic::new(0);
        let add = move || {
            let seen = total.load(SeqCst, here());
            total.store(seen + 1, SeqCst, here());
        };
        let child = spawn(add, here());
        add();
        join(child, here()).unwrap();
        if total.peek() != 2 {
            std::panic::resume_unwind(Box::new("lost"));
        }
    };
    let none = explore(&Options::default(), &mut Bounded::new(0), &mut (), lost_update);
    assert!(none.failure.is_none() && !none.is_complete());
    let one = explore(&Options::default(), &mut Bounded::new(1), &mut (), lost_update);
    assert!(one.failure.is_some());
}

#[test]
fn a_bounded_search_that_needs_no_more_preemptions_is_complete() {
    let outcome = explore(&Options::default(), &mut Bounded::new(9), &mut (), || {
        let atomic = Atomic::new(0);
        let child = spawn(move || atomic.store(1, SeqCst, here()), here());
        atomic.load(SeqCst, here());
        join(child, here()).unwrap();
    });
    assert!(outcome.is_complete());
}

#[test]
fn choices_are_all_made_once() {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let chosen = Rc::clone(&seen);
    let outcome = explore(&Options::default(), &mut Exhaustive::new(), &mut (), move || {
        let pair = (choose(3, here()), choose(2, here()));
        chosen.borrow_mut().push(pair);
    });
    let distinct: BTreeSet<_> = seen.borrow().iter().copied().collect();
    assert!(outcome.is_complete());
    assert_eq!((distinct.len(), seen.borrow().len()), (6, 6));
}

/// Two waiters, one notification: one of them waits for ever.
fn lost_wake_up() {
    let (mutex, condvar) = (Mutex::new(), Condvar::new());
    let wait = move || {
        mutex.lock(here());
        condvar.wait(mutex, false, here());
        mutex.unlock(here());
    };
    let waiters = [spawn(wait, here()), spawn(wait, here())];
    condvar.notify_one(here());
    for waiter in waiters {
        join(waiter, here()).unwrap();
    }
}

#[test]
fn a_recorded_failure_is_replayed_from_text() {
    let bounds = Bounds { spurious_wake_ups: 0, ..Bounds::default() };
    let options = Options { bounds, ..Options::default() };
    let outcome = explore(&options, &mut Random::new(3, 100), &mut (), lost_wake_up);
    let failure = outcome.failure.expect("a waiter is left over");
    let turns: Turns = failure.turns.to_string().parse().unwrap();
    assert_eq!(turns, failure.turns);
    let replayed = explore(&options, &mut Replay::new(turns), &mut (), lost_wake_up);
    let again = replayed.failure.expect("the schedule fails again");
    assert!(matches!(again.bug, Bug::LostWakeUp { .. }));
    assert_eq!(again.turns, failure.turns);
}

#[test]
fn a_schedule_that_does_not_fit_says_where() {
    let turns: Turns = "0 0 0.7".parse().unwrap();
    let outcome = explore(&Options::default(), &mut Replay::new(turns), &mut (), lost_wake_up);
    let failure = outcome.failure.expect("there is no such thread");
    let Bug::Nondeterministic(divergence) = failure.bug else { panic!("a divergence") };
    assert_eq!(divergence.step, 3);
    assert!(divergence.expected.contains("0.7"), "{divergence}");
}

/// Keeps the estimates.
#[derive(Default)]
struct Estimates(Vec<f64>);

impl Observer for Estimates {
    fn execution_ended(&mut self, _: &FinishedExecution<'_>) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn progress(&mut self, estimate: Option<f64>) {
        self.0.extend(estimate);
    }
}

#[test]
fn the_estimate_comes_near_the_number_of_executions() {
    let options = Options { progress_every: std::time::Duration::ZERO, ..Options::default() };
    let mut estimates = Estimates::default();
    let outcome = explore(&options, &mut Exhaustive::new(), &mut estimates, || {
        let mutex = Mutex::new();
        let body = move || {
            for _ in 0..2 {
                mutex.lock(here());
                mutex.unlock(here());
            }
        };
        let children: Vec<_> = (0..4).map(|_| spawn(body, here())).collect();
        for child in children {
            join(child, here()).unwrap();
        }
    });
    assert_eq!(outcome.executions, 2_520);
    let last = estimates.0.last().copied().expect("there were estimates");
    assert!((2_000.0..3_200.0).contains(&last), "near the end: {last}");
}

#[test]
fn budgets_end_an_exploration_and_are_reported() {
    let options = Options { executions: Some(2), ..Options::default() };
    let outcome = explore(&options, &mut Exhaustive::new(), &mut (), || {
        choose(5, here());
    });
    assert_eq!((outcome.executions, outcome.stop_reason), (2, StopReason::OutOfExecutions));
}
