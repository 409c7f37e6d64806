//! The bugs that the engine detects, and the tear-down of failing executions.

use std::cell::Cell as StdCell;
use std::rc::Rc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

use lockproof_explore::{
    Atomic, Bounds, Bug, Cell, Condvar, Exhaustive, Findings, Mutex, OperationKind, Options,
    RwLock, StopReason, ThreadId, Wake, explore, fence, here, is_tearing_down, join, park, spawn,
    spin, unpark,
};

fn run(model: impl Fn() + 'static) -> Findings {
    let bounds = Bounds { spurious_wake_ups: 0, ..Bounds::default() };
    let options = Options { bounds, ..Options::default() };
    explore(&options, &mut Exhaustive::new(), &mut (), model)
}

#[track_caller]
fn bug(outcome: &Findings) -> &Bug {
    &outcome.failure.as_ref().expect("the model fails").bug
}

/// Writes a cell and then raises a flag. The other thread reads the cell if it sees the flag.
fn message_passing(
    raise: impl Fn(Atomic) + 'static,
    sees: impl Fn(Atomic) -> bool + 'static,
) -> Findings {
    let (raise, sees) = (Rc::new(raise), Rc::new(sees));
    run(move || {
        let (flag, cell) = (Atomic::new(0), Cell::new());
        let raise = Rc::clone(&raise);
        let writer = move || {
            cell.write(here());
            raise(flag);
        };
        let writer = spawn(writer, here());
        if sees(flag) {
            cell.read(here());
        }
        join(writer, here()).unwrap();
        cell.write(here());
    })
}

#[test]
fn release_and_acquire_order_a_message() {
    let outcome =
        message_passing(|f| f.store(1, Release, here()), |f| f.load(Acquire, here()) == 1);
    assert!(outcome.failure.is_none() && outcome.is_complete());
}

#[test]
fn a_relaxed_store_orders_nothing() {
    let outcome =
        message_passing(|f| f.store(1, Relaxed, here()), |f| f.load(Acquire, here()) == 1);
    assert!(matches!(bug(&outcome), Bug::DataRace(race) if race.first.writes));
}

#[test]
fn a_relaxed_load_orders_nothing() {
    let outcome =
        message_passing(|f| f.store(1, Release, here()), |f| f.load(Relaxed, here()) == 1);
    assert!(matches!(bug(&outcome), Bug::DataRace(_)));
}

#[test]
fn fences_lend_their_ordering_to_relaxed_accesses() {
    let raise = |flag: Atomic| {
        fence(Release);
        flag.store(1, Relaxed, here());
    };
    let sees = |flag: Atomic| {
        let seen = flag.load(Relaxed, here()) == 1;
        fence(Acquire);
        seen
    };
    assert!(message_passing(raise, sees).failure.is_none());
}

#[test]
fn a_relaxed_read_modify_write_continues_a_release_sequence() {
    let raise = |flag: Atomic| {
        flag.store(1, Release, here());
        flag.update(Relaxed, here(), |value| value + 1);
    };
    assert!(message_passing(raise, |flag| flag.load(Acquire, here()) == 2).failure.is_none());
}

#[test]
fn another_store_ends_a_release_sequence() {
    let raise = |flag: Atomic| {
        flag.store(1, Release, here());
        flag.store(2, Relaxed, here());
    };
    let outcome = message_passing(raise, |flag| flag.load(Acquire, here()) == 2);
    assert!(matches!(bug(&outcome), Bug::DataRace(_)));
}

#[test]
fn a_mutex_orders_accesses_and_readers_do_not_race() {
    let outcome = run(|| {
        let (mutex, cell) = (Mutex::new(), Cell::new());
        cell.write(here());
        let child = spawn(move || cell.read(here()), here());
        cell.read(here());
        join(child, here()).unwrap();
        let locked = move || {
            mutex.lock(here());
            cell.write(here());
            mutex.unlock(here());
        };
        let child = spawn(locked, here());
        locked();
        join(child, here()).unwrap();
    });
    assert!(outcome.failure.is_none() && outcome.is_complete());
}

