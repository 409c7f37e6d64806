//! The models, against whatever `api` is: the facade, loom or shuttle.

use std::sync::Arc;

use super::api::sync::atomic::{AtomicUsize, Ordering};
use super::api::sync::{Mutex, RwLock};
use super::api::thread::{self, JoinHandle};
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

fn join(children: Vec<JoinHandle<()>>) {
    for child in children {
        child.join().expect("no thread panics");
    }
}

/// Runs `body` on `shared` in so many threads, which have ended afterwards.
fn in_threads<T: Send + Sync + 'static>(shared: &Arc<T>, threads: usize, body: fn(&T, usize)) {
    let spawn = |index| {
        let shared = Arc::clone(shared);
        thread::spawn(move || body(&shared, index))
    };
    join((0..threads).map(spawn).collect());
}

fn locked(threads: usize, times: usize) {
    let total = Arc::new((Mutex::new(0), times));
    in_threads(&total, threads, |(total, times), _| {
        for _ in 0..*times {
            *total.lock().expect("no lock is poisoned") += 1;
        }
    });
    assert_eq!(*total.0.lock().expect("no lock is poisoned"), threads * times);
}

fn unlocked(threads: usize, times: usize) {
    let total = Arc::new((AtomicUsize::new(0), times));
    in_threads(&total, threads, |(total, times), _| {
        for _ in 0..*times {
            // ORDERING: SeqCst, the strongest: what goes wrong here is not the ordering.
            let seen = total.load(Ordering::SeqCst);
            // ORDERING: as above.
            total.store(seen + 1, Ordering::SeqCst);
        }
    });
}

fn fetched(threads: usize, times: usize) {
    let total = Arc::new((AtomicUsize::new(0), times));
    in_threads(&total, threads, |(total, times), _| {
        for _ in 0..*times {
            // ORDERING: SeqCst pairs with nothing: the value is not looked at.
            total.fetch_add(1, Ordering::SeqCst);
        }
    });
}

fn independent(threads: usize) {
    let spawn = |_| {
        let total = Mutex::new(0);
        thread::spawn(move || *total.lock().expect("no lock is poisoned") += 1)
    };
    join((0..threads).map(spawn).collect());
}

fn readers_and_a_writer(readers: usize) {
    let shared = Arc::new((RwLock::new(0), readers));
    in_threads(&shared, readers + 1, |(value, readers), index| {
        if index < *readers {
            let value = *value.read().expect("no lock is poisoned");
            assert!(value < 2, "only one thread writes");
        } else {
            *value.write().expect("no lock is poisoned") += 1;
        }
    });
}
