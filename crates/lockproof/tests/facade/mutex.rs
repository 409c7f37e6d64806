//! `Mutex` inside a model: exclusion, poisoning by std's rules, and attempts that see both answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use lockproof::extension::TryLockFor;
use lockproof::sync::{Arc, Mutex, PoisonError, TryLockError, TryLockResult};
use lockproof::thread;

use crate::engines::{holds, reaches};

fn answer<G>(attempt: &TryLockResult<G>) -> &'static str {
    match attempt {
        Ok(_) => "acquired",
        Err(TryLockError::Poisoned(_)) => "poisoned",
        Err(TryLockError::WouldBlock) => "would block",
    }
}

#[test]
fn sections_under_one_lock_happen_in_either_order() {
    reaches([[0, 1], [1, 0]], || {
        let order = Arc::new(Mutex::new(Vec::new()));
        let other = Arc::clone(&order);
        let child = thread::spawn(move || other.lock().unwrap().push(1));
        order.lock().unwrap().push(0);
        child.join().unwrap();
        let order = order.lock().unwrap();
        [order[0], order[1]]
    });
}

#[test]
fn a_guard_keeps_others_out_until_it_is_dropped() {
    holds(|| {
        let pair = Arc::new(Mutex::new((0, 0)));
        let other = Arc::clone(&pair);
        let child = thread::spawn(move || {
            let mut pair = other.lock().unwrap();
            pair.0 += 1;
            thread::yield_now();
            pair.1 += 1;
        });
        let seen = pair.lock().unwrap();
        assert_eq!(seen.0, seen.1, "nobody sees the section of another thread half done");
        drop(seen);
        child.join().unwrap();
    });
}

#[test]
fn an_attempt_finds_the_lock_free_or_held() {
    reaches(["acquired", "would block"], || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || answer(&other.try_lock()));
        drop(lock.lock().unwrap());
        child.join().unwrap()
    });
}

#[test]
fn of_two_racing_attempts_at_least_one_succeeds() {
    reaches([(false, true), (true, false), (true, true)], || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || other.try_lock().is_ok());
        let mine = lock.try_lock().is_ok();
        (mine, child.join().unwrap())
    });
}

#[test]
fn an_attempt_is_no_deadlock_when_the_holder_joins_the_other_thread() {
    reaches([(false, true), (true, false), (true, true)], || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || other.try_lock().is_ok());
        let mine = lock.try_lock();
        let theirs = child.join().unwrap();
        (mine.is_ok(), theirs)
    });
}

#[test]
fn an_attempt_on_ones_own_lock_would_block() {
    holds(|| {
        let lock = Mutex::new(());
        let _held = lock.lock().unwrap();
        assert_eq!(answer(&lock.try_lock()), "would block", "std says so, too");
    });
}

#[test]
fn a_timed_attempt_ends_either_way() {
    reaches(["acquired", "would block"], || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || answer(&other.try_lock_for(Duration::from_millis(1))));
        drop(lock.lock().unwrap());
        child.join().unwrap()
    });
}

#[test]
fn a_panic_of_the_holder_poisons_the_lock_until_that_is_cleared() {
    holds(|| {
        let lock = Arc::new(Mutex::new(1));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let mut held = other.lock().unwrap();
            *held = 2;
            panic!("while holding");
        });
        assert!(child.join().is_err(), "the child panicked");
        assert!(lock.is_poisoned(), "a panic poisons what its thread held");
        assert_eq!(answer(&lock.try_lock()), "poisoned", "an attempt tells, too");
        let error = lock.lock().expect_err("a poisoned lock says so");
        assert_eq!(*error.into_inner(), 2, "the data is there, as the panic left it");
        lock.clear_poison();
        assert_eq!(*lock.lock().expect("no longer poisoned"), 2);
    });
}

#[test]
fn into_inner_and_get_mut_know_of_the_poison() {
    holds(|| {
        let mut lock = Mutex::new(1);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _held = lock.lock().unwrap();
            panic!("while holding");
        }));
        assert!(outcome.is_err(), "the closure panicked");
        let content = lock.get_mut().expect_err("get_mut tells of the poison");
        assert_eq!(**content.get_ref(), 1);
        let content = lock.into_inner().expect_err("into_inner tells of the poison");
        assert_eq!(content.into_inner(), 1);
    });
}

/// Locks in its destructor.
struct LocksWhenDropped<'a>(&'a Mutex<u32>);

impl Drop for LocksWhenDropped<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

#[test]
fn a_guard_that_a_destructor_takes_while_unwinding_does_not_poison() {
    holds(|| {
        let lock = Mutex::new(0);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _dropped = LocksWhenDropped(&lock);
            panic!("while nothing is held");
        }));
        assert!(outcome.is_err(), "the closure panicked");
        assert!(!lock.is_poisoned(), "only a guard taken before the panic poisons");
        assert_eq!(*lock.lock().unwrap(), 1, "the destructor did its work");
    });
}

#[test]
fn a_destructor_that_locks_while_unwinding_leaves_the_lock_to_others() {
    holds(|| {
        let lock = Arc::new(Mutex::new(0));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let _dropped = LocksWhenDropped(&other);
            panic!("while nothing is held");
        });
        assert!(child.join().is_err(), "the child panicked");
        *lock.lock().unwrap() += 1;
        assert_eq!(*lock.lock().unwrap(), 2, "destructor and main have each added one");
    });
}

#[test]
fn a_panic_releases_the_lock_for_a_thread_that_waits_for_it() {
    reaches(["poisoned", "acquired"], || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let _held = other.lock();
            panic!("while holding");
        });
        let mine = lock.lock().map_or("poisoned", |_| "acquired");
        assert!(child.join().is_err(), "the child panicked");
        mine
    });
}

#[test]
fn a_caught_panic_inside_a_model_leaves_the_same_lock_usable() {
    reaches([1, 2], || {
        let lock = Arc::new(Mutex::new(0));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let mut held = other.lock().unwrap_or_else(PoisonError::into_inner);
            *held += 1;
            *held
        });
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let mut held = lock.lock().unwrap_or_else(PoisonError::into_inner);
            *held += 1;
            panic!("while holding");
        }));
        assert!(outcome.is_err(), "the closure panicked");
        assert!(lock.is_poisoned(), "the panic poisons");
        let seen = child.join().unwrap();
        assert_eq!(*lock.lock().expect_err("poisoned").into_inner(), 2, "both have added one");
        seen
    });
}

#[test]
fn a_static_lock_serves_many_executions() {
    static LOG: Mutex<Vec<u32>> = Mutex::new(Vec::new());
    holds(|| {
        LOG.lock().unwrap().clear();
        let child = thread::spawn(|| LOG.lock().unwrap().push(1));
        LOG.lock().unwrap().push(2);
        child.join().unwrap();
        assert_eq!(LOG.lock().unwrap().len(), 2, "both threads reached the static");
    });
    assert!(LOG.lock().is_ok(), "and it is still a lock outside");
}
