//! Threads that can go no further are told apart, with who waits where, and for whom.

use lockproof::engine::{BlockedThread, DefectKind, Failure};
use lockproof::extension::Named;
use lockproof::sync::{Arc, Condvar, Mutex, RwLock};
use lockproof::thread;
use lockproof::trace::{Phase, SourceLocation};

use crate::engines::is_refuted;

/// Demands that a place is in this file, on the line that ends in the comment `marker`.
#[track_caller]
fn assert_at(location: &SourceLocation, marker: &str) {
    let ending = format!("// {marker}");
    let line = include_str!("defects.rs").lines().position(|line| line.ends_with(&ending));
    let line = line.expect("the marker ends a line of this file") + 1;
    assert_eq!(location.to_string(), format!("{}:{line}", file!()), "the caller's place is named");
}

#[track_caller]
fn blocked<'a>(failure: &'a Failure, thread: &str) -> &'a BlockedThread {
    let found = failure.defect.blocked().iter().find(|blocked| blocked.thread == thread);
    found.unwrap_or_else(|| panic!("{thread} is among the blocked: {}", failure.defect))
}

/// Demands that the first `length` threads each wait for the next, and the last for the first.
#[track_caller]
fn assert_circle(failure: &Failure, length: usize) {
    let circle = &failure.defect.blocked()[..length];
    let next = circle.iter().cycle().skip(1);
    for (blocked, next) in circle.iter().zip(next) {
        let holder = std::slice::from_ref(&next.thread);
        assert_eq!(blocked.held_by, holder, "each waits for the next: {}", failure.defect);
    }
}

fn opposite_orders() {
    let a = Arc::new(Mutex::new(()).named("a"));
    let b = Arc::new(Mutex::new(()).named("b"));
    let (other_a, other_b) = (Arc::clone(&a), Arc::clone(&b));
    let child = thread::spawn(move || {
        let _b = other_b.lock().unwrap(); // the child takes b
        let _a = other_a.lock().unwrap(); // the child wants a
    });
    {
        let _a = a.lock().unwrap(); // main takes a
        let _b = b.lock().unwrap(); // main wants b
    }
    child.join().unwrap();
}

#[test]
fn opposite_orders_deadlock_and_both_sides_are_named() {
    is_refuted(DefectKind::Deadlock, opposite_orders, |failure| {
        assert_circle(failure, 2);
        let main = blocked(failure, "main");
        assert_eq!(main.waits_for, "lock b");
        assert_at(&main.location, "main wants b");
        let [(lock, since)] = &main.holds[..] else { panic!("main holds one lock: {main}") };
        assert_eq!(lock, "a");
        assert_at(since, "main takes a");
        let child = blocked(failure, "thread 1");
        assert_eq!(child.waits_for, "lock a");
        assert_at(&child.location, "the child wants a");
        let [(lock, since)] = &child.holds[..] else { panic!("it holds one lock: {child}") };
        assert_eq!(lock, "b");
        assert_at(since, "the child takes b");
    });
}

#[test]
fn the_trace_of_a_deadlock_ends_with_every_thread_blocked() {
    is_refuted(DefectKind::Deadlock, opposite_orders, |failure| {
        for thread in 0..failure.trace.threads.len() {
            let last = failure.trace.events.iter().rfind(|event| event.thread == thread);
            let phase = last.expect("both threads took a lock").phase;
            assert_eq!(phase, Phase::Blocked, "a thread's last event is what it waits for");
        }
    });
}

#[test]
fn three_locks_in_a_circle_deadlock_in_the_order_of_the_circle() {
    let model = || {
        let locks: Arc<[Mutex<()>; 3]> = Arc::default();
        let philosophers: Vec<_> = (0..3)
            .map(|seat| {
                let locks = Arc::clone(&locks);
                thread::spawn(move || {
                    let _left = locks[seat].lock().unwrap();
                    let _right = locks[(seat + 1) % 3].lock().unwrap();
                })
            })
            .collect();
        for philosopher in philosophers {
            philosopher.join().unwrap();
        }
    };
    is_refuted(DefectKind::Deadlock, model, |failure| {
        assert_circle(failure, 3);
        let [.., last] = failure.defect.blocked() else { panic!("all four are blocked") };
        assert_eq!(last.thread, "main", "who only waits for the circle comes after it");
        assert!(last.waits_for.starts_with("the end of thread "), "main joins: {last}");
    });
}

