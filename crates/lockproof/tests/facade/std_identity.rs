//! With no engine the facade is std, type for type; with one it still behaves as std outside a
//! model.

use std::any::TypeId;
use std::process::Command;
use std::time::Duration;

use lockproof::engine::{Engine, explore};
use lockproof::sync::atomic::{AtomicU64, Ordering};
use lockproof::sync::{Arc, Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use lockproof::{collections, thread};

use crate::engines::{assert_complete, settings};

fn is_same<A: 'static, B: 'static>() -> bool {
    TypeId::of::<A>() == TypeId::of::<B>()
}

#[test]
fn without_an_engine_the_types_are_stds_own() {
    let same = [
        is_same::<Mutex<u8>, std::sync::Mutex<u8>>(),
        is_same::<RwLock<u8>, std::sync::RwLock<u8>>(),
        is_same::<Condvar, std::sync::Condvar>(),
        is_same::<AtomicU64, std::sync::atomic::AtomicU64>(),
        is_same::<thread::JoinHandle<()>, std::thread::JoinHandle<()>>(),
        is_same::<collections::HashMap<u8, u8>, std::collections::HashMap<u8, u8>>(),
    ];
    let has_no_engine = Engine::available() == [Engine::Std];
    assert_eq!(same, [has_no_engine; 6], "std itself if and only if there is no engine");
}

/// Ambiguous for a type that is `Send`, so that naming it does not compile.
trait NotSend<Proof> {
    const HOLDS: bool = true;
}

/// The proof that only a `Send` type has.
struct ItIsSend;

impl<T: ?Sized> NotSend<()> for T {}
impl<T: ?Sized + Send> NotSend<ItIsSend> for T {}

/// Has its constant for a type that is `Sync` only.
trait IsSync {
    const HOLDS: bool = true;
}

impl<T: ?Sized + Sync> IsSync for T {}

#[test]
fn guards_can_be_shared_but_not_sent() {
    const SYNC: [bool; 3] = [
        <MutexGuard<'static, u8> as IsSync>::HOLDS,
        <RwLockReadGuard<'static, u8> as IsSync>::HOLDS,
        <RwLockWriteGuard<'static, u8> as IsSync>::HOLDS,
    ];
    const NOT_SEND: [bool; 3] = [
        <MutexGuard<'static, u8> as NotSend<_>>::HOLDS,
        <RwLockReadGuard<'static, u8> as NotSend<_>>::HOLDS,
        <RwLockWriteGuard<'static, u8> as NotSend<_>>::HOLDS,
    ];
    assert_eq!((SYNC, NOT_SEND), ([true; 3], [true; 3]), "as std's guards");
}

#[test]
fn outside_a_model_threads_and_locks_are_stds() {
    let shared = Arc::new((Mutex::new(0), Condvar::new(), RwLock::new(0), AtomicU64::new(0)));
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                *shared.2.write().unwrap() += 1;
                shared.3.fetch_add(1, Ordering::Relaxed);
                *shared.0.lock().unwrap() += 1;
                shared.1.notify_all();
            })
        })
        .collect();
    let total = shared.1.wait_while(shared.0.lock().unwrap(), |total| *total < 4).unwrap();
    assert!(shared.0.try_lock().is_err(), "main holds the lock");
    drop(total);
    for worker in workers {
        worker.join().unwrap();
    }
    assert_eq!((*shared.2.read().unwrap(), shared.3.load(Ordering::Relaxed)), (4, 4));
}

#[test]
fn outside_a_model_a_time_out_takes_its_time() {
    let (lock, changed) = (Mutex::new(()), Condvar::new());
    let wait = Duration::from_millis(20);
    let start = std::time::Instant::now();
    let result = changed.wait_timeout_while(lock.lock().unwrap(), wait, |()| true);
    assert!(result.unwrap().1.timed_out(), "nobody notifies");
    assert!(start.elapsed() >= wait, "real time passes outside a model");
}

#[test]
fn outside_a_model_a_panic_poisons() {
    let lock = Arc::new(Mutex::new(0));
    let other = Arc::clone(&lock);
    let child = thread::spawn(move || {
        let _held = other.lock().unwrap();
        panic!("while holding");
    });
    assert!(child.join().is_err(), "the child panicked");
    assert!(lock.is_poisoned(), "so the lock is poisoned");
}

const OUTSIDE: &str = "a panic of an ordinary thread";
const INSIDE: &str = "a panic of a model";

#[test]
#[ignore = "run in a process of its own, by the test below"]
fn panics_inside_and_outside() {
    for &engine in Engine::available() {
        let refuted = explore(engine, &settings(), || panic!("{INSIDE}"));
        assert!(refuted.failure().is_some(), "{engine} finds the panic");
        assert_complete(&explore(engine, &settings(), || ()));
    }
    let child = std::thread::spawn(|| panic!("{OUTSIDE}"));
    assert!(child.join().is_err(), "the thread panicked");
}

#[test]
fn a_panic_outside_is_printed_after_an_exploration_and_one_inside_is_not() {
    let itself = std::env::current_exe().expect("the test runs from a file");
    let name = "std_identity::panics_inside_and_outside";
    let arguments = ["--exact", name, "--ignored", "--nocapture"];
    let output = Command::new(itself).args(arguments).output().expect("it can be run");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "it ran: {stdout}{stderr}");
    assert_eq!(stderr.matches(OUTSIDE).count(), 1, "it is printed once: {stderr}");
    assert!(!stderr.contains(INSIDE), "evidence is kept, not printed: {stderr}");
}