#[test]
fn locks_in_opposite_orders_deadlock_and_the_cycle_is_named() {
    let outcome = run(|| {
        let (one, two) = (Mutex::new(), Mutex::new());
        let in_order = move |first: Mutex, second: Mutex| {
            first.lock(here());
            second.lock(here());
            second.unlock(here());
            first.unlock(here());
        };
        let child = spawn(move || in_order(two, one), here());
        in_order(one, two);
        join(child, here()).unwrap();
    });
    let Bug::Deadlock { cycle, blocked } = bug(&outcome) else { panic!("a deadlock") };
    let [main, child] = &blocked[..] else { panic!("both threads are blocked") };
    assert_eq!(*cycle, [main.thread, child.thread], "both are in the cycle");
    assert_eq!([main, child].map(|one| one.operation.kind), [OperationKind::Lock; 2]);
    assert_ne!(main.operation.object(), child.operation.object(), "each wants its second lock");
    assert_eq!(main.operation.location, child.operation.location, "at this place in the code");
}

#[test]
fn locking_ones_own_mutex_again_is_a_deadlock() {
    let outcome = run(|| {
        let mutex = Mutex::new();
        mutex.lock(here());
        mutex.lock(here());
    });
    let Bug::Deadlock { cycle, blocked } = bug(&outcome) else { panic!("a deadlock") };
    assert_eq!(*cycle, [ThreadId::MAIN]);
    assert_eq!(blocked.len(), 1, "there is no other thread");
}

#[test]
fn a_writer_is_blocked_beside_readers_that_wait_for_ever() {
    let outcome = run(|| {
        let (lock, mutex, condvar) = (RwLock::new(), Mutex::new(), Condvar::new());
        let read_for_ever = move || {
            lock.read(here());
            lock.read(here());
            mutex.lock(here());
            condvar.begin_wait(mutex, here());
            condvar.end_wait(false, true, here());
        };
        let children = [(); 2].map(|()| spawn(read_for_ever, here()));
        while lock.try_write(here()) {
            lock.unlock_write(here());
            spin(here());
        }
        lock.write(here());
        for child in children {
            join(child, here()).unwrap();
        }
    });
    let Bug::LostWakeUp { blocked } = bug(&outcome) else { panic!("{:?}", outcome.failure) };
    let [main, readers @ ..] = &blocked[..] else { panic!("main is blocked, too") };
    assert_eq!((main.thread, main.operation.kind), (ThreadId::MAIN, OperationKind::WriteLock));
    assert!(!readers.is_empty(), "the writer waits for one or both");
    for reader in readers {
        assert_eq!(reader.operation.kind, OperationKind::WakeUp);
    }
}

#[test]
fn a_notification_before_the_wait_is_a_lost_wake_up() {
    let outcome = run(|| {
        let (mutex, condvar) = (Mutex::new(), Condvar::new());
        let child = spawn(move || _ = condvar.notify_one(here()), here());
        mutex.lock(here());
        condvar.wait(mutex, false, here());
        mutex.unlock(here());
        join(child, here()).unwrap();
    });
    assert!(matches!(bug(&outcome), Bug::LostWakeUp { .. }));
}

#[test]
fn a_parked_thread_without_a_token_is_left_parked() {
    let outcome = run(|| _ = park(false, here()));
    assert!(matches!(bug(&outcome), Bug::LeftParked { .. }));
    let outcome = run(|| {
        let main = lockproof_explore::current_thread();
        let child = spawn(move || unpark(main, here()), here());
        assert_eq!(park(false, here()), Wake::Notified);
        join(child, here()).unwrap();
    });
    assert!(outcome.failure.is_none() && outcome.is_complete());
}

#[test]
fn a_spin_loop_ends_when_another_thread_ends_it() {
    let outcome = run(|| {
        let flag = Atomic::new(0);
        let child = spawn(move || flag.store(1, SeqCst, here()), here());
        while flag.load(SeqCst, here()) == 0 {
            spin(here());
        }
        join(child, here()).unwrap();
    });
    assert!(outcome.failure.is_none() && outcome.is_complete());
    assert!(outcome.executions < 10, "idle rounds are not counted out: {}", outcome.executions);
}