#[test]
fn a_mutex_locked_again_by_its_holder_is_a_deadlock() {
    let model = || {
        let lock = Mutex::new(()).named("lock");
        let _held = lock.lock().unwrap(); // the first lock
        let _again = lock.lock().unwrap(); // the second lock
    };
    is_refuted(DefectKind::Deadlock, model, |failure| {
        let main = blocked(failure, "main");
        assert_eq!(
            (main.waits_for.as_str(), &main.held_by[..]),
            ("lock lock", &["main".into()][..])
        );
        assert_at(&main.location, "the second lock");
        assert_at(&main.holds[0].1, "the first lock");
    });
}

#[test]
fn an_rwlock_written_by_its_own_reader_is_a_deadlock() {
    let model = || {
        let lock = RwLock::new(()).named("lock");
        let _reader = lock.read().unwrap(); // the read
        let _writer = lock.write().unwrap(); // the write
    };
    is_refuted(DefectKind::Deadlock, model, |failure| {
        let main = blocked(failure, "main");
        assert_eq!(
            (main.waits_for.as_str(), &main.held_by[..]),
            ("write lock", &["main".into()][..])
        );
        assert_at(&main.location, "the write");
        assert_at(&main.holds[0].1, "the read");
    });
}

#[test]
fn a_writer_that_waits_for_readers_names_them_all() {
    let model = || {
        let lock = Arc::new(RwLock::new(()).named("lock"));
        let other = Arc::clone(&lock);
        let _reader = lock.read().unwrap();
        let child = thread::spawn(move || drop(other.write()));
        child.join().unwrap(); // main joins the writer
    };
    is_refuted(DefectKind::Deadlock, model, |failure| {
        assert_eq!(blocked(failure, "thread 1").held_by, ["main"], "the reader is in the way");
        assert_eq!(blocked(failure, "main").waits_for, "the end of thread 1");
        assert_at(&blocked(failure, "main").location, "main joins the writer");
    });
}

#[test]
fn joining_a_thread_that_wants_what_the_joiner_holds_is_a_deadlock() {
    let model = || {
        let lock = Arc::new(Mutex::new(()).named("lock"));
        let other = Arc::clone(&lock);
        let _held = lock.lock().unwrap();
        let child = thread::Builder::new().name("worker".into());
        child.spawn(move || drop(other.lock())).unwrap().join().unwrap();
    };
    is_refuted(DefectKind::Deadlock, model, |failure| {
        assert_eq!(blocked(failure, "main").waits_for, "the end of worker");
        assert_eq!(blocked(failure, "main").holds[0].0, "lock");
        assert_eq!(blocked(failure, "worker").waits_for, "lock lock");
        assert_eq!(blocked(failure, "worker").held_by, ["main"]);
    });
}

#[test]
fn a_flag_set_without_a_notification_is_a_lost_wake_up() {
    let model = || {
        let shared = Arc::new((Mutex::new(false), Condvar::new().named("changed")));
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || *other.0.lock().unwrap() = true);
        let mut ready = shared.0.lock().unwrap();
        while !*ready {
            ready = shared.1.wait(ready).unwrap(); // main waits
        }
        drop(ready);
        child.join().unwrap();
    };
    is_refuted(DefectKind::LostWakeUp, model, |failure| {
        let [main] = failure.defect.blocked() else { panic!("only main waits") };
        assert_eq!(main.waits_for, "a notification of changed");
        assert_at(&main.location, "main waits");
        assert!(main.held_by.is_empty() && main.holds.is_empty(), "a wait holds nothing: {main}");
    });
}

#[test]
fn a_notification_before_the_wait_is_a_lost_wake_up() {
    let model = || {
        let shared = Arc::new((Mutex::new(()), Condvar::new()));
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || other.1.notify_one());
        drop(shared.1.wait(shared.0.lock().unwrap()).unwrap());
        child.join().unwrap();
    };
    is_refuted(DefectKind::LostWakeUp, model, |failure| {
        assert_eq!(blocked(failure, "main").waits_for, "a notification of condvar 1");
    });
}

#[test]
fn a_park_that_nobody_ends_is_told_apart_from_a_deadlock() {
    let model = || {
        thread::park(); // main parks
    };
    is_refuted(DefectKind::Parked, model, |failure| {
        assert_eq!(blocked(failure, "main").waits_for, "an unpark");
        assert_at(&blocked(failure, "main").location, "main parks");
    });
}

#[test]
fn the_sentence_of_a_deadlock_names_threads_locks_and_places() {
    is_refuted(DefectKind::Deadlock, opposite_orders, |failure| {
        let sentence = failure.defect.to_string();
        for part in
            ["deadlock: ", "main waits for lock b at ", ", held by main", ", holds b since "]
        {
            assert!(sentence.contains(part), "the sentence lacks `{part}`: {sentence}");
        }
    });
}
