//! Barriers: who leads, who waits, and what happens before what.

use lockproof::cell::UnsafeCell;
use lockproof::engine::{DefectKind, Ending};
use lockproof::extension::Named;
use lockproof::sync::{Arc, Barrier, Mutex};
use lockproof::thread;

use crate::engines::{controlled, has_outcomes, holds_on_every_engine};

#[test]
fn one_thread_leads_and_all_go_on() {
    holds_on_every_engine(|| {
        let barrier = Arc::new(Barrier::new(3));
        let others: Vec<_> = (0..2)
            .map(|_| {
                let barrier = Arc::clone(&barrier);
                thread::spawn(move || barrier.wait().is_leader())
            })
            .collect();
        let mut leaders = usize::from(barrier.wait().is_leader());
        for other in others {
            leaders += usize::from(other.join().unwrap());
        }
        assert_eq!(leaders, 1, "exactly one thread leads");
    });
}

#[test]
fn any_thread_may_lead() {
    has_outcomes([false, true], || {
        let barrier = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| barrier.wait());
            barrier.wait().is_leader()
        })
    });
}

#[test]
fn a_barrier_can_be_used_again() {
    holds_on_every_engine(|| {
        let (barrier, arrived) = (Barrier::new(2), Mutex::new([0; 2]));
        let pass_twice = || {
            for round in 0..2 {
                arrived.lock().unwrap()[round] += 1;
                barrier.wait();
                assert_eq!(arrived.lock().unwrap()[round], 2, "nobody is a round ahead");
            }
        };
        thread::scope(|scope| {
            scope.spawn(pass_twice);
            pass_twice();
        });
    });
}

/// A cell that two threads reach in turn.
struct Shared(UnsafeCell<u32>);

// SAFETY: the test orders the accesses by a barrier, which is what it tests.
unsafe impl Sync for Shared {}

#[test]
fn what_comes_before_the_barrier_happens_before_what_comes_after() {
    holds_on_every_engine(|| {
        let (barrier, shared) = (Barrier::new(2), Shared(UnsafeCell::new(0)));
        let shared = &shared;
        thread::scope(|scope| {
            scope.spawn(|| {
                // SAFETY: the other thread reads only after the barrier.
                shared.0.with_mut(|value| unsafe { *value = 1 });
                barrier.wait();
            });
            barrier.wait();
            // SAFETY: the other thread wrote before the barrier.
            assert_eq!(shared.0.with(|value| unsafe { *value }), 1);
        });
    });
}

#[test]
fn a_thread_that_nobody_joins_at_the_barrier_is_a_deadlock() {
    for exploration in controlled(|| _ = Barrier::new(2).named("meeting").wait()) {
        let Ending::Failed(failure) = exploration.ending else {
            panic!("the wait never ends: {:?}", exploration.ending)
        };
        assert_eq!(failure.defect.kind(), DefectKind::Deadlock);
        let blocked = &failure.defect.blocked()[0];
        assert_eq!(blocked.waits_for, "the other threads at meeting");
    }
}

#[test]
fn texts_are_those_of_std() {
    let barrier = Barrier::new(1);
    assert_eq!(format!("{barrier:?}"), format!("{:?}", std::sync::Barrier::new(1)));
    let ours = format!("{:?}", barrier.wait());
    assert_eq!(ours, format!("{:?}", std::sync::Barrier::new(1).wait()));
}
