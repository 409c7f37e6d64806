//! A panic is a defect unless somebody observed it, and it is reported at its source, however many
//! threads passed it on.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use lockproof::engine::{Defect, DefectKind, Failure};
use lockproof::sync::atomic::{AtomicUsize, Ordering};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;

use crate::engines::{events, holds, is_refuted};

/// Demands that the defect is this panic of this thread, on a line that holds the message.
#[track_caller]
fn assert_panic(failure: &Failure, expected_thread: &str, expected_message: &str) {
    let Defect::Panic { thread, message, location } = &failure.defect else {
        panic!("the defect is a panic: {}", failure.defect)
    };
    assert_eq!(message, expected_message, "the panic at the source is reported");
    assert_eq!(thread, expected_thread, "the thread that panicked first is named");
    let location = location.as_ref().expect("the hook saw where");
    assert_eq!(location.file, file!(), "the panicking line is in the model");
    let line = include_str!("panics.rs").lines().nth(location.line as usize - 1);
    let line = line.expect("the line exists");
    assert!(line.contains(expected_message), "the panicking line is named, not `{line}`");
}

#[test]
fn a_lost_update_is_found_by_the_assertion_it_breaks() {
    let model = || {
        let total = Arc::new(AtomicUsize::new(0));
        let add = |total: &AtomicUsize| {
            let seen = total.load(Ordering::SeqCst);
            total.store(seen + 1, Ordering::SeqCst);
        };
        let other = Arc::clone(&total);
        let child = thread::spawn(move || add(&other));
        add(&total);
        child.join().unwrap();
        let total = total.load(Ordering::SeqCst);
        assert!(total == 2, "every increment is counted");
    };
    is_refuted(DefectKind::Panic, model, |failure| {
        assert_panic(failure, "main", "every increment is counted");
        let events = events(failure);
        let loads = events.iter().filter(|event| event.contains("atomic 1 load = 0")).count();
        assert_eq!(loads, 2, "the trace shows both threads read zero: {events:?}");
        let last = events.last().expect("there are events");
        assert_eq!(last, "main: panic: every increment is counted", "the panic comes last");
    });
}

#[test]
fn a_panic_that_join_and_unwrap_pass_on_is_reported_at_its_source() {
    let model = || {
        thread::spawn(|| panic!("root cause")).join().unwrap();
    };
    is_refuted(DefectKind::Panic, model, |failure| assert_panic(failure, "thread 1", "root cause"));
}

#[test]
fn a_panic_passed_on_twice_is_reported_at_its_source() {
    let model = || {
        let outer = thread::spawn(|| {
            let inner = thread::Builder::new().name("innermost".into());
            inner.spawn(|| panic!("deep down")).unwrap().join().unwrap();
        });
        outer.join().unwrap();
    };
    is_refuted(DefectKind::Panic, model, |failure| assert_panic(failure, "innermost", "deep down"));
}

#[test]
fn a_panic_that_resume_unwind_passes_on_is_reported_at_its_source() {
    let model = || {
        let outcome: thread::Result<()> = thread::spawn(|| panic!("thrown again")).join();
        outcome.unwrap_or_else(|payload| resume_unwind(payload));
    };
    is_refuted(DefectKind::Panic, model, |failure| {
        assert_panic(failure, "thread 1", "thrown again");
    });
}

#[test]
fn a_panic_in_a_scope_is_reported_at_its_source() {
    let model = || {
        thread::scope(|scope| {
            scope.spawn(|| panic!("in the scope"));
            scope.spawn(|| ());
        });
    };
    is_refuted(DefectKind::Panic, model, |failure| {
        assert_panic(failure, "thread 1", "in the scope");
    });
}

#[test]
fn a_panic_after_an_observed_one_is_reported_itself() {
    let model = || {
        let child = thread::spawn(|| panic!("the first")).join();
        let total = Mutex::new(0);
        drop(total.lock());
        assert!(child.is_ok(), "the second");
    };
    is_refuted(DefectKind::Panic, model, |failure| {
        let Defect::Panic { message, .. } = &failure.defect else { unreachable!() };
        // Nothing says whether the assertion is about the child: the trace has both panics.
        assert_eq!(message, "the second", "what came after other events is its own cause");
        let panics = events(failure).iter().filter(|event| event.contains(": panic: ")).count();
        assert_eq!(panics, 2, "the trace shows both panics");
    });
}

#[test]
fn a_panic_that_was_observed_is_no_defect() {
    holds(|| {
        let child = thread::spawn(|| panic!("expected"));
        assert!(child.join().is_err(), "a join tells of the panic");
    });
}

#[test]
fn a_panic_that_was_caught_is_no_defect() {
    holds(|| {
        let total = Mutex::new(1);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _held = total.lock();
            panic!("caught");
        }));
        assert!(outcome.is_err(), "the closure panicked");
        let total = total.lock();
        assert!(total.is_err(), "the lock is poisoned, and can be taken again");
    });
}

#[test]
fn a_payload_that_is_no_string_reaches_whoever_joins() {
    holds(|| {
        let child = thread::spawn(|| std::panic::panic_any(7));
        let payload = child.join().expect_err("the child panicked");
        assert_eq!(payload.downcast_ref(), Some(&7), "the payload is the thrown one");
    });
}

#[test]
fn the_panic_of_a_thread_that_nobody_joined_is_a_defect() {
    let model = || drop(thread::spawn(|| panic!("nobody saw it")));
    let look = |failure: &Failure| assert_panic(failure, "thread 1", "nobody saw it");
    is_refuted(DefectKind::Panic, model, look);
}

#[test]
fn an_execution_ends_when_the_threads_that_nobody_joined_have_ended() {
    let model = || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        drop(thread::spawn(move || {
            let _first = other.lock().unwrap();
            let _second = other.lock().unwrap();
        }));
    };
    is_refuted(DefectKind::Deadlock, model, |failure| {
        let blocked = failure.defect.blocked();
        assert_eq!(blocked[0].thread, "thread 1", "the abandoned thread is stuck: {blocked:?}");
    });
}
