//! Read-write locks, and attempts.

use lockproof::sync::{Arc, Mutex, RwLock};
use lockproof::thread;

use crate::seen::{in_all, in_passing, is_there, status};

#[derive(Default)]
struct Two {
    first: RwLock<u32>,
    second: RwLock<u32>,
}

/// Two threads read the two locks in opposite orders, and a third one does as it likes.
fn opposite_readers(third: fn(&Two)) {
    let two = Arc::new(Two::default());
    let (one, other) = (Arc::clone(&two), Arc::clone(&two));
    let children = [
        thread::spawn(move || {
            let _second = one.second.read().unwrap();
            drop(one.first.read().unwrap());
        }),
        thread::spawn(move || third(&other)),
    ];
    let first = two.first.read().unwrap();
    drop(two.second.read().unwrap());
    drop(first);
    for child in children {
        child.join().unwrap();
    }
}

#[test]
fn readers_alone_make_no_cycle() {
    let Some(order) = in_all(|| opposite_readers(|_| {})) else { return assert!(!is_there()) };
    assert_eq!((order.edges.len(), order.cycles.len()), (2, 0));
}

#[test]
fn a_writer_of_one_of_the_locks_makes_none_either() {
    let writes_one = |two: &Two| *two.first.write().unwrap() += 1;
    let Some(order) = in_all(move || opposite_readers(writes_one)) else {
        return assert!(!is_there());
    };
    assert!(order.cycles.is_empty(), "the other lock stays shared: {:#?}", order.cycles);
}

#[test]
fn writers_of_both_that_wait_make_readers_wait_for_each_other() {
    let two = || {
        let two = Arc::new(Two::default());
        let others = [
            (|two: &Two| *two.first.write().unwrap() += 1) as fn(&Two),
            |two| *two.second.write().unwrap() += 1,
            |two| {
                let _second = two.second.read().unwrap();
                drop(two.first.read().unwrap());
            },
        ];
        let children = others.map(|other| {
            let theirs = Arc::clone(&two);
            thread::spawn(move || other(&theirs))
        });
        let first = two.first.read().unwrap();
        drop(two.second.read().unwrap());
        drop(first);
        for child in children {
            child.join().unwrap();
        }
    };
    let Some(order) = in_passing(two) else { return assert!(!is_there()) };
    assert_eq!(
        status(&order),
        "potential: no engine lets a waiting writer keep readers out, as an RwLock of std may"
    );
}

#[test]
fn a_proof_does_not_discharge_what_a_waiting_writer_could_close() {
    let Some(order) = in_all(|| {
        let lock = Arc::new(RwLock::new(0));
        let theirs = Arc::clone(&lock);
        let child = thread::spawn(move || *theirs.write().unwrap() += 1);
        let outer = lock.read().unwrap();
        drop(lock.read().unwrap());
        drop(outer);
        child.join().unwrap();
    }) else {
        return assert!(!is_there());
    };
    assert!(status(&order).starts_with("potential: "), "{}", status(&order));
}

#[test]
fn a_thread_that_reads_twice_is_no_cycle_without_a_writer() {
    let Some(order) = in_all(|| {
        let lock = RwLock::new(0);
        let _outer = lock.read().unwrap();
        drop(lock.read().unwrap());
    }) else {
        return assert!(!is_there());
    };
    assert!(order.cycles.is_empty(), "{:#?}", order.cycles);
}

#[test]
fn a_reader_and_a_writer_at_each_lock_make_a_cycle() {
    let Some(order) = in_passing(|| {
        let two = Arc::new(Two::default());
        let theirs = Arc::clone(&two);
        let child = thread::spawn(move || {
            let second = theirs.second.read().unwrap();
            *theirs.first.write().unwrap() += *second;
        });
        let first = two.first.read().unwrap();
        *two.second.write().unwrap() += *first;
        drop(first);
        child.join().unwrap();
    }) else {
        return assert!(!is_there());
    };
    assert_eq!(status(&order), "confirmed by a directed schedule of explore: deadlock");
}

type Mutexes = (Mutex<()>, Mutex<()>);

/// One thread locks the second under the first, and another does what it is told.
fn beside(other: fn(&Mutexes), own: fn(&Mutexes)) {
    let shared = Arc::new(Mutexes::default());
    let theirs = Arc::clone(&shared);
    let child = thread::spawn(move || other(&theirs));
    own(&shared);
    child.join().unwrap();
}

fn forwards((first, second): &Mutexes) {
    let _first = first.lock().unwrap();
    drop(second.lock().unwrap());
}

#[test]
fn an_attempt_does_not_wait() {
    let tries_backwards = |(first, second): &Mutexes| {
        let _second = second.lock().unwrap();
        drop(first.try_lock());
    };
    let Some(order) = in_all(move || beside(tries_backwards, forwards)) else {
        return assert!(!is_there());
    };
    assert_eq!((order.edges.len(), order.cycles.len()), (1, 0));
}

#[test]
fn what_an_attempt_took_is_held() {
    let backwards_after_a_try = |(first, second): &Mutexes| {
        if let Ok(_second) = second.try_lock() {
            drop(first.lock().unwrap());
        }
    };
    let Some(order) = in_passing(move || beside(backwards_after_a_try, forwards)) else {
        return assert!(!is_there());
    };
    assert_eq!(status(&order), "confirmed by a directed schedule of explore: deadlock");
}
