//! The number of executions of each model in the project's table of measured facts, exactly: it
//! equals the number of Mazurkiewicz traces, which is known by theory or by brute force.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Atomic, Exhaustive, Mutex, Options, Random, RwLock, explore, here, join, spawn,
};

/// The executions of a complete, successful exploration of `model`.
fn executions(model: impl Fn() + 'static) -> u64 {
    let outcome = explore(&Options::default(), &mut Exhaustive::new(), &mut (), model);
    assert!(outcome.failure.is_none(), "{}", outcome.failure.unwrap().bug);
    assert!(outcome.is_complete(), "the exploration is complete");
    assert_eq!(outcome.abandoned, 0, "no execution is abandoned");
    outcome.executions
}

/// `threads` threads that each run `body`, joined by the main thread.
fn in_threads(threads: usize, body: impl Fn(usize) + Copy + 'static) {
    let children: Vec<_> = (0..threads).map(|i| spawn(move || body(i), here())).collect();
    for child in children {
        join(child, here()).unwrap();
    }
}

fn locked_increments(threads: usize, times: u64) -> u64 {
    executions(move || {
        let (mutex, total) = (Mutex::new(), Atomic::new(0));
        in_threads(threads, move |_| {
            for _ in 0..times {
                mutex.lock(here());
                total.poke(total.peek() + 1);
                mutex.unlock(here());
            }
        });
        assert_eq!(total.peek(), threads as u64 * times, "no increment is lost");
    })
}

fn unlocked_increments(threads: usize, times: u64) -> u64 {
    executions(move || {
        let total = Atomic::new(0);
        in_threads(threads, move |_| {
            for _ in 0..times {
                let seen = total.load(SeqCst, here());
                total.store(seen + 1, SeqCst, here());
            }
        });
    })
}

fn fetched_increments(threads: usize, times: u64) -> u64 {
    executions(move || {
        let total = Atomic::new(0);
        in_threads(threads, move |_| {
            for _ in 0..times {
                total.update(SeqCst, here(), |value| value + 1);
            }
        });
        assert_eq!(total.peek(), threads as u64 * times, "no increment is lost");
    })
}

fn independent_mutexes(threads: usize) -> u64 {
    executions(move || {
        let mutexes: Vec<_> = (0..threads).map(|_| Mutex::new()).collect();
        let children: Vec<_> = mutexes
            .into_iter()
            .map(|mutex| {
                let body = move || {
                    mutex.lock(here());
                    mutex.unlock(here());
                };
                spawn(body, here())
            })
            .collect();
        for child in children {
            join(child, here()).unwrap();
        }
    })
}

fn readers_and_a_writer(readers: usize) -> u64 {
    executions(move || {
        let lock = RwLock::new();
        in_threads(readers + 1, move |index| {
            if index < readers {
                lock.read(here());
                lock.unlock_read(here());
            } else {
                lock.write(here());
                lock.unlock_write(here());
            }
        });
    })
}

#[test]
fn locked_increments_have_as_many_executions_as_orders_of_critical_sections() {
    assert_eq!(locked_increments(2, 1), 2);
    assert_eq!(locked_increments(2, 2), 6);
    assert_eq!(locked_increments(2, 3), 20);
    assert_eq!(locked_increments(3, 1), 6);
    assert_eq!(locked_increments(3, 2), 90);
    assert_eq!(locked_increments(4, 1), 24);
    assert_eq!(locked_increments(4, 2), 2_520);
}

#[test]
fn unlocked_increments_have_as_many_executions_as_traces() {
    assert_eq!(unlocked_increments(2, 2), 34);
    assert_eq!(unlocked_increments(3, 1), 36);
    assert_eq!(unlocked_increments(3, 2), 7_134);
}

#[test]
fn fetched_increments_have_as_many_executions_as_orders() {
    assert_eq!(fetched_increments(3, 2), 90);
}

#[test]
fn independent_threads_need_one_execution() {
    assert_eq!(independent_mutexes(2), 1);
    assert_eq!(independent_mutexes(4), 1);
    assert_eq!(independent_mutexes(64), 1);
}

/// Each thread spawns the next, and joins it.
fn nest(depth: usize, mutex: Mutex) {
    mutex.lock(here());
    mutex.unlock(here());
    if depth > 0 {
        let child = spawn(move || nest(depth - 1, mutex), here());
        join(child, here()).unwrap();
    }
}

#[test]
fn sixty_four_threads_may_be_nested_as_deep() {
    let threads = 64;
    let nested = executions(move || nest(threads - 1, Mutex::new()));
    assert_eq!(nested, 1, "each begins when all before it have done what they do");
}

#[test]
fn sixty_four_threads_that_meet_are_sampled() {
    let threads = 64;
    let outcome = explore(&Options::default(), &mut Random::new(0, 50), &mut (), move || {
        let (mutex, total) = (Mutex::new(), Atomic::new(0));
        in_threads(threads, move |_| {
            mutex.lock(here());
            total.poke(total.peek() + 1);
            mutex.unlock(here());
        });
        assert_eq!(total.peek(), threads as u64, "no increment is lost");
    });
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    assert_eq!((outcome.executions, outcome.facts.threads), (50, threads + 1));
}

#[test]
fn readers_commute_with_each_other_and_not_with_a_writer() {
    assert_eq!(readers_and_a_writer(2), 4);
    assert_eq!(readers_and_a_writer(3), 8);
}

/// Objects are often created at their first use, by the thread that comes first.
#[test]
fn objects_made_at_their_first_use_give_the_same_counts() {
    let nested = |lazy: bool| {
        executions(move || {
            let slots: Rc<[Cell<Option<Mutex>>; 2]> = Rc::default();
            if !lazy {
                for slot in slots.iter() {
                    slot.set(Some(Mutex::new()));
                }
            }
            let mutex = |slots: &[Cell<Option<Mutex>>; 2], index: usize| {
                let mutex = slots[index].get().unwrap_or_else(Mutex::at_first_use);
                slots[index].set(Some(mutex));
                mutex
            };
            let body = move |slots: &[Cell<Option<Mutex>>; 2]| {
                mutex(slots, 0).lock(here());
                mutex(slots, 1).lock(here());
                mutex(slots, 1).unlock(here());
                mutex(slots, 0).unlock(here());
                mutex(slots, 1).lock(here());
                mutex(slots, 1).unlock(here());
            };
            let children: Vec<_> = (0..3)
                .map(|_| {
                    let slots = Rc::clone(&slots);
                    spawn(move || body(&slots), here())
                })
                .collect();
            for child in children {
                join(child, here()).unwrap();
            }
        })
    };
    assert_eq!(nested(true), nested(false));
}
