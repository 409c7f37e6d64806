//! `RwLock` inside a model: readers share, writers exclude, poisoning follows std's rules.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lockproof::sync::{Arc, PoisonError, RwLock};
use lockproof::thread;

use crate::engines::{holds, reaches};

#[test]
fn readers_hold_the_lock_together() {
    holds(|| {
        let lock = Arc::new(RwLock::new(7));
        let other = Arc::clone(&lock);
        let reader = lock.read().unwrap();
        let child = thread::spawn(move || *other.read().unwrap());
        assert_eq!(child.join().unwrap(), *reader, "the child reads while main reads");
    });
}

#[test]
fn a_writer_is_never_seen_half_done() {
    holds(|| {
        let pair = Arc::new(RwLock::new((0, 0)));
        let other = Arc::clone(&pair);
        let child = thread::spawn(move || {
            let mut pair = other.write().unwrap();
            pair.0 += 1;
            thread::yield_now();
            pair.1 += 1;
        });
        let seen = pair.read().unwrap();
        assert_eq!(seen.0, seen.1, "a reader sees all of a write or nothing");
        drop(seen);
        child.join().unwrap();
    });
}

#[test]
fn two_reads_of_one_section_agree() {
    reaches([0, 1], || {
        let lock = Arc::new(RwLock::new(0));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || *other.write().unwrap() = 1);
        let reader = lock.read().unwrap();
        let first = *reader;
        thread::yield_now();
        assert_eq!(first, *reader, "nobody writes while somebody reads");
        drop(reader);
        child.join().unwrap();
        first
    });
}

#[test]
fn an_attempt_to_read_fails_only_beside_a_writer() {
    reaches([false, true], || {
        let lock = Arc::new(RwLock::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || other.try_read().is_ok());
        drop(lock.write().unwrap());
        child.join().unwrap()
    });
    holds(|| {
        let lock = Arc::new(RwLock::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || other.try_read().is_ok());
        drop(lock.read().unwrap());
        assert!(child.join().unwrap(), "readers are not in each other's way");
    });
}

#[test]
fn an_attempt_to_write_fails_beside_a_reader_or_a_writer() {
    reaches([false, true], || {
        let lock = Arc::new(RwLock::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || other.try_write().is_ok());
        drop(lock.read().unwrap());
        child.join().unwrap()
    });
    reaches([false, true], || {
        let lock = Arc::new(RwLock::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || other.try_write().is_ok());
        drop(lock.write().unwrap());
        child.join().unwrap()
    });
}

#[test]
fn attempts_on_ones_own_lock_are_answered_as_std_does() {
    holds(|| {
        let lock = RwLock::new(());
        let reader = lock.read().unwrap();
        assert!(lock.try_read().is_ok(), "a reader may read again");
        assert!(lock.try_write().is_err(), "but not write");
        drop(reader);
        let writer = lock.write().unwrap();
        assert!(lock.try_read().is_err(), "a writer may not read");
        assert!(lock.try_write().is_err(), "and not write again");
        drop(writer);
        assert!(lock.try_write().is_ok(), "all of it was released");
    });
}

#[test]
fn a_recursive_read_is_released_guard_by_guard() {
    holds(|| {
        let lock = RwLock::new(());
        let (first, second) = (lock.try_read().unwrap(), lock.try_read().unwrap());
        drop(first);
        assert!(lock.try_write().is_err(), "one guard is left");
        drop(second);
        assert!(lock.try_write().is_ok(), "none is left");
    });
}

#[test]
fn a_panic_of_a_writer_poisons_and_that_of_a_reader_does_not() {
    holds(|| {
        let lock = Arc::new(RwLock::new(1));
        let other = Arc::clone(&lock);
        let reader = thread::spawn(move || {
            let _held = other.read().unwrap();
            panic!("while reading");
        });
        assert!(reader.join().is_err(), "the reader panicked");
        assert!(!lock.is_poisoned(), "a reader cannot leave the data half written");
        let other = Arc::clone(&lock);
        let writer = thread::spawn(move || {
            *other.write().unwrap() = 2;
            let _held = other.write().unwrap();
            panic!("while writing");
        });
        assert!(writer.join().is_err(), "the writer panicked");
        assert!(lock.is_poisoned(), "a writer may have left the data half written");
        assert_eq!(*lock.read().expect_err("readers are told").into_inner(), 2);
        assert_eq!(*lock.write().expect_err("writers are told").into_inner(), 2);
        assert!(lock.try_read().is_err(), "attempts are told");
        lock.clear_poison();
        assert_eq!(*lock.read().expect("no longer poisoned"), 2);
    });
}

/// Reads and writes in its destructor.
struct UsesWhenDropped<'a>(&'a RwLock<u32>);

impl Drop for UsesWhenDropped<'_> {
    fn drop(&mut self) {
        let seen = *self.0.read().unwrap_or_else(PoisonError::into_inner);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = seen + 1;
    }
}

#[test]
fn a_destructor_may_read_and_write_while_its_thread_unwinds() {
    holds(|| {
        let lock = Arc::new(RwLock::new(0));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let _dropped = UsesWhenDropped(&other);
            panic!("while nothing is held");
        });
        assert!(child.join().is_err(), "the child panicked");
        assert!(!lock.is_poisoned(), "only a guard taken before the panic poisons");
        assert_eq!(*lock.read().unwrap(), 1, "the destructor did its work");
        assert!(lock.try_write().is_ok(), "the destructor released what it took");
    });
}

#[test]
fn a_destructor_that_reads_what_its_thread_reads_releases_it_once() {
    holds(|| {
        let lock = RwLock::new(0);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _outer = lock.read().unwrap();
            let _inner = lock.try_read().unwrap();
            panic!("while reading twice");
        }));
        assert!(outcome.is_err(), "the closure panicked");
        let child_can_write =
            thread::scope(|scope| scope.spawn(|| lock.try_write().is_ok()).join().unwrap());
        assert!(child_can_write, "the panic released both guards");
    });
}
