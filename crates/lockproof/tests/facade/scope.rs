//! Scoped threads inside a model borrow, nest, return, and panic as std's do.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lockproof::engine::DefectKind;
use lockproof::sync::Mutex;
use lockproof::thread;

use crate::engines::{holds, is_refuted, reaches};

#[test]
fn scoped_threads_borrow_from_the_stack_and_have_ended_after_the_scope() {
    holds(|| {
        let mut untouched = 1;
        let total = Mutex::new(0);
        thread::scope(|scope| {
            scope.spawn(|| *total.lock().unwrap() += 1);
            scope.spawn(|| *total.lock().unwrap() += 1);
            untouched += 1;
        });
        assert_eq!(total.into_inner().unwrap(), 2, "the scope waits for both");
        assert_eq!(untouched, 2, "main may go on meanwhile");
    });
}

#[test]
fn scoped_threads_run_in_any_order() {
    reaches([[0, 1], [1, 0]], || {
        let order = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for number in 0..2 {
                let order = &order;
                scope.spawn(move || order.lock().unwrap().push(number));
            }
        });
        let order = order.into_inner().unwrap();
        [order[0], order[1]]
    });
}

#[test]
fn a_scope_returns_what_its_closure_does_and_a_handle_what_its_thread_does() {
    holds(|| {
        let numbers = [1, 2];
        let sum = thread::scope(|scope| {
            let child = scope.spawn(|| numbers.iter().sum::<u32>());
            child.join().unwrap()
        });
        assert_eq!(sum, 3, "the result arrives");
    });
}

#[test]
fn a_scoped_thread_may_spawn_into_the_scope() {
    holds(|| {
        let total = Mutex::new(0);
        thread::scope(|scope| {
            scope.spawn(|| {
                scope.spawn(|| *total.lock().unwrap() += 1);
                *total.lock().unwrap() += 1;
            });
        });
        assert_eq!(total.into_inner().unwrap(), 2, "the scope waits for the grandchild");
    });
}

#[test]
fn scopes_nest() {
    holds(|| {
        let total = Mutex::new(0);
        thread::scope(|outer| {
            outer.spawn(|| {
                thread::scope(|inner| {
                    inner.spawn(|| *total.lock().unwrap() += 1);
                });
                assert!(*total.lock().unwrap() >= 1, "the inner scope has ended");
            });
        });
        assert_eq!(total.into_inner().unwrap(), 1, "the outer scope has ended");
    });
}

#[test]
fn a_panic_that_nobody_joined_leaves_the_scope() {
    holds(|| {
        let outcome = catch_unwind(|| {
            thread::scope(|scope| {
                scope.spawn(|| panic!("in the scope"));
            });
        });
        let payload = outcome.expect_err("the scope panics");
        let message = payload.downcast_ref::<&str>();
        assert_eq!(message, Some(&"a scoped thread panicked"), "it does so in std's words");
    });
}

#[test]
fn a_panic_that_was_joined_stays_in_the_scope() {
    holds(|| {
        thread::scope(|scope| {
            let child = scope.spawn(|| panic!("in the scope"));
            assert!(child.join().is_err(), "the handle tells of the panic");
        });
    });
}

#[test]
fn a_panic_of_the_scopes_own_closure_waits_for_the_threads() {
    holds(|| {
        let total = Mutex::new(0);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            thread::scope(|scope| {
                scope.spawn(|| *total.lock().unwrap() += 1);
                panic!("in the closure");
            });
        }));
        let payload = outcome.expect_err("the scope panics");
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"in the closure"), "with its own panic");
        assert_eq!(total.into_inner().unwrap(), 1, "the thread has done its work");
    });
}

#[test]
fn the_end_of_a_scope_is_a_join_that_can_deadlock() {
    let model = || {
        let lock = Mutex::new(());
        let held = lock.lock().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| drop(lock.lock()));
        });
        drop(held);
    };
    is_refuted(DefectKind::Deadlock, model, |failure| {
        let main = failure.defect.blocked().iter().find(|blocked| blocked.thread == "main");
        let main = main.expect("main is blocked");
        assert_eq!(main.waits_for, "the end of thread 1");
        assert_eq!(main.location.file, file!(), "the scope's place is named");
    });
}
