//! What a failure's schedule is worth: it leads to the same execution again, and says where a
//! changed model leaves it.

use std::sync::atomic::Ordering::SeqCst;

use lockproof::engine::{
    Defect, DefectKind, Ending, Engine, Exploration, Failure, Schedule, Strategy, Task, explore,
};
use lockproof::sync::atomic::AtomicU64;
use lockproof::sync::{Arc, Condvar, Mutex, mpsc};
use lockproof::thread;

use crate::engines::{controlled, is_exhausted, settings};

/// Two threads add one each, in two steps.
pub(crate) fn lost_update() {
    let total = Arc::new(AtomicU64::new(0));
    let other = Arc::clone(&total);
    let add = |total: &AtomicU64| total.store(total.load(SeqCst) + 1, SeqCst);
    let child = thread::spawn(move || add(&other));
    add(&total);
    child.join().unwrap();
    assert_eq!(total.load(SeqCst), 2, "both additions count");
}

/// The same, mended.
fn counted_update() {
    let total = Arc::new(AtomicU64::new(0));
    let other = Arc::clone(&total);
    let child = thread::spawn(move || other.fetch_add(1, SeqCst));
    total.fetch_add(1, SeqCst);
    child.join().unwrap();
    assert_eq!(total.load(SeqCst), 2, "both additions count");
}

/// The same steps as the lost update's, without the assertion that fails.
fn tolerated_update() {
    let total = Arc::new(AtomicU64::new(0));
    let other = Arc::clone(&total);
    let add = |total: &AtomicU64| total.store(total.load(SeqCst) + 1, SeqCst);
    let child = thread::spawn(move || add(&other));
    add(&total);
    child.join().unwrap();
    assert!(total.load(SeqCst) > 0, "an addition counts");
}

/// Two locks in two orders.
pub(crate) fn opposite_orders() {
    let locks = Arc::new((Mutex::new(()), Mutex::new(())));
    let other = Arc::clone(&locks);
    let child = thread::spawn(move || drop((other.1.lock(), other.0.lock())));
    drop((locks.0.lock(), locks.1.lock()));
    child.join().unwrap();
}

/// A notification before the wait.
pub(crate) fn early_notification() {
    let pair = Arc::new((Mutex::new(()), Condvar::new()));
    let other = Arc::clone(&pair);
    let child = thread::spawn(move || other.1.notify_one());
    drop(pair.1.wait(pair.0.lock().unwrap()));
    child.join().unwrap();
}

/// Each thread waits for the other one's message.
pub(crate) fn no_first_message() {
    let (to_child, of_main) = mpsc::channel::<()>();
    let (to_main, of_child) = mpsc::channel::<()>();
    let child = thread::spawn(move || {
        of_main.recv().expect("main sends");
        to_main.send(()).expect("main receives");
    });
    of_child.recv().expect("the child sends");
    to_child.send(()).expect("the child receives");
    child.join().unwrap();
}

/// The failing models of this file, each with the defect that it has.
pub(crate) const FAILING: [(fn(), DefectKind); 4] = [
    (lost_update, DefectKind::Panic),
    (opposite_orders, DefectKind::Deadlock),
    (early_notification, DefectKind::LostWakeUp),
    (no_first_message, DefectKind::Deadlock),
];

pub(crate) fn failure_of(engine: Engine, model: fn()) -> Failure {
    let exploration = explore(engine, &settings(), model);
    exploration.failure().unwrap_or_else(|| panic!("{engine} refutes it")).clone()
}

fn replay(schedule: &Schedule, model: fn()) -> Exploration {
    Task::new(schedule.engine(), &settings(), model).replay(schedule)
}

fn schedule_of(failure: &Failure) -> Schedule {
    let text = failure.schedule.as_ref().expect("an engine that controls it knows it").to_string();
    text.parse().expect("a schedule comes back from its text")
}

