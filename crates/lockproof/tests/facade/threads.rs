//! Threads inside a model have names, numbers, results and ends like std's.

use std::collections::BTreeSet;

use lockproof::engine::Engine;
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;

use crate::engines::{controlled, holds, results};

#[test]
fn a_join_returns_the_result() {
    holds(|| {
        let child = thread::spawn(|| vec![1, 2, 3]);
        assert_eq!(child.join().unwrap(), [1, 2, 3], "the result arrives");
    });
}

#[test]
fn a_name_is_known_inside_and_outside_its_thread() {
    holds(|| {
        let named = || thread::current().name().map(str::to_owned);
        let builder = thread::Builder::new().name("worker".into()).stack_size(64 * 1024);
        let child = builder.spawn(named).unwrap();
        assert_eq!(child.thread().name(), Some("worker"), "the handle knows the name");
        assert_eq!(child.join().unwrap().as_deref(), Some("worker"), "so does the thread");
        let child = thread::spawn(named);
        assert_eq!(child.thread().name(), None, "no name was given");
        assert_eq!(child.join().unwrap(), None, "the thread has none either");
    });
}

#[test]
fn the_thread_of_a_model_is_called_main() {
    for engine in controlled() {
        let (_, names) = results(engine, || thread::current().name().map(str::to_owned));
        assert_eq!(names, BTreeSet::from([Some("main".to_owned())]), "{engine}");
    }
}

#[test]
fn an_id_belongs_to_one_thread() {
    holds(|| {
        let ids = || thread::current().id();
        let (first, second) = (thread::spawn(ids), thread::spawn(ids));
        let from_handles = [first.thread().id(), second.thread().id()];
        let from_inside = [first.join().unwrap(), second.join().unwrap()];
        assert_eq!(from_handles, from_inside, "handle and thread agree");
        assert_ne!(from_inside[0], from_inside[1], "two threads have two ids");
        assert!(!from_inside.contains(&ids()), "main has another");
        assert_eq!(ids(), ids(), "and keeps it");
    });
}

#[test]
fn a_thread_is_finished_after_it_ended_and_not_before_it_began() {
    holds(|| {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        let held = lock.lock().unwrap();
        let child = thread::spawn(move || drop(other.lock()));
        assert!(!child.is_finished(), "it cannot end while main holds what it needs");
        drop(held);
        while !child.is_finished() {
            thread::yield_now();
        }
        child.join().unwrap();
    });
}

#[test]
fn whether_a_thread_is_finished_depends_on_the_schedule() {
    for &engine in Engine::available() {
        let (_, finished) = results(engine, || {
            let child = thread::spawn(|| ());
            let finished = child.is_finished();
            child.join().unwrap();
            finished
        });
        if engine.is_controlled() {
            assert_eq!(finished, BTreeSet::from([false, true]), "{engine} reaches both answers");
        }
    }
}

#[test]
fn threads_are_numbered_alike_in_every_execution() {
    for engine in controlled() {
        let (_, ids) = results(engine, || {
            let children = [thread::spawn(|| ()), thread::spawn(|| ())];
            let ids = children.each_ref().map(|child| format!("{:?}", child.thread().id()));
            for child in children {
                child.join().unwrap();
            }
            ids
        });
        assert_eq!(ids.len(), 1, "{engine}: a number is no source of chance: {ids:?}");
    }
}

#[test]
fn a_thread_that_spawned_others_may_end_before_them() {
    holds(|| {
        let total = Arc::new(Mutex::new(0));
        let other = Arc::clone(&total);
        let child = thread::spawn(move || thread::spawn(move || *other.lock().unwrap() += 1));
        child.join().unwrap().join().unwrap();
        assert_eq!(*total.lock().unwrap(), 1, "the grandchild's handle can be handed on");
    });
}
