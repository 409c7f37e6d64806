//! The classic cases of concurrency, through the facade on every engine: the sound version holds,
//! the famous mistake is found.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use lockproof::engine::{DefectKind, Exploration};
use lockproof::sync::atomic::{AtomicBool, Ordering};
use lockproof::sync::mpsc::sync_channel;
use lockproof::sync::{Arc, Condvar, Mutex};
use lockproof::thread;

use crate::engines::{controlled, has_outcomes, holds_on_every_engine};

const PHILOSOPHERS: usize = 3;

/// Each philosopher takes two forks, in the order that `forks_of` gives them, and eats.
fn dine(forks_of: fn(usize) -> (usize, usize)) {
    let forks: [_; PHILOSOPHERS] = std::array::from_fn(|_| Mutex::new(()));
    let eat = |philosopher| {
        let (first, second) = forks_of(philosopher);
        let _first = forks[first].lock().unwrap();
        let _second = forks[second].lock().unwrap();
    };
    thread::scope(|scope| {
        for philosopher in 1..PHILOSOPHERS {
            scope.spawn(move || eat(philosopher));
        }
        eat(0);
    });
}

#[test]
fn philosophers_who_take_the_lower_fork_first_all_eat() {
    holds_on_every_engine(|| {
        dine(|philosopher| {
            let next = (philosopher + 1) % PHILOSOPHERS;
            (philosopher.min(next), philosopher.max(next))
        });
    });
}

#[test]
fn philosophers_who_take_the_left_fork_first_starve() {
    for exploration in
        controlled(|| dine(|philosopher| (philosopher, (philosopher + 1) % PHILOSOPHERS)))
    {
        let failure = exploration.failure().expect("each may hold one fork");
        assert_eq!(failure.defect.kind(), DefectKind::Deadlock);
        assert_eq!(failure.defect.blocked().len(), PHILOSOPHERS, "all wait in a circle");
    }
}

/// A buffer for one item, between one producer and one consumer.
fn exchange(is_woken: bool) {
    let (buffer, changed) = (Mutex::new(None), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            for item in 0..2 {
                let full = |slot: &mut Option<u32>| slot.is_some();
                *changed.wait_while(buffer.lock().unwrap(), full).unwrap() = Some(item);
                if is_woken {
                    changed.notify_one();
                }
            }
        });
        for item in 0..2 {
            let empty = |slot: &mut Option<u32>| slot.is_none();
            let mut slot = changed.wait_while(buffer.lock().unwrap(), empty).unwrap();
            assert_eq!(slot.take(), Some(item), "items come in order");
            drop(slot);
            changed.notify_one();
        }
    });
}

#[test]
fn a_producer_and_a_consumer_take_turns() {
    holds_on_every_engine(|| exchange(true));
}

#[test]
fn a_consumer_that_is_not_woken_waits_for_ever() {
    for exploration in controlled(|| exchange(false)) {
        let failure = exploration.failure().expect("the consumer may wait first");
        assert_eq!(failure.defect.kind(), DefectKind::LostWakeUp);
    }
}

#[test]
fn an_unpark_that_comes_first_is_kept_but_not_counted() {
    holds_on_every_engine(|| {
        let done = Arc::new(AtomicBool::new(false));
        let (of_child, parent) = (Arc::clone(&done), thread::current());
        let child = thread::spawn(move || {
            of_child.swap(true, Ordering::SeqCst);
            parent.unpark();
            parent.unpark();
        });
        // A park may also end by itself.
        while !done.swap(false, Ordering::SeqCst) {
            thread::park();
        }
        child.join().unwrap();
    });
}

#[test]
fn a_token_that_is_used_up_does_not_end_the_next_park() {
    let parks_twice = || {
        let parent = thread::current();
        let child = thread::spawn(move || parent.unpark());
        child.join().unwrap();
        thread::park();
        thread::park();
    };
    let is_stuck = |exploration: &Exploration| {
        exploration.failure().map(|failure| failure.defect.kind()) == Some(DefectKind::Parked)
    };
    for exploration in controlled(parks_twice) {
        assert!(is_stuck(&exploration), "one token, two parks: {:?}", exploration.ending);
    }
}

#[test]
fn a_rendezvous_hands_over_one_by_one() {
    has_outcomes([[1, 2], [2, 1]], || {
        let (sender, receiver) = sync_channel(0);
        let other = sender.clone();
        let child = thread::spawn(move || other.send(1).unwrap());
        let consumer = thread::spawn(move || [receiver.recv().unwrap(), receiver.recv().unwrap()]);
        sender.send(2).unwrap();
        child.join().unwrap();
        consumer.join().unwrap()
    });
}

#[test]
fn a_scope_passes_on_the_panic_of_a_thread_that_nobody_joined() {
    holds_on_every_engine(|| {
        let counted = Mutex::new(0);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            thread::scope(|scope| {
                scope.spawn(|| resume_unwind(Box::new(())));
                scope.spawn(|| *counted.lock().unwrap() += 1);
            });
        }));
        let payload = outcome.expect_err("the scope panics");
        assert_eq!(payload.downcast_ref(), Some(&"a scoped thread panicked"));
        assert_eq!(*counted.lock().unwrap(), 1, "after the other thread has ended");
    });
}

#[test]
fn a_panic_that_was_joined_stays_in_the_scope() {
    holds_on_every_engine(|| {
        let value = thread::scope(|scope| {
            let child = scope.spawn(|| resume_unwind(Box::new(7)));
            let joined: Result<(), _> = child.join();
            *joined.unwrap_err().downcast_ref::<i32>().unwrap()
        });
        assert_eq!(value, 7);
    });
}