#[test]
fn a_schedule_leads_to_the_same_execution_again() {
    for engine in controlled() {
        for (model, kind) in FAILING {
            let found = failure_of(engine, model);
            assert_eq!(found.defect.kind(), kind, "{engine} finds the defect");
            let exploration = replay(&schedule_of(&found), model);
            let again = exploration.failure().unwrap_or_else(|| panic!("{kind} on {engine}"));
            assert_eq!(again.trace, found.trace, "{engine} shows the same events");
            assert_eq!(again.defect, found.defect);
            assert_eq!(exploration.strategy, Strategy::Replay);
        }
    }
}

#[test]
fn a_replay_that_ends_well_is_complete_and_no_proof() {
    for engine in controlled() {
        let schedule = schedule_of(&failure_of(engine, lost_update));
        let exploration = replay(&schedule, tolerated_update);
        assert!(matches!(exploration.ending, Ending::Complete), "{engine}: {exploration:?}");
        assert!(!is_exhausted(&exploration), "one execution is no proof");
    }
}

#[test]
fn a_model_that_changed_diverges_or_ends_well() {
    for engine in controlled() {
        let schedule = schedule_of(&failure_of(engine, lost_update));
        match replay(&schedule, counted_update).ending {
            Ending::Complete => {}
            Ending::Diverged(divergence) => {
                assert!(divergence.step > 0, "steps are counted from 1");
                let text = divergence.to_string();
                assert!(text.contains("the schedule asks for"), "it says what is missing: {text}");
            }
            ending => panic!("the mended model does not fail on {engine}: {ending:?}"),
        }
    }
}

#[test]
fn a_model_without_the_thread_diverges_where_the_thread_is_missed() {
    for engine in controlled().filter(|engine| *engine != Engine::Loom) {
        let schedule = schedule_of(&failure_of(engine, opposite_orders));
        let Ending::Diverged(divergence) = replay(&schedule, || ()).ending else {
            panic!("{engine} asks for a thread that is not there");
        };
        assert!(divergence.expected.contains("thread"), "{divergence}");
    }
}

#[test]
fn a_search_that_is_too_short_diverges() {
    for engine in controlled().filter(|engine| *engine == Engine::Loom) {
        let schedule: Schedule = "loom/1 1000".parse().unwrap();
        let Ending::Diverged(divergence) = replay(&schedule, counted_update).ending else {
            panic!("{engine} has fewer executions of this model");
        };
        assert_eq!(divergence.step, 1000);
    }
}

#[test]
fn real_threads_leave_no_schedule() {
    let exploration = explore(Engine::Std, &settings(), || panic!("always"));
    let failure = exploration.failure().expect("it always panics");
    assert_eq!(failure.schedule, None);
}

#[test]
fn nonsense_is_no_schedule() {
    for text in ["", "0 0.1", "std/1 3", "explore/9 0", "explore 0", "/1 0"] {
        let error = text.parse::<Schedule>().expect_err("it is nonsense");
        assert!(error.to_string().starts_with("not a schedule"), "`{text}`: {error}");
    }
    for engine in controlled() {
        let schedule: Schedule = format!("{engine}/1 non sense").parse().unwrap();
        let ending = replay(&schedule, lost_update).ending;
        let Ending::Unsupported { reason } = ending else {
            panic!("{engine} cannot follow it: {ending:?}");
        };
        assert!(reason.contains("schedule"), "{engine} says so: {reason}");
    }
}

#[test]
fn defects_are_alike_whatever_their_numbers() {
    let panic = |message: &str| Defect::Panic {
        thread: "main".to_owned(),
        message: message.to_owned(),
        location: None,
    };
    assert!(panic("left: 1, right: 20").is_like(&panic("left: 19, right: 2")));
    assert!(!panic("left: 1").is_like(&panic("right: 1")));
    assert!(!panic("left: 1").is_like(&Defect::Livelock { message: String::new() }));
}
