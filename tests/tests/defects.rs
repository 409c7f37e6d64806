//! How each kind of defect is shown to people, by the smallest model that has it.

use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicBool, Ordering};
use lockproof::sync::{Arc, Barrier, Condvar, Mutex, Once, RwLock, mpsc};
use lockproof::{hint, thread};
use lockproof_check::Model;
use lockproof_tests::assert_failure_reads;

fn model(body: fn()) -> Model {
    Model::new("a model", "has a defect", body)
}

/// The condition is checked outside of the lock that its change is made under.
fn a_notification_comes_before_the_wait() {
    let shared = Arc::new((Mutex::new(()).named("state"), Condvar::new().named("ready")));
    let other = Arc::clone(&shared);
    let waiter = thread::spawn(move || {
        let guard = other.0.lock().expect("nobody panics");
        let _guard = other.1.wait(guard).expect("nobody panics");
        let _guard = other.0.lock().expect("nobody panics");
    });
    shared.1.notify_one();
    waiter.join().expect("it ends");
}

#[test]
fn a_lost_wake_up_reads_well() {
    assert_failure_reads!("lost_wake_up", model(a_notification_comes_before_the_wait));
}

/// The token is used up by another park than the one that it was meant for.
fn a_thread_parks_once_too_often() {
    let parked = thread::spawn(|| {
        thread::park();
        thread::park();
        thread::park();
    });
    parked.thread().unpark();
    parked.join().expect("it ends");
}

#[test]
fn a_parked_thread_reads_well() {
    assert_failure_reads!("parked", model(a_thread_parks_once_too_often));
}

/// A thread spins for a flag that the other one never sets.
fn a_thread_spins_in_vain() {
    let (flag, held) = (AtomicBool::new(false).named("flag"), Mutex::new(()).named("held"));
    let shared = Arc::new((flag, held));
    let other = Arc::clone(&shared);
    let spinner = thread::spawn(move || {
        let _held = other.1.lock().expect("nobody panics");
        while !other.0.load(Ordering::SeqCst) {
            hint::spin_loop();
        }
    });
    spinner.join().expect("it ends");
}

#[test]
fn a_livelock_reads_well() {
    assert_failure_reads!("livelock", model(a_thread_spins_in_vain));
}

/// A thread writes while it reads.
fn a_thread_waits_for_itself() {
    let table = RwLock::new(0).named("table");
    let seen = table.read().expect("nobody panics");
    *table.write().expect("nobody panics") = *seen;
}

/// A thread holds a lock and waits for the end of the one that wants it.
fn a_join_closes_a_cycle() {
    let total = Arc::new(Mutex::new(0).named("total"));
    let other = Arc::clone(&total);
    let held = total.lock().expect("nobody panics");
    let child = thread::spawn(move || *other.lock().expect("nobody panics") += 1);
    child.join().expect("it ends");
    drop(held);
}

/// Two initializations need each other.
fn two_initializations_need_each_other() {
    let shared = Arc::new((Once::new().named("first"), Once::new().named("second")));
    let other = Arc::clone(&shared);
    let child = thread::spawn(move || other.1.call_once(|| other.0.call_once(|| {})));
    shared.0.call_once(|| shared.1.call_once(|| {}));
    child.join().expect("it ends");
}

#[test]
fn deadlocks_read_well() {
    assert_failure_reads!("deadlock_of_one", model(a_thread_waits_for_itself));
    assert_failure_reads!("deadlock_by_join", model(a_join_closes_a_cycle));
    assert_failure_reads!(
        "deadlock_of_initializations",
        model(two_initializations_need_each_other)
    );
}

/// Each thread waits for the other one's message.
fn two_threads_wait_for_messages() {
    let (to_child, of_main) = mpsc::channel::<()>();
    let (to_main, of_child) = mpsc::channel::<()>();
    let child = thread::spawn(move || {
        of_main.recv().expect("main sends");
        to_main.send(()).expect("main receives");
    });
    of_child.recv().expect("the child sends");
    to_child.send(()).expect("the child receives");
    child.join().expect("it ends");
}

/// Two threads come to a barrier of three.
fn a_thread_is_missing_at_a_barrier() {
    let barrier = Arc::new(Barrier::new(3));
    let other = Arc::clone(&barrier);
    let child = thread::spawn(move || other.wait());
    barrier.wait();
    child.join().expect("it ends");
}

#[test]
fn waits_without_a_cycle_read_well() {
    assert_failure_reads!("waits_for_messages", model(two_threads_wait_for_messages));
    assert_failure_reads!("waits_at_a_barrier", model(a_thread_is_missing_at_a_barrier));
}
