//! `Condvar` inside a model: notifications reach whom they may reach, time-outs may fire at any
//! moment or never, and a wait may end for no reason where the engine can choose.

use std::time::Duration;

use lockproof::engine::{BlindSpot, DefectKind, Engine};
use lockproof::sync::{Arc, Condvar, Mutex};
use lockproof::thread;

use crate::engines::{
    controlled, holds, is_exhausted, is_exhaustive, is_refuted, reaches, results,
};

type Shared = Arc<(Mutex<u32>, Condvar)>;

/// Short enough for real threads to wait for.
const SHORT: Duration = Duration::from_millis(1);

#[test]
fn a_flag_set_before_its_notification_ends_the_wait() {
    holds(|| {
        let shared = Shared::default();
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            *other.0.lock().unwrap() = 1;
            other.1.notify_one();
        });
        let flag = shared.1.wait_while(shared.0.lock().unwrap(), |flag| *flag == 0).unwrap();
        assert_eq!(*flag, 1, "the wait ends when the condition does, and holds the lock");
        assert!(shared.0.try_lock().is_err(), "the lock is held again after the wait");
        drop(flag);
        child.join().unwrap();
    });
}

#[test]
fn a_wait_releases_the_lock() {
    holds(|| {
        let shared = Shared::default();
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            let mut turn = other.0.lock().unwrap();
            while *turn != 1 {
                turn = other.1.wait(turn).unwrap();
            }
            *turn = 2;
            other.1.notify_all();
        });
        *shared.0.lock().unwrap() = 1;
        shared.1.notify_all();
        let turn = shared.1.wait_while(shared.0.lock().unwrap(), |turn| *turn != 2).unwrap();
        assert_eq!(*turn, 2, "the child could lock while main waited");
        drop(turn);
        child.join().unwrap();
    });
}

/// Two threads wait for one flag; main sets it and notifies.
fn two_waiters(notify: fn(&Condvar)) {
    let shared = Shared::default();
    let waiters: Vec<_> = (0..2)
        .map(|_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                drop(shared.1.wait_while(shared.0.lock().unwrap(), |flag| *flag == 0));
            })
        })
        .collect();
    *shared.0.lock().unwrap() = 1;
    notify(&shared.1);
    for waiter in waiters {
        waiter.join().unwrap();
    }
}

#[test]
fn notify_all_reaches_every_waiter() {
    holds(|| two_waiters(Condvar::notify_all));
}

#[test]
fn notify_one_leaves_the_other_waiter_waiting() {
    is_refuted(
        DefectKind::LostWakeUp,
        || two_waiters(Condvar::notify_one),
        |failure| {
            let blocked = failure.defect.blocked();
            let waits = blocked.iter().filter(|thread| thread.waits_for.contains("a notification"));
            assert_eq!(waits.count(), 1, "one waiter is left: {}", failure.defect);
            assert!(blocked.iter().any(|thread| thread.thread == "main"), "main joins it");
        },
    );
}

/// Who waits, in order, and who was let go.
#[derive(Default)]
struct Queue {
    waiting: Vec<u32>,
    permits: usize,
    woken: Vec<u32>,
}

/// Whether the longest waiter was the first to go, if both waited when the notification came.
fn longest_waiter_is_first() -> Option<bool> {
    let shared: Arc<(Mutex<Queue>, Condvar)> = Arc::default();
    let waiters: Vec<_> = (0..2)
        .map(|number| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let mut queue = shared.0.lock().unwrap();
                queue.waiting.push(number);
                let wait = shared.1.wait_while(queue, |queue| queue.permits == 0);
                let mut queue = wait.unwrap();
                queue.permits -= 1;
                queue.woken.push(number);
            })
        })
        .collect();
    let mut queue = shared.0.lock().unwrap();
    let both_wait = queue.waiting.len() == 2;
    queue.permits = 1;
    drop(queue);
    shared.1.notify_one();
    let mut queue = shared.0.lock().unwrap();
    queue.permits += 1;
    drop(queue);
    shared.1.notify_all();
    for waiter in waiters {
        waiter.join().unwrap();
    }
    let queue = shared.0.lock().unwrap();
    both_wait.then(|| queue.woken[0] == queue.waiting[0])
}

#[test]
fn a_notification_may_reach_any_waiter_where_the_engine_can_choose() {
    for engine in controlled() {
        let (exploration, first) = results(engine, longest_waiter_is_first);
        assert!(first.contains(&Some(true)), "{engine}: the longest waiter may be first");
        let blind = exploration.blind_spots.contains(&BlindSpot::SpuriousWakeUp);
        assert!(blind || first.contains(&Some(false)), "{engine}: the other one may be, too");
    }
}

