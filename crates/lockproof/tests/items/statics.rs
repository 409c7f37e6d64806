//! What executions share by accident: data that one leaves for the next, and threads that no
//! engine made.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lockproof::engine::{Engine, Exploration, explore};
use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicUsize, Ordering};
use lockproof::sync::{Arc, Barrier, LazyLock, Mutex, RwLock};
use lockproof::thread;

use crate::engines::{controlled, is_exhausted, settings};

/// Two threads, so that there is more than one execution.
fn beside_another_thread(act: impl Fn() + Sync) {
    let lock = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| drop(lock.lock()));
        act();
        drop(lock.lock());
    });
}

fn kept(exploration: &Exploration) -> Vec<String> {
    assert!(exploration.executions > 1 && exploration.failure().is_none());
    exploration.kept_data.iter().map(ToString::to_string).collect()
}

#[test]
fn data_that_an_execution_leaves_in_a_static_is_reported() {
    static TOTAL: Mutex<u32> = Mutex::new(0);
    for exploration in controlled(|| {
        beside_another_thread(|| *TOTAL.lock().unwrap() += 1);
    }) {
        assert_eq!(kept(&exploration).len(), 1, "the mutex is reported once");
        assert!(!is_exhausted(&exploration), "executions that do not start alike prove nothing");
        let created = &exploration.kept_data[0].created;
        assert_eq!(created.file, file!());
    }
}

#[test]
fn data_that_is_left_in_a_shared_lock_is_reported_by_its_name() {
    let settings = Arc::new(RwLock::new(0).named("settings"));
    for exploration in controlled(move || {
        beside_another_thread(|| *settings.write().unwrap() = 1);
    }) {
        assert_eq!(kept(&exploration), ["settings"]);
    }
}

#[test]
fn data_that_is_only_read_or_starts_afresh_is_not_reported() {
    static READ: Mutex<u32> = Mutex::new(0);
    static AFRESH: LazyLock<Mutex<u32>> = LazyLock::new(|| Mutex::new(0));
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    for exploration in controlled(|| {
        beside_another_thread(|| {
            *AFRESH.lock().unwrap() += *READ.lock().unwrap() + 1;
            assert_eq!(*AFRESH.lock().unwrap(), 1);
            assert_eq!(COUNT.fetch_add(1, Ordering::Relaxed), 0);
        });
    }) {
        assert_eq!(kept(&exploration), [""; 0]);
    }
}

#[test]
fn poison_that_is_left_in_a_static_is_reported() {
    static POISONED: Mutex<()> = Mutex::new(());
    for exploration in controlled(|| {
        beside_another_thread(|| {
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                let _guard = POISONED.lock();
                std::panic::resume_unwind(Box::new(()));
            }));
            assert!(outcome.is_err());
        });
    }) {
        assert_eq!(kept(&exploration).len(), 1);
    }
}

#[test]
fn a_thread_that_no_engine_made_is_told_so() {
    for exploration in controlled(|| {
        let lock = Arc::new(Mutex::new(0).named("of the model"));
        drop(lock.lock());
        let other = Arc::clone(&lock);
        let stranger = std::thread::spawn(move || drop(other.lock()));
        let payload = stranger.join().expect_err("the stranger is turned away");
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| payload.downcast_ref::<&str>().copied());
        assert!(message.is_some_and(|text| text.contains("is not part of it")), "{message:?}");
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}

#[test]
fn a_primitive_of_two_executions_is_named_with_the_place_of_its_use() {
    static GATE: Barrier = Barrier::new(1);
    for engine in Engine::available().iter().filter(|engine| engine.is_controlled()) {
        let mut once = settings();
        once.samples = 1;
        let inner = once.clone();
        let exploration = explore(*engine, &once, move || {
            GATE.wait();
            // On purpose behind the engine's back: the execution stands still meanwhile.
            let inner = inner.clone();
            let second = explore(*engine, &inner, || _ = GATE.wait());
            let failure = second.failure().expect("the second execution is told").clone();
            let sentence = failure.defect.to_string();
            assert!(sentence.contains("two executions at once"), "{sentence}");
            assert!(sentence.contains(file!()), "{sentence}");
        });
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}
