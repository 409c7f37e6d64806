//! A thread that uses up its stack is a defect of its own; the setting gives it more.
//!
//! Real threads, loom and shuttle die of an overflow, so only the exploring engine is asked.
#![cfg(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64"))]

use std::hint::black_box;

use lockproof::engine::{Defect, DefectKind, Engine, Exploration, Settings, explore};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;

use crate::engines::{assert_complete, controlled, is_exhausted, settings};

/// A thread that takes a lock and goes `depth` calls down, each with a kibibyte on its stack.
fn recurses_in_a_thread(depth: usize) {
    let total = Arc::new(Mutex::new(vec![0]));
    let other = Arc::clone(&total);
    let child = thread::Builder::new().name("worker".into()).spawn(move || {
        let mut numbers = other.lock().unwrap();
        numbers.push(recurse(depth));
    });
    child.unwrap().join().unwrap();
    assert_eq!(total.lock().unwrap().len(), 2, "the worker has done its work");
}

#[inline(never)]
fn recurse(depth: usize) -> usize {
    let frame = black_box([depth; 128]);
    if depth == 0 { frame[0] } else { recurse(depth - 1) + black_box(frame)[1] }
}

const ENDLESS: usize = 100_000_000;

fn explored(settings: &Settings, model: impl Fn() + Send + Sync + 'static) -> Option<Exploration> {
    let engine = controlled().find(|engine| *engine == Engine::Explore)?;
    Some(explore(engine, settings, model))
}

#[test]
fn an_overflow_is_refuted_with_its_thread_and_trace_and_the_next_model_is_proved() {
    let Some(exploration) = explored(&settings(), || recurses_in_a_thread(ENDLESS)) else {
        return;
    };
    let failure = exploration.failure().expect("the thread has no stack left");
    assert_eq!(failure.defect.kind(), DefectKind::StackOverflow);
    let Defect::StackOverflow { thread, stack_size, last } = &failure.defect else {
        panic!("it is one: {}", failure.defect);
    };
    assert_eq!((thread.as_str(), *stack_size), ("worker", 256 * 1024));
    let last = last.as_ref().expect("the worker has taken the lock");
    let event = failure.trace.events.last().expect("there is a trace");
    assert_eq!((last, &*last.file), (&event.location, file!()), "the lock comes last");
    let sentence = failure.defect.to_string();
    assert!(sentence.contains("worker overflowed its stack of 256 KiB"), "{sentence}");
    assert!(sentence.contains("`stack_size`"), "the way out is named: {sentence}");

    let next = explored(&settings(), || recurses_in_a_thread(1)).expect("it was there before");
    assert_complete(&next);
    assert!(is_exhausted(&next), "an overflow leaves nothing behind: {next:?}");
}

#[test]
fn main_overflows_too() {
    let Some(exploration) = explored(&settings(), || _ = recurse(ENDLESS)) else { return };
    let failure = exploration.failure().expect("main has no stack left");
    assert!(matches!(&failure.defect, Defect::StackOverflow { thread, .. } if thread == "main"));
}

#[test]
fn more_stack_is_enough() {
    let mut settings = settings();
    let Some(small) = explored(&settings, || recurses_in_a_thread(1_000)) else { return };
    assert_eq!(small.failure().map(|f| f.defect.kind()), Some(DefectKind::StackOverflow));
    settings.stack_size = 8 * 1024 * 1024;
    for engine in controlled() {
        let large = explore(engine, &settings, || recurses_in_a_thread(1_000));
        assert_complete(&large);
    }
}
