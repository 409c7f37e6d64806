//! The programs that tell sampling strategies apart, from the collection `SCTBench` (Thomson,
//! Donaldson, Betts, "Concurrency Testing Using Controlled Schedulers: An Empirical Study", TOPC
//! 2016) and its later extensions, written anew from their descriptions.
//!
//! A shared variable is an atomic, and an increment is a load and a store. A program that finds
//! its invariant broken panics at its end, in its main thread.

use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{Atomic, Mutex, ThreadId, here, join, spawn};

/// A program with a bug, and two numbers that give its size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    run: fn(Main, usize, usize),
    sizes: (usize, usize),
}

impl Program {
    const fn new(name: &'static str, run: fn(Main, usize, usize), sizes: (usize, usize)) -> Self {
        Self { name, run, sizes }
    }

    /// Runs it, with `own_steps` steps of the main thread before each spawn that no other thread
    /// depends on.
    pub(crate) fn run(self, own_steps: usize) {
        let main = Main { broken: Atomic::new(0), own: Atomic::new(0), own_steps };
        (self.run)(main, self.sizes.0, self.sizes.1);
    }
}

pub(crate) const REORDER_3: Program = Program::new("reorder_3", reorder, (2, 1));
pub(crate) const REORDER_10: Program = Program::new("reorder_10", reorder, (9, 1));
pub(crate) const REORDER_100: Program = Program::new("reorder_100", reorder, (99, 1));

/// All of them, in the order of the published table.
pub(crate) const PROGRAMS: [Program; 11] = [
    REORDER_3,
    Program::new("reorder_5", reorder, (4, 1)),
    REORDER_10,
    REORDER_100,
    Program::new("twostage", twostage, (1, 1)),
    Program::new("twostage_20", twostage, (10, 10)),
    Program::new("twostage_100", twostage, (99, 1)),
    Program::new("stringbuffer-jdk1.4", string_buffer, (3, 1)),
    Program::new("bluetooth_driver", bluetooth_driver, (1, 1)),
    Program::new("stack", stack, (10, 10)),
    Program::new("wronglock", wrong_lock, (1, 7)),
];

/// The main thread of a program.
#[derive(Clone, Copy)]
struct Main {
    /// Not 0 once the invariant broke.
    broken: Atomic,
    own: Atomic,
    own_steps: usize,
}

impl Main {
    fn spawn(self, body: impl FnOnce() + 'static) -> ThreadId {
        for _ in 0..self.own_steps {
            load(self.own);
        }
        spawn(body, here())
    }

    fn several(self, count: usize, body: impl Fn() + Copy + 'static) -> Vec<ThreadId> {
        (0..count).map(|_| self.spawn(body)).collect()
    }

    /// Remembers, without an event, that the invariant broke.
    fn demand(self, holds: bool) {
        if !holds {
            self.broken.poke(1);
        }
    }

    /// Waits for the threads, and panics if the invariant broke, without a report.
    fn finish(self, threads: Vec<ThreadId>) {
        for thread in threads {
            join(thread, here()).expect("no thread of these programs panics");
        }
        if self.broken.peek() != 0 {
            std::panic::resume_unwind(Box::new("the invariant broke"));
        }
    }
}

fn load(atomic: Atomic) -> u64 {
    atomic.load(SeqCst, here())
}

fn store(atomic: Atomic, value: u64) {
    atomic.store(value, SeqCst, here());
}

fn locked<T>(mutex: Mutex, body: impl FnOnce() -> T) -> T {
    mutex.lock(here());
    let result = body();
    mutex.unlock(here());
    result
}

/// Setters do `a = 1; b = -1`; checkers accept (0, 0) and (1, -1) only.
fn reorder(main: Main, setters: usize, checkers: usize) {
    let (a, b) = (Atomic::new(0), Atomic::new(0));
    let set = move || {
        store(a, 1);
        store(b, u64::MAX);
    };
    let check = move || {
        let seen = (load(a), load(b));
        main.demand(seen == (0, 0) || seen == (1, u64::MAX));
    };
    let mut threads = main.several(setters, set);
    threads.extend(main.several(checkers, check));
    main.finish(threads);
}

