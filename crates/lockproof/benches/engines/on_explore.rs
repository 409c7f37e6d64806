//! The models on the exploring engine's own handles, which guard nothing: the data stands beside
//! them.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use lockproof_explore::{Atomic, Mutex, RwLock, ThreadId, here, join, spawn};

use crate::rows::Row;

pub(crate) fn run(row: Row) {
    match row {
        Row::Locked(threads, times) => locked(threads, times),
        Row::Unlocked(threads, times) => unlocked(threads, times),
        Row::Fetched(threads, times) => fetched(threads, times),
        Row::Independent(threads) => independent(threads),
        Row::Readers(readers) => readers_and_a_writer(readers),
    }
}

fn join_all(children: Vec<ThreadId>) {
    for child in children {
        join(child, here()).expect("no thread panics");
    }
}

fn in_threads(threads: usize, body: impl Fn(usize) + Clone + 'static) {
    let spawn = |index| {
        let body = body.clone();
        spawn(move || body(index), here())
    };
    join_all((0..threads).map(spawn).collect());
}

fn locked(threads: usize, times: usize) {
    let (mutex, total) = (Mutex::new(), Rc::new(Cell::new(0)));
    let of_threads = Rc::clone(&total);
    in_threads(threads, move |_| {
        for _ in 0..times {
            mutex.lock(here());
            of_threads.set(of_threads.get() + 1);
            mutex.unlock(here());
        }
    });
    mutex.lock(here());
    assert_eq!(total.get(), threads * times);
    mutex.unlock(here());
}

fn unlocked(threads: usize, times: usize) {
    let total = Atomic::new(0);
    in_threads(threads, move |_| {
        for _ in 0..times {
            // ORDERING: SeqCst, the strongest: what goes wrong here is not the ordering.
            let seen = total.load(Ordering::SeqCst, here());
            // ORDERING: as above.
            total.store(seen + 1, Ordering::SeqCst, here());
        }
    });
}

fn fetched(threads: usize, times: usize) {
    let total = Atomic::new(0);
    in_threads(threads, move |_| {
        for _ in 0..times {
            // ORDERING: SeqCst pairs with nothing: the value is not looked at.
            total.update(Ordering::SeqCst, here(), |value| value + 1);
        }
    });
}

fn independent(threads: usize) {
    let spawn = |_| {
        let mutex = Mutex::new();
        let body = move || {
            mutex.lock(here());
            mutex.unlock(here());
        };
        spawn(body, here())
    };
    join_all((0..threads).map(spawn).collect());
}

fn readers_and_a_writer(readers: usize) {
    let (lock, value) = (RwLock::new(), Rc::new(Cell::new(0)));
    in_threads(readers + 1, move |index| {
        if index < readers {
            lock.read(here());
            assert!(value.get() < 2, "only one thread writes");
            lock.unlock_read(here());
        } else {
            lock.write(here());
            value.set(value.get() + 1);
            lock.unlock_write(here());
        }
    });
}