#[test]
fn a_timed_wait_ends_either_way() {
    reaches([(false, 1), (true, 0), (true, 1)], || {
        let shared = Shared::default();
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            *other.0.lock().unwrap() = 1;
            other.1.notify_one();
        });
        let flag = shared.0.lock().unwrap();
        let (mut flag, mut result) = shared.1.wait_timeout(flag, SHORT).unwrap();
        // A timed wait may end spuriously, too.
        while !result.timed_out() && *flag == 0 {
            (flag, result) = shared.1.wait_timeout(flag, SHORT).unwrap();
        }
        let seen = (result.timed_out(), *flag);
        drop(flag);
        child.join().unwrap();
        seen
    });
}

#[test]
fn a_timed_wait_for_a_condition_times_out_only_while_the_condition_stands() {
    reaches([false, true], || {
        let shared = Shared::default();
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            *other.0.lock().unwrap() = 1;
            other.1.notify_one();
        });
        let flag = shared.0.lock().unwrap();
        let (flag, result) = shared.1.wait_timeout_while(flag, SHORT, |flag| *flag == 0).unwrap();
        let timed_out = result.timed_out();
        assert_eq!(timed_out, *flag == 0, "a time-out means that the condition still stands");
        drop(flag);
        child.join().unwrap();
        timed_out
    });
}

#[test]
fn a_timed_wait_that_nobody_notifies_times_out() {
    holds(|| {
        let (lock, changed) = (Mutex::new(()), Condvar::new());
        let (guard, result) =
            changed.wait_timeout_while(lock.lock().unwrap(), SHORT, |()| true).unwrap();
        assert!(result.timed_out(), "nothing else can end this wait");
        drop(guard);
        assert!(lock.try_lock().is_ok(), "the guard that came back releases the lock");
    });
}

#[test]
fn a_notification_that_nobody_waits_for_is_forgotten() {
    holds(|| {
        let (lock, changed) = (Mutex::new(()), Condvar::new());
        changed.notify_one();
        changed.notify_all();
        let wait = changed.wait_timeout_while(lock.lock().unwrap(), SHORT, |()| true);
        assert!(wait.unwrap().1.timed_out(), "the earlier notifications do not end the wait");
    });
}

#[test]
fn a_wait_that_nobody_ends_may_end_spuriously_where_the_engine_can_choose() {
    for &engine in Engine::available() {
        let (exploration, woken_early) = results(engine, || {
            let shared = Shared::default();
            let other = Arc::clone(&shared);
            let child = thread::spawn(move || {
                *other.0.lock().unwrap() = 1;
                other.1.notify_one();
            });
            let flag = shared.0.lock().unwrap();
            // Without a loop, which is the mistake that spurious wake-ups punish.
            let flag = if *flag == 0 { shared.1.wait(flag).unwrap() } else { flag };
            let woken_early = *flag == 0;
            drop(flag);
            child.join().unwrap();
            woken_early
        });
        if !engine.is_controlled() {
            continue;
        }
        let blind = exploration.blind_spots.contains(&BlindSpot::SpuriousWakeUp);
        assert_eq!(woken_early.contains(&true), !blind, "{engine} finds it or says it cannot");
        assert!(
            !(blind && is_exhausted(&exploration)),
            "{engine} does not prove what it cannot see"
        );
    }
}

#[test]
fn a_wait_passes_the_poison_on() {
    holds(|| {
        let shared = Shared::default();
        let other = Arc::clone(&shared);
        let flag = shared.0.lock().unwrap();
        let child = thread::spawn(move || {
            let mut flag = other.0.lock().unwrap();
            *flag = 1;
            other.1.notify_one();
            panic!("while holding");
        });
        let mut flag = Ok(flag);
        let poisoned = loop {
            match flag {
                Ok(held) if *held == 0 => flag = shared.1.wait(held),
                Ok(_) => break false,
                Err(_) => break true,
            }
        };
        assert!(poisoned, "the waiter holds a lock that a panic has poisoned");
        assert!(child.join().is_err(), "the child panicked");
    });
}

#[test]
fn an_exhaustive_search_of_a_hand_over_is_complete() {
    for &engine in Engine::available() {
        let (exploration, order) = results(engine, || {
            let shared = Shared::default();
            let other = Arc::clone(&shared);
            let child = thread::spawn(move || {
                drop(other.1.wait_while(other.0.lock().unwrap(), |turn| *turn == 0));
            });
            *shared.0.lock().unwrap() = 1;
            shared.1.notify_one();
            child.join().unwrap();
        });
        assert_eq!(order.len(), 1, "{engine}: there is one result");
        if is_exhaustive(&exploration) {
            assert!(exploration.executions > 1, "{engine}: the wait comes before and after");
        }
    }
}