#[test]
fn a_spin_loop_that_no_thread_ends_is_a_livelock() {
    let outcome = run(|| {
        let flag = Atomic::new(0);
        while flag.load(SeqCst, here()) == 0 {
            spin(here());
        }
    });
    assert!(matches!(bug(&outcome), Bug::Livelock { thread, .. } if *thread == ThreadId::MAIN));
}

#[test]
fn a_spin_lock_is_explored_to_the_end() {
    let outcome = run(|| {
        let (lock, cell) = (Atomic::new(0), Cell::new());
        let critical = move || {
            while lock.compare_exchange((0, 1), (AcqRel, Acquire), false, here()).is_err() {
                spin(here());
            }
            cell.write(here());
            lock.store(0, Release, here());
        };
        let child = spawn(critical, here());
        critical();
        join(child, here()).unwrap();
    });
    assert!(outcome.failure.is_none() && outcome.is_complete(), "{:?}", outcome.stop_reason);
}

/// A thread waits until all flags are up, and another one raises `raised` of them.
fn waits_for_flags<const COUNT: usize>(raised: usize) -> Findings {
    let options = Options { steps: 500, ..Options::default() };
    explore(&options, &mut Exhaustive::new(), &mut (), move || {
        let flags: [Atomic; COUNT] = std::array::from_fn(|_| Atomic::new(0));
        let raise = move || flags[..raised].iter().for_each(|flag| flag.store(1, SeqCst, here()));
        let child = spawn(raise, here());
        while flags.iter().filter(|flag| flag.load(SeqCst, here()) == 1).count() < COUNT {
            spin(here());
        }
        join(child, here()).unwrap();
    })
}

#[test]
fn a_spin_loop_over_many_things_goes_on_when_nothing_else_can() {
    let two = waits_for_flags::<2>(2);
    assert!(two.is_complete() && !two.facts.met.late, "the reduction follows two: {two:?}");
    for outcome in [waits_for_flags::<3>(3), waits_for_flags::<8>(8)] {
        assert!(outcome.is_complete() && outcome.facts.met.idle_spins, "{outcome:?}");
        assert!(outcome.facts.met.late, "it says that it went on late: {:?}", outcome.facts);
    }
    let stuck = waits_for_flags::<3>(2);
    assert!(matches!(bug(&stuck), Bug::Livelock { .. }), "{:?}", stuck.failure);
}

#[test]
fn a_spin_loop_over_too_many_things_is_taken_for_endless() {
    let outcome = waits_for_flags::<9>(9);
    assert!(matches!(bug(&outcome), Bug::TooLong { .. }), "{:?}", outcome.failure);
}

#[test]
fn an_endless_execution_is_cut_off() {
    let options = Options { steps: 100, ..Options::default() };
    let outcome = explore(&options, &mut Exhaustive::new(), &mut (), || {
        let atomic = Atomic::new(0);
        loop {
            atomic.update(SeqCst, here(), |value| value + 1);
        }
    });
    assert!(matches!(bug(&outcome), Bug::TooLong { steps: 100 }));
}

#[test]
fn a_timed_wait_meets_both_ends_and_is_no_deadlock() {
    let outcome = run(|| {
        let token = spawn(|| _ = park(true, here()), here());
        unpark(token, here());
        join(token, here()).unwrap();
        while park(true, here()) != Wake::TimedOut {}
        assert_eq!(park(true, here()), Wake::TimedOut, "a late time-out fires when all wait");
    });
    assert!(outcome.failure.is_none() && outcome.is_complete());
    assert!(outcome.facts.met.late && outcome.facts.met.time_outs);
}

#[test]
fn a_panic_is_what_the_join_returns_and_the_main_threads_panic_fails_the_model() {
    let outcome = run(|| {
        let child = spawn(|| std::panic::resume_unwind(Box::new("expected")), here());
        let payload = join(child, here()).expect_err("the thread panicked");
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"expected"));
    });
    assert!(outcome.failure.is_none() && outcome.is_complete());
    let outcome = run(|| std::panic::resume_unwind(Box::new("unexpected")));
    assert!(matches!(bug(&outcome), Bug::Panic { message, .. } if message == "unexpected"));
}

