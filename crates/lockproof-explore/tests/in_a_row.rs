//! Explorations in a row on one OS thread are independent: each has the findings of a first one.

use std::sync::atomic::Ordering::{Acquire, Relaxed, SeqCst};
use std::thread;

use lockproof_explore::{
    Atomic, Cell, Condvar, Exhaustive, Findings, Mutex, Options, RwLock, choose, explore, fence,
    here, join, park, spawn, unpark,
};

type Model = fn();

fn nested_spawns() {
    let total = Atomic::new(0);
    let add = move || _ = total.update(SeqCst, here(), |value| value + 1);
    let body = move || {
        let grandchild = spawn(add, here());
        add();
        join(grandchild, here()).unwrap();
    };
    let children = [spawn(body, here()), spawn(body, here())];
    for child in children {
        join(child, here()).unwrap();
    }
}

fn deadlock() {
    let (one, two) = (Mutex::new(), Mutex::new());
    let both = |first: Mutex, second: Mutex| {
        move || {
            first.lock(here());
            second.lock(here());
            second.unlock(here());
            first.unlock(here());
        }
    };
    let child = spawn(both(two, one), here());
    both(one, two)();
    join(child, here()).unwrap();
}

fn race() {
    let (cell, flag) = (Cell::new(), Atomic::new(0));
    let child = spawn(
        move || {
            cell.write(here());
            flag.store(1, Relaxed, here());
        },
        here(),
    );
    if flag.load(Acquire, here()) == 1 {
        cell.read(here());
    }
    join(child, here()).unwrap();
}

fn no_race() {
    let (cell, flag, lock) = (Cell::new(), Atomic::new(0), RwLock::new());
    let child = spawn(
        move || {
            cell.write(here());
            lock.write(here());
            lock.unlock_write(here());
            flag.store(1, SeqCst, here());
        },
        here(),
    );
    if flag.load(Relaxed, here()) == 1 {
        fence(Acquire);
        cell.read(here());
    }
    join(child, here()).unwrap();
}

fn lost_wake_up() {
    let (mutex, condvar) = (Mutex::at_first_use(), Condvar::new());
    let child = spawn(
        move || {
            mutex.lock(here());
            condvar.wait(mutex, false, here());
            mutex.unlock(here());
        },
        here(),
    );
    condvar.notify_one(here());
    join(child, here()).unwrap();
}

fn choices_and_tokens() {
    let child = spawn(|| _ = park(false, here()), here());
    if choose(3, here()) < 2 {
        choose(2, here());
    }
    unpark(child, here());
    join(child, here()).unwrap();
}

fn panics() {
    let child = spawn(|| std::panic::resume_unwind(Box::new("the child")), here());
    if join(child, here()).is_err() {
        std::panic::resume_unwind(Box::new("main"));
    }
}

const MODELS: [(&str, Model); 7] = [
    ("nested spawns", nested_spawns),
    ("deadlock", deadlock),
    ("race", race),
    ("no race", no_race),
    ("lost wake-up", lost_wake_up),
    ("choices and tokens", choices_and_tokens),
    ("panics", panics),
];

/// All findings.
fn describe(outcome: &Findings) -> String {
    let failure = outcome.failure.as_ref().map(|failure| {
        let events: Vec<_> = failure.events.iter().map(ToString::to_string).collect();
        format!("{} {} {events:?} {}", failure.bug, failure.turns, failure.execution)
    });
    let Findings { executions, abandoned, failures, stop_reason, facts, .. } = outcome;
    format!("{executions} {abandoned} {failures} {stop_reason:?} {facts:?} {failure:?}")
}

fn run(model: Model, stack_size: usize) -> String {
    let options = Options { stack_size, ..Options::default() };
    describe(&explore(&options, &mut Exhaustive::new(), &mut (), model))
}

#[test]
fn every_exploration_is_as_if_it_were_the_first_on_its_os_thread() {
    const STACK: usize = 64 * 1024;
    let alone = MODELS.map(|(_, model)| {
        thread::spawn(move || run(model, STACK)).join().expect("no exploration panics")
    });
    assert!(alone.iter().any(|outcome| outcome.contains("Complete")), "{alone:?}");
    assert!(alone.iter().any(|outcome| outcome.contains("Failed")), "{alone:?}");
    for (before, first) in MODELS {
        for (after, alone) in alone.iter().enumerate() {
            run(first, STACK);
            let names = (before, MODELS[after].0);
            assert_eq!(
                &run(MODELS[after].1, STACK),
                alone,
                "{names:?}, the second after the first"
            );
        }
    }
}

#[test]
fn another_size_of_the_stacks_is_heeded() {
    fn deep(depth: usize) -> usize {
        let frame = std::hint::black_box([depth; 64]);
        Atomic::new(0).load(SeqCst, here());
        if depth == 0 { frame[0] } else { deep(depth - 1) + std::hint::black_box(frame)[1] }
    }
    let model: Model = || _ = deep(40);
    for _ in 0..2 {
        assert!(run(model, 16 * 1024).contains("stack"), "it does not fit");
        assert!(run(model, 256 * 1024).contains("Complete"), "it fits");
    }
}