/// Writers set one variable under its lock and then, from it, another under another lock; a reader
/// that sees the first set finds the second one old.
fn twostage(main: Main, writers: usize, readers: usize) {
    let (data, next) = (Atomic::new(0), Atomic::new(0));
    let (data_lock, next_lock) = (Mutex::new(), Mutex::new());
    let write = move || {
        locked(data_lock, || store(data, 1));
        locked(next_lock, || store(next, load(data) + 1));
    };
    let read = move || {
        let seen = locked(data_lock, || load(data));
        if seen != 0 {
            main.demand(locked(next_lock, || load(next)) == seen + 1);
        }
    };
    let mut threads = main.several(writers, write);
    threads.extend(main.several(readers, read));
    main.finish(threads);
}

/// The main thread asks a buffer for its length and then for so many characters, each under the
/// lock; others erase them in between, and append as many again.
fn string_buffer(main: Main, length: usize, others: usize) {
    let length = length as u64;
    let (lock, count) = (Mutex::new(), Atomic::new(length));
    let change = move || {
        locked(lock, || store(count, load(count) - length));
        locked(lock, || store(count, load(count) + length));
    };
    let threads = main.several(others, change);
    let asked = locked(lock, || load(count));
    locked(lock, || main.demand(asked <= load(count)));
    main.finish(threads);
}

/// The main thread asks whether the driver is stopping, and only then counts itself in; meanwhile
/// the driver is stopped under its feet.
fn bluetooth_driver(main: Main, pending: usize, stoppers: usize) {
    let (pending, stopping) = (Atomic::new(pending as u64), Atomic::new(0));
    let (may_stop, stopped) = (Atomic::new(0), Atomic::new(0));
    let leave = move || {
        let before = pending.update(SeqCst, here(), |value| value.wrapping_sub(1));
        if before == 1 {
            store(may_stop, 1);
        }
    };
    let stop = move || {
        store(stopping, 1);
        leave();
        if load(may_stop) == 1 {
            store(stopped, 1);
        }
    };
    let threads = main.several(stoppers, stop);
    if load(stopping) == 0 {
        pending.update(SeqCst, here(), |value| value + 1);
        main.demand(load(stopped) == 0);
    }
    leave();
    main.finish(threads);
}

/// One thread pushes under a lock and raises a flag, for good; another pops under the lock
/// whenever it sees the flag, and finds nothing.
fn stack(main: Main, pushes: usize, pops: usize) {
    let (lock, top, flag) = (Mutex::new(), Atomic::new(0), Atomic::new(0));
    let push = move || {
        for _ in 0..pushes {
            locked(lock, || {
                store(top, load(top) + 1);
                store(flag, 1);
            });
        }
    };
    let pop = move || {
        for _ in 0..pops {
            locked(lock, || {
                if load(flag) == 1 {
                    let height = load(top);
                    main.demand(height > 0);
                    store(top, height.saturating_sub(1));
                }
            });
        }
    };
    main.finish(vec![main.spawn(push), main.spawn(pop)]);
}

/// Some threads increment a counter under one lock and look whether it was disturbed; others
/// increment it under another lock.
fn wrong_lock(main: Main, checkers: usize, others: usize) {
    let (value, right, wrong) = (Atomic::new(0), Mutex::new(), Mutex::new());
    let increment = move || store(value, load(value) + 1);
    let check = move || {
        locked(right, || {
            let before = load(value);
            increment();
            main.demand(load(value) == before + 1);
        });
    };
    let mut threads = main.several(checkers, check);
    threads.extend(main.several(others, move || locked(wrong, increment)));
    main.finish(threads);
}