/// Unlocks when dropped, as a guard does.
struct Guard(Mutex);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.unlock(here());
    }
}

#[test]
fn a_guard_dropped_by_a_panic_releases_its_lock_for_others() {
    let outcome = run(|| {
        let mutex = Mutex::new();
        let body = move || {
            mutex.lock(here());
            let _guard = Guard(mutex);
            std::panic::resume_unwind(Box::new("with the lock held"));
        };
        let child = spawn(body, here());
        mutex.lock(here());
        assert!(!std::thread::panicking(), "the other thread's unwinding is not seen here");
        mutex.unlock(here());
        assert!(join(child, here()).is_err());
    });
    assert!(outcome.failure.is_none() && outcome.is_complete());
    assert_eq!(outcome.executions, 2);
}

#[test]
fn tear_down_runs_destructors_and_no_model_code() {
    struct Count(Rc<StdCell<u32>>, Mutex);
    impl Drop for Count {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
            self.1.lock(here());
            self.1.unlock(here());
            assert!(is_tearing_down(), "operations of destructors are inert");
        }
    }
    let (dropped, ran_on) = (Rc::new(StdCell::new(0)), Rc::new(StdCell::new(false)));
    let (dropped_inside, ran_on_inside) = (Rc::clone(&dropped), Rc::clone(&ran_on));
    let outcome = run(move || {
        let (free, lock) = (Mutex::new(), RwLock::new());
        let _count = Count(Rc::clone(&dropped_inside), free);
        let (dropped, ran_on) = (Rc::clone(&dropped_inside), Rc::clone(&ran_on_inside));
        let body = move || {
            let _count = Count(dropped, free);
            drop(std::panic::catch_unwind(|| park(false, here())));
            lock.read(here());
            ran_on.set(true);
        };
        spawn(body, here());
        park(false, here());
        ran_on_inside.set(true);
    });
    assert!(matches!(bug(&outcome), Bug::LeftParked { blocked, .. } if blocked.len() == 2));
    assert_eq!((dropped.get(), ran_on.get()), (2, false));
    assert_eq!(outcome.facts.leaked_stacks, 0);
}

#[test]
fn a_destructor_that_can_never_have_its_lock_is_leaked_and_reported() {
    struct Needs(Mutex);
    impl Drop for Needs {
        fn drop(&mut self) {
            self.0.lock(here());
        }
    }
    let outcome = run(|| {
        let mutex = Mutex::new();
        mutex.lock(here());
        let body = move || {
            let _needs = Needs(mutex);
            park(false, here());
        };
        spawn(body, here());
        park(false, here());
    });
    assert!(matches!(bug(&outcome), Bug::LeftParked { .. }));
    assert_eq!(outcome.facts.leaked_stacks, 1);
}

#[test]
fn a_hundred_threads_are_no_limit() {
    let outcome = run(|| {
        let total = Atomic::new(0);
        let children: Vec<_> =
            (0..100).map(|_| spawn(move || total.poke(total.peek() + 1), here())).collect();
        for child in children {
            join(child, here()).unwrap();
        }
        assert_eq!(total.peek(), 100);
    });
    assert!(outcome.failure.is_none() && outcome.is_complete());
    assert_eq!((outcome.executions, outcome.facts.threads), (1, 101));
}

#[test]
fn state_that_outlives_an_execution_is_nondeterminism() {
    let runs = Rc::new(StdCell::new(0));
    let outcome = run(move || {
        runs.set(runs.get() + 1);
        let atomic = Atomic::new(0);
        let child = spawn(move || atomic.store(1, SeqCst, here()), here());
        if runs.get() > 1 {
            spin(here());
        }
        atomic.load(SeqCst, here());
        join(child, here()).unwrap();
    });
    let Bug::Nondeterministic(divergence) = bug(&outcome) else { panic!("nondeterminism") };
    assert!(divergence.found.contains("yield"), "{divergence}");
    assert_eq!(outcome.stop_reason, StopReason::Failed);
}
