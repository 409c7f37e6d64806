//! Thread-local statics: one value for each thread of a model, and their destructors.

use std::cell::{Cell, RefCell};

use lockproof::sync::Mutex;
use lockproof::sync::mpsc::{Sender, channel};
use lockproof::thread::{self, AccessError, LocalKey};

use crate::engines::{controlled, holds_on_every_engine};

lockproof::thread_local! {
    static PLAIN: Cell<u32> = Cell::new("a".len().try_into().unwrap_or(0));
    /// With an attribute, a constant initializer, and no semicolon at the end.
    pub(crate) static CONSTANT: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) }
}

#[test]
fn every_thread_has_its_own_value() {
    holds_on_every_engine(|| {
        let child = thread::spawn(|| {
            assert_eq!(PLAIN.get(), 1, "another thread's value is not seen");
            PLAIN.set(3);
            CONSTANT.with_borrow_mut(|values| values.push(3));
            (PLAIN.get(), CONSTANT.take())
        });
        PLAIN.set(2);
        CONSTANT.set(vec![2]);
        assert_eq!(child.join().unwrap(), (3, vec![3]));
        assert_eq!((PLAIN.replace(4), PLAIN.take()), (2, 4));
        assert_eq!(CONSTANT.replace(Vec::new()), [2]);
        CONSTANT.with_borrow(|values| assert!(values.is_empty()));
        PLAIN.set(1);
    });
}

#[test]
fn values_start_afresh_in_each_execution() {
    for exploration in controlled(|| {
        assert_eq!(PLAIN.get(), 1);
        PLAIN.set(2);
        thread::spawn(|| PLAIN.set(3)).join().unwrap();
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
    assert_eq!(PLAIN.get(), 1, "and outside of models nothing has changed");
}

/// Tells when it is dropped.
struct Told(&'static str, Sender<&'static str>);

impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.1.send(self.0);
    }
}

lockproof::thread_local! {
    static FIRST: RefCell<Option<Told>> = const { RefCell::new(None) };
    static SECOND: RefCell<Option<Told>> = const { RefCell::new(None) };
}

/// What std's own threads do with the same statics is what every engine must do.
fn drop_order(first: &'static LocalKey<RefCell<Option<Told>>>) -> Vec<&'static str> {
    let (sender, receiver) = channel();
    let child = thread::spawn(move || {
        // Initialized in this order, set in the other one.
        first.with(|_| SECOND.with(|_| ()));
        SECOND.set(Some(Told("second", sender.clone())));
        first.set(Some(Told("first", sender.clone())));
        sender.send("end of the closure").unwrap();
    });
    child.join().unwrap();
    receiver.iter().collect()
}

#[test]
fn destructors_run_when_the_thread_ends_in_the_order_of_std() {
    let outside = drop_order(&FIRST);
    assert_eq!(outside.len(), 3);
    holds_on_every_engine(move || assert_eq!(drop_order(&FIRST), outside));
}

/// Looks at itself and at others while it is destroyed.
struct Curious(Sender<(bool, bool, bool)>);

impl Drop for Curious {
    fn drop(&mut self) {
        let itself = CURIOUS.try_with(|_| ()).is_ok();
        let without_destructor = PLAIN.try_with(|_| ()).is_ok();
        let new = FIRST.try_with(|_| ()).is_ok();
        let _ = self.0.send((itself, without_destructor, new));
    }
}

lockproof::thread_local! {
    static CURIOUS: RefCell<Option<Curious>> = const { RefCell::new(None) };
}

#[test]
fn a_destructor_sees_what_std_lets_it_see() {
    let look = || {
        let (sender, receiver) = channel();
        thread::spawn(move || {
            PLAIN.set(1);
            CURIOUS.set(Some(Curious(sender)));
        })
        .join()
        .unwrap();
        receiver.recv().unwrap()
    };
    let outside = look();
    assert!(!outside.0, "a value that is being destroyed cannot be reached");
    holds_on_every_engine(move || assert_eq!(look(), outside));
}

#[test]
fn a_destructor_may_use_the_locks_of_the_model() {
    struct Counts(lockproof::sync::Arc<Mutex<u32>>);
    impl Drop for Counts {
        fn drop(&mut self) {
            *self.0.lock().unwrap() += 1;
        }
    }
    lockproof::thread_local!(static COUNTS: RefCell<Option<Counts>> = const { RefCell::new(None) });
    holds_on_every_engine(|| {
        let total = lockproof::sync::Arc::new(Mutex::new(0));
        let children: Vec<_> = (0..2)
            .map(|_| {
                let total = lockproof::sync::Arc::clone(&total);
                thread::spawn(move || COUNTS.set(Some(Counts(total))))
            })
            .collect();
        for child in children {
            child.join().unwrap();
        }
        assert_eq!(*total.lock().unwrap(), 2, "a join comes after the destructors");
    });
}

#[test]
fn texts_are_those_of_std() {
    std::thread_local!(static STD: Cell<u32> = const { Cell::new(0) });
    fn is_an_error<E: std::error::Error + Copy + Eq + Send + Sync>() {}
    is_an_error::<AccessError>();
    assert_eq!(format!("{PLAIN:?}"), format!("{STD:?}"));
}
