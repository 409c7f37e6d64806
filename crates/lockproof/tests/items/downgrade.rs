//! Downgrading a write lock: readers come in, no writer does.

use lockproof::sync::{Arc, RwLock, RwLockWriteGuard};
use lockproof::thread;

use crate::engines::{has_outcomes, holds_on_every_engine};

#[test]
fn no_writer_gets_in_between() {
    holds_on_every_engine(|| {
        let value = Arc::new(RwLock::new(0));
        let other = Arc::clone(&value);
        let child = thread::spawn(move || *other.write().unwrap() += 10);
        let mut write = value.write().unwrap();
        let before = *write;
        *write += 1;
        let read = RwLockWriteGuard::downgrade(write);
        assert_eq!(*read, before + 1, "nobody wrote since");
        drop(read);
        child.join().unwrap();
        assert_eq!(*value.read().unwrap(), 11);
    });
}

#[test]
fn readers_come_in_while_the_downgraded_lock_is_held() {
    holds_on_every_engine(|| {
        let value = RwLock::new(0);
        let mut write = value.write().unwrap();
        *write = 1;
        thread::scope(|scope| {
            let reader = scope.spawn(|| *value.read().unwrap());
            let read = RwLockWriteGuard::downgrade(write);
            // Joined while the lock is held: a lock that stayed exclusive would be a deadlock.
            assert_eq!(reader.join().unwrap(), 1);
            drop(read);
        });
    });
}

#[test]
fn writers_come_in_before_and_after() {
    has_outcomes([1, 11], || {
        let value = Arc::new(RwLock::new(0));
        let other = Arc::clone(&value);
        let child = thread::spawn(move || *other.write().unwrap() += 10);
        let mut write = value.write().unwrap();
        *write += 1;
        let seen = *RwLockWriteGuard::downgrade(write);
        child.join().unwrap();
        seen
    });
}

#[test]
fn two_writers_take_turns_where_both_downgrade() {
    holds_on_every_engine(|| {
        let value = Arc::new(RwLock::new(0));
        let add = |value: &RwLock<u32>| {
            let mut write = value.write().unwrap();
            *write += 1;
            let mine = *write;
            assert_eq!(*RwLockWriteGuard::downgrade(write), mine);
        };
        let other = Arc::clone(&value);
        let child = thread::spawn(move || add(&other));
        add(&value);
        child.join().unwrap();
        assert_eq!(*value.read().unwrap(), 2);
    });
}

#[test]
fn a_downgraded_lock_does_not_poison() {
    holds_on_every_engine(|| {
        let value = RwLock::new(0);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _read = RwLockWriteGuard::downgrade(value.write().unwrap());
            std::panic::resume_unwind(Box::new(()));
        }));
        assert!(outcome.is_err());
        assert!(!value.is_poisoned(), "a read lock does not poison");
        assert!(value.try_write().is_ok(), "and it was released");
    });
}
