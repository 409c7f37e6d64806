//! Parking, sleeping and yielding inside a model: a token is kept once, time never passes, and
//! others may always go first.

use std::time::{Duration, Instant};

use lockproof::engine::{BlindSpot, DefectKind, Engine};
use lockproof::hint;
use lockproof::sync::atomic::{AtomicBool, Ordering};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;

use crate::engines::{controlled, holds, is_refuted, reaches, results};

/// Nobody would wait for it.
const AN_HOUR: Duration = Duration::from_hours(1);

#[test]
fn an_unpark_ends_a_park_whichever_comes_first() {
    holds(|| {
        let ready = Arc::new(AtomicBool::new(false));
        let other = Arc::clone(&ready);
        let main = thread::current();
        let child = thread::spawn(move || {
            other.store(true, Ordering::SeqCst);
            main.unpark();
        });
        while !ready.load(Ordering::SeqCst) {
            thread::park();
        }
        child.join().unwrap();
    });
}

#[test]
fn a_token_is_kept_for_the_next_park() {
    holds(|| {
        thread::current().unpark();
        thread::park();
    });
}

#[test]
fn a_park_sees_what_came_before_every_unpark_of_its_token() {
    holds(|| {
        let flags = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
        let main = thread::current();
        let children = [0, 1].map(|index| {
            let (flags, main) = (Arc::clone(&flags), main.clone());
            thread::spawn(move || {
                flags[index].store(true, Ordering::Relaxed);
                main.unpark();
            })
        });
        // One token may stand for both unparks: a stale flag would be waited for in vain.
        while flags.iter().any(|flag| !flag.load(Ordering::Relaxed)) {
            thread::park();
        }
        for child in children {
            child.join().unwrap();
        }
    });
}

#[test]
fn two_unparks_leave_one_token() {
    let model = || {
        thread::current().unpark();
        thread::current().unpark();
        thread::park();
        thread::park();
    };
    is_refuted(DefectKind::Parked, model, |failure| {
        assert_eq!(failure.defect.blocked().len(), 1, "the second park finds no token");
    });
}

#[test]
fn a_token_belongs_to_its_thread() {
    let model = || {
        let child = thread::spawn(thread::park);
        thread::current().unpark();
        child.join().unwrap();
    };
    is_refuted(DefectKind::Parked, model, |failure| {
        let blocked = failure.defect.blocked();
        let child = blocked.iter().find(|blocked| blocked.thread == "thread 1");
        assert_eq!(child.expect("the child is parked").waits_for, "an unpark");
    });
}

#[test]
fn the_handle_of_a_thread_unparks_it() {
    holds(|| {
        let child = thread::spawn(thread::park);
        child.thread().unpark();
        child.join().unwrap();
    });
}

#[test]
fn a_park_may_end_spuriously_where_the_engine_can_choose() {
    for engine in controlled() {
        let (exploration, early) = results(engine, || {
            let ready = Arc::new(AtomicBool::new(false));
            let other = Arc::clone(&ready);
            let main = thread::current();
            let child = thread::spawn(move || {
                other.store(true, Ordering::SeqCst);
                main.unpark();
            });
            thread::park();
            let early = !ready.load(Ordering::SeqCst);
            child.join().unwrap();
            early
        });
        let blind = exploration.blind_spots.contains(&BlindSpot::SpuriousWakeUp);
        assert_eq!(early.contains(&true), !blind, "{engine} finds it or says it cannot");
    }
}

#[test]
fn a_park_with_a_time_out_ends_before_or_after_the_unpark() {
    reaches([false, true], || {
        let done = Arc::new(Mutex::new(false));
        let other = Arc::clone(&done);
        let main = thread::current();
        let child = thread::spawn(move || {
            *other.lock().unwrap() = true;
            main.unpark();
        });
        thread::park_timeout(Duration::from_millis(1));
        let seen = *done.lock().unwrap();
        child.join().unwrap();
        seen
    });
}

#[test]
fn a_park_with_a_time_out_takes_the_token() {
    let model = || {
        thread::current().unpark();
        thread::park_timeout(Duration::from_millis(1));
        thread::park();
    };
    is_refuted(DefectKind::Parked, model, |failure| {
        assert_eq!(failure.defect.blocked()[0].thread, "main", "no token is left for the park");
    });
}

#[test]
fn no_time_passes_inside_a_model() {
    for engine in controlled() {
        let start = Instant::now();
        let (_, _) = results(engine, || {
            thread::sleep(AN_HOUR);
            thread::park_timeout(AN_HOUR);
        });
        assert!(start.elapsed() < AN_HOUR, "{engine} does not wait for the clock");
    }
}

/// What main sees of a flag that the child sets, after `pause`.
fn seen_after(pause: fn()) -> bool {
    let flag = Arc::new(Mutex::new(false));
    let other = Arc::clone(&flag);
    let child = thread::spawn(move || *other.lock().unwrap() = true);
    pause();
    let seen = *flag.lock().unwrap();
    child.join().unwrap();
    seen
}

#[test]
fn a_sleep_orders_nothing() {
    reaches([false, true], || seen_after(|| thread::sleep(Duration::from_micros(1))));
}

#[test]
fn a_yield_orders_nothing() {
    reaches([false, true], || seen_after(thread::yield_now));
}

#[test]
fn a_spinning_thread_lets_the_other_one_come() {
    for &engine in Engine::available() {
        let (_, seen) = results(engine, || {
            let flag = Arc::new(AtomicBool::new(false));
            let other = Arc::clone(&flag);
            let child = thread::spawn(move || other.store(true, Ordering::SeqCst));
            while !flag.load(Ordering::SeqCst) {
                hint::spin_loop();
            }
            child.join().unwrap();
            flag.load(Ordering::SeqCst)
        });
        assert!(seen.contains(&true) && seen.len() == 1, "{engine}: the flag ends the loop");
    }
}
