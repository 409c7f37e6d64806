//! Explorations on several OS threads at once do not disturb each other, and two that share a
//! static are told so.

use std::sync::mpsc;
use std::thread as os;

use lockproof::engine::{Engine, Exploration, Settings, explore};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;

use crate::engines::{assert_complete, controlled, is_exhausted, settings};

fn two_increments() {
    let total = Arc::new(Mutex::new(0));
    let other = Arc::clone(&total);
    let child = thread::spawn(move || *other.lock().unwrap() += 1);
    *total.lock().unwrap() += 1;
    child.join().unwrap();
    assert_eq!(*total.lock().unwrap(), 2, "every increment is counted");
}

#[test]
fn explorations_run_side_by_side_as_they_run_alone() {
    let summary = |exploration: &Exploration| {
        assert_complete(exploration);
        (exploration.executions, exploration.threads, exploration.events, is_exhausted(exploration))
    };
    for &engine in Engine::available() {
        let alone = summary(&explore(engine, &settings(), two_increments));
        let explorers: Vec<_> = (0..3)
            .map(|_| os::spawn(move || explore(engine, &settings(), two_increments)))
            .collect();
        for explorer in explorers {
            let beside = summary(&explorer.join().expect("the exploration ends"));
            assert_eq!(beside, alone, "{engine} sees nothing of the others");
        }
    }
}

#[test]
fn different_engines_run_side_by_side() {
    let explorers: Vec<_> = Engine::available()
        .iter()
        .map(|&engine| os::spawn(move || explore(engine, &settings(), two_increments)))
        .collect();
    for explorer in explorers {
        assert_complete(&explorer.join().expect("the exploration ends"));
    }
}

#[test]
fn primitives_outside_work_while_a_model_runs() {
    let total = Arc::new(Mutex::new(0));
    for &engine in Engine::available() {
        let explorer = os::spawn(move || explore(engine, &settings(), two_increments));
        while !explorer.is_finished() {
            *total.lock().unwrap() += 1;
            os::yield_now();
        }
        assert_complete(&explorer.join().expect("the exploration ends"));
    }
    assert!(total.lock().is_ok(), "a lock of an ordinary thread is std's");
}

/// One execution.
fn once() -> Settings {
    let mut settings = settings();
    (settings.samples, settings.stress_runs) = (1, 1);
    settings
}

#[test]
fn a_static_used_by_two_executions_at_once_is_reported() {
    static SHARED: Mutex<u32> = Mutex::new(0);
    for engine in controlled() {
        let (has_used, used) = mpsc::sync_channel(0);
        let (finish, may_finish) = mpsc::sync_channel(0);
        let may_finish = std::sync::Mutex::new(may_finish);
        let first = os::spawn(move || {
            explore(engine, &once(), move || {
                drop(SHARED.lock());
                // On purpose behind the engine's back: the execution stands still meanwhile.
                has_used.send(()).unwrap();
                may_finish.lock().unwrap().recv().unwrap();
            })
        });
        used.recv().expect("the first execution has used the static");
        let second = explore(engine, &once(), || drop(SHARED.lock()));
        finish.send(()).expect("the first execution waits");
        let first = first.join().expect("the exploration ends");
        assert!(first.failure().is_none(), "{engine}: the first execution was alone: {first:?}");
        let failure = second.failure().expect("the second execution is told");
        let sentence = failure.defect.to_string();
        for part in ["used by two executions at once", "run them one after the other", file!()] {
            assert!(sentence.contains(part), "{engine} says what to do about it: {sentence}");
        }
        let third = explore(engine, &once(), || drop(SHARED.lock()));
        assert_complete(&third);
    }
}

#[test]
fn a_lock_of_the_model_held_by_an_ordinary_thread_is_reported() {
    static SHARED: Mutex<u32> = Mutex::new(0);
    for engine in controlled() {
        let held = SHARED.lock().unwrap();
        let exploration = explore(engine, &once(), || drop(SHARED.lock()));
        drop(held);
        let failure = exploration.failure().expect("the model cannot have the lock");
        let sentence = failure.defect.to_string();
        for part in ["held by a thread that is not part of it", "lockproof::thread", file!()] {
            assert!(sentence.contains(part), "{engine} says what to do about it: {sentence}");
        }
    }
}
