//! What ends an execution that no thread ended: data races, too many steps, too many threads; and
//! what an engine cannot see is a blind spot, not a clean run.

use std::time::Duration;

use lockproof::cell::UnsafeCell;
use lockproof::engine::{BlindSpot, Defect, DefectKind, Ending, Engine, explore};
use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicBool, Ordering};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;
use lockproof::trace::Operation;

use crate::engines::{assert_complete, controlled, is_exhausted, is_exhaustive, settings};

/// A cell that threads share.
struct Shared(UnsafeCell<u32>);

// SAFETY: no model here reads or writes through the pointers it is handed, so there is no memory
// that threads could touch at once. The engines check what is announced.
unsafe impl Sync for Shared {}

/// Two threads announce a write, each under a lock if there is one.
fn two_writers(lock: Option<Mutex<()>>) {
    let shared = Arc::new((Shared(UnsafeCell::new(0).named("cell")), lock));
    let write = |shared: &(Shared, Option<Mutex<()>>)| {
        let _held = shared.1.as_ref().map(|lock| lock.lock().unwrap());
        shared.0.0.with_mut(|_| ());
    };
    let other = Arc::clone(&shared);
    let child = thread::spawn(move || write(&other));
    write(&shared);
    child.join().unwrap();
}

#[test]
fn two_writers_without_a_lock_are_a_data_race_or_a_blind_spot() {
    for &engine in Engine::available() {
        let exploration = explore(engine, &settings(), || two_writers(None));
        let blind = exploration.blind_spots.contains(&BlindSpot::DataRace);
        if !engine.is_controlled() || blind {
            assert_complete(&exploration);
            assert!(
                !is_exhausted(&exploration),
                "{engine} does not see races, so it proves nothing"
            );
            continue;
        }
        let failure = exploration.failure().expect("an engine that sees races finds this one");
        assert!(matches!(failure.defect, Defect::DataRace { .. }), "{engine}: {}", failure.defect);
        let last = failure.trace.events.last().expect("there are events");
        assert_eq!(last.operation, Operation::CellWrite, "the racing access comes last");
        assert_eq!(failure.trace.object_of(last).map(ToString::to_string), Some("cell".into()));
        assert_eq!(last.location.file, file!(), "the racing access is located in the model");
    }
}

#[test]
fn two_writers_under_one_lock_do_not_race() {
    for &engine in Engine::available() {
        let exploration = explore(engine, &settings(), || two_writers(Some(Mutex::new(()))));
        assert_complete(&exploration);
        let blind = exploration.blind_spots.contains(&BlindSpot::DataRace);
        let proves = is_exhaustive(&exploration) && !blind;
        assert_eq!(is_exhausted(&exploration), proves, "{engine}: {:?}", exploration.blind_spots);
    }
}

#[test]
fn a_spin_that_nobody_ends_is_a_livelock() {
    for &engine in Engine::available() {
        let mut settings = settings();
        settings.steps = 100;
        settings.hang = Duration::from_millis(200);
        let exploration = explore(engine, &settings, || {
            let flag = Arc::new(AtomicBool::new(false));
            let other = Arc::clone(&flag);
            let child = thread::spawn(move || other.load(Ordering::Acquire));
            // A pause, not a spin, for the sake of the processors when real threads do this.
            while !flag.load(Ordering::Acquire) {
                thread::sleep(Duration::from_millis(10));
            }
            child.join().unwrap();
        });
        let failure = exploration.failure().expect("no engine takes it for finished");
        let expected = if engine.is_controlled() { DefectKind::Livelock } else { DefectKind::Hang };
        assert_eq!(failure.defect.kind(), expected, "{engine} does not wait for ever");
    }
}

#[test]
fn a_spin_that_another_thread_ends_is_no_livelock() {
    for &engine in Engine::available() {
        let exploration = explore(engine, &settings(), || {
            let flag = Arc::new(AtomicBool::new(false));
            let other = Arc::clone(&flag);
            let child = thread::spawn(move || other.store(true, Ordering::Release));
            while !flag.load(Ordering::Acquire) {
                thread::yield_now();
            }
            child.join().unwrap();
        });
        assert_complete(&exploration);
    }
}

#[test]
fn a_thread_beyond_the_limit_is_unsupported_and_its_place_is_named() {
    for engine in controlled() {
        let mut settings = settings();
        settings.samples = 10;
        let line = line!() + 3;
        let exploration = explore(engine, &settings, || {
            for _ in 0..5 {
                thread::spawn(|| ()).join().unwrap();
            }
        });
        let Ending::Unsupported { reason } = &exploration.ending else {
            assert_complete(&exploration);
            assert_eq!(exploration.threads, 6, "{engine} runs them all, and main");
            continue;
        };
        for part in [&format!("{}:{line}", file!()), "at most 5 threads", "leave"] {
            assert!(
                reason.contains(part),
                "{engine} names the limit, the place, a way out: {reason}"
            );
        }
        assert!(exploration.failure().is_none(), "a limit of the engine is no defect of the model");
        assert!(!is_exhausted(&exploration), "what could not run is not proved");
    }
}

#[test]
fn real_threads_have_no_limit_and_prove_nothing() {
    let exploration = explore(Engine::Std, &settings(), || {
        let children: Vec<_> = (0..5).map(|index| thread::spawn(move || index)).collect();
        let sum: u32 = children.into_iter().map(|child| child.join().unwrap()).sum();
        assert_eq!(sum, 10, "every thread returned its number");
    });
    assert_complete(&exploration);
    assert!(!is_exhausted(&exploration), "real threads prove nothing");
}

/// Locks in its destructor.
struct LocksWhenDropped(Arc<Mutex<u32>>);

impl Drop for LocksWhenDropped {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1; // the destructor waits
    }
}

#[test]
fn a_destructor_that_must_wait_while_its_thread_unwinds_is_unsupported() {
    let marker = "// the destructor waits\n";
    let before = include_str!("limits.rs").split(marker).next().expect("there is a first part");
    let place = format!("{}:{}", file!(), before.lines().count());
    for &engine in Engine::available() {
        let exploration = explore(engine, &settings(), || {
            let lock = Arc::new(Mutex::new(0));
            let other = Arc::clone(&lock);
            let child = thread::spawn(move || {
                let _dropped = LocksWhenDropped(other);
                panic!("while nothing is held");
            });
            let held = lock.lock().unwrap();
            thread::yield_now();
            drop(held);
            assert!(child.join().is_err(), "the child panicked");
        });
        let Ending::Unsupported { reason } = &exploration.ending else {
            assert_complete(&exploration);
            let says_so = exploration.blind_spots.contains(&BlindSpot::Unwinding);
            assert!(says_so || !engine.is_controlled(), "{engine} says what it did not explore");
            continue;
        };
        for part in [place.as_str(), "unwinds from a panic", "use try_lock"] {
            assert!(reason.contains(part), "{engine} names the place and the way out: {reason}");
        }
    }
}
