//! The shortest failing execution: found from any engine's, and never called shorter than is known.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::Duration;

use lockproof::engine::{Engine, Failure, Minimality, Obstacle, Settings, Strategy, Task, explore};
use lockproof::sync::Arc;
use lockproof::sync::atomic::AtomicU64;
use lockproof::thread;

use crate::engines::{controlled, settings};
use crate::schedules::{FAILING, failure_of, lost_update};

/// The engine that shortens, in builds that have it.
fn explore_engine() -> Option<Engine> {
    controlled().find(|engine| *engine == Engine::Explore)
}

fn shorten(failure: &Failure, settings: &Settings, model: fn()) -> Result<Failure, String> {
    Task::new(Engine::Explore, settings, model).shorten(failure)
}

fn minimality(failure: &Failure) -> &Minimality {
    failure.minimality.as_ref().expect("a failure that was shortened knows how short it is")
}

/// The child sees the first store, and then the second, if it is interrupted in between.
fn two_interruptions() {
    let flag = Arc::new(AtomicU64::new(0));
    let other = Arc::clone(&flag);
    let child = thread::spawn(move || {
        let rose = other.load(SeqCst) == 1;
        let fell = other.load(SeqCst) == 0;
        assert!(!(rose && fell), "the flag does not fall between two looks");
    });
    flag.store(1, SeqCst);
    flag.store(0, SeqCst);
    child.join().expect("the child sees nothing strange");
}

#[test]
fn every_engine_s_failure_is_shortened_to_the_same() {
    if explore_engine().is_none() {
        return;
    }
    for (model, kind) in FAILING {
        let mut shortest = Vec::new();
        for engine in controlled() {
            let failure = failure_of(engine, model);
            let short = shorten(&failure, &settings(), model).expect("explore comes to it");
            assert_eq!(short.defect.kind(), kind, "the defect is the same as {engine}'s");
            assert!(short.trace.events.len() <= failure.trace.events.len(), "{engine}, {kind}");
            assert!(minimality(&short).established && minimality(&short).is_shortest);
            shortest.push((minimality(&short).clone(), short));
        }
        let (first, _) = &shortest[0];
        assert!(
            shortest.iter().all(|(other, _)| other == first),
            "all come to the same: {first:?}"
        );
        for (_, short) in &shortest {
            let schedule = short.schedule.as_ref().expect("explore has schedules");
            let again = Task::new(Engine::Explore, &settings(), model).replay(schedule);
            let again = again.failure().expect("it fails again");
            assert_eq!(again.trace, short.trace, "the shortest execution is replayed as it is");
        }
    }
}

#[test]
fn the_fewest_preemptions_are_found_and_known() {
    if explore_engine().is_none() {
        return;
    }
    let said = |model| {
        let mut settings = settings();
        // Any of the failing executions, not the first in some order.
        settings.exploring = Strategy::Random;
        let exploration = explore(Engine::Explore, &settings, model);
        let failure = exploration.failure().expect("it can be found at random");
        let short = shorten(failure, &settings, model).expect("explore has found it itself");
        minimality(&short).to_string()
    };
    assert_eq!(said(lost_update), "needs 1 preemption; none fails with fewer");
    assert_eq!(said(two_interruptions), "needs 2 preemptions; none fails with fewer");
    assert_eq!(said(|| panic!("always")), "needs no preemption");
}

/// Fails with one preemption in one way, with two in another.
fn two_defects() {
    let flag = Arc::new(AtomicU64::new(0));
    let other = Arc::clone(&flag);
    let child = thread::spawn(move || {
        let seen = other.load(SeqCst);
        let again = other.load(SeqCst);
        assert!(!(seen == 1 && again == 0), "the flag falls between two looks");
        assert!(seen == 0, "the flag is seen");
    });
    flag.store(1, SeqCst);
    flag.store(0, SeqCst);
    child.join().expect("the child sees nothing strange");
}

#[test]
fn another_defect_with_fewer_preemptions_is_told() {
    if explore_engine().is_none() {
        return;
    }
    let mut settings = settings();
    settings.exploring = Strategy::Random;
    let falls = (0..100).find_map(|seed| {
        settings.seed = seed;
        let exploration = explore(Engine::Explore, &settings, two_defects);
        exploration.failure().filter(|f| f.defect.to_string().contains("falls")).cloned()
    });
    let falls = falls.expect("one of a hundred random searches finds it first");
    let short = shorten(&falls, &settings, two_defects).expect("explore has found it itself");
    let said = minimality(&short).to_string();
    assert_eq!(said, "needs 2 preemptions; none fails in this way with fewer");
}

/// Too many steps to search all executions with one preemption in a moment.
fn long_lost_update() {
    let (total, steps) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let work = |total: &AtomicU64, steps: &AtomicU64| {
        (0..200).for_each(|_| _ = steps.fetch_add(1, SeqCst));
        total.store(total.load(SeqCst) + 1, SeqCst);
        (0..200).for_each(|_| _ = steps.fetch_add(1, SeqCst));
    };
    let others: Vec<_> = (0..2)
        .map(|_| {
            let (total, steps) = (Arc::clone(&total), Arc::clone(&steps));
            thread::spawn(move || work(&total, &steps))
        })
        .collect();
    work(&total, &steps);
    for other in others {
        other.join().unwrap();
    }
    assert_eq!(total.load(SeqCst), 3, "all additions count");
}

#[test]
fn what_was_not_searched_is_not_claimed_and_yet_made_shorter() {
    if explore_engine().is_none() {
        return;
    }
    let mut settings = settings();
    settings.exploring = Strategy::Random;
    settings.shortening = Duration::from_secs(1);
    for engine in controlled().filter(|engine| *engine != Engine::Loom) {
        let exploration = explore(engine, &settings, long_lost_update);
        let failure = exploration.failure().expect("an addition is lost in a random execution");
        let short = shorten(failure, &settings, long_lost_update).expect("it is carried over");
        let minimality = minimality(&short);
        assert!(!minimality.is_shortest, "{minimality:?}");
        assert_eq!(minimality.obstacle, Some(Obstacle::Time(settings.shortening)));
        assert!(
            minimality.context_switches < 50,
            "most of the hundreds of switches of {engine}'s execution are gone: {minimality:?}"
        );
        if !minimality.established {
            assert!(minimality.to_string().contains("fewer may do"), "{minimality}");
        }
    }
}

/// Fails only where a load misses a store that came before another one, which it sees.
fn unordered_message() {
    let message = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
    let other = Arc::clone(&message);
    let child = thread::spawn(move || {
        // ORDERING: Relaxed on purpose: the flag does not order the data.
        other.0.store(1, Relaxed);
        other.1.store(1, Relaxed);
    });
    // ORDERING: as above.
    if message.1.load(Relaxed) == 1 {
        assert_eq!(message.0.load(Relaxed), 1, "the data come with the flag");
    }
    child.join().unwrap();
}

#[test]
fn what_needs_weak_memory_is_not_carried_over() {
    if explore_engine().is_none() {
        return;
    }
    for engine in controlled().filter(|engine| *engine == Engine::Loom) {
        let failure = failure_of(engine, unordered_message);
        let reason = shorten(&failure, &settings(), unordered_message).expect_err("it is loom's");
        assert!(reason.contains("weak memory"), "it says why: {reason}");
    }
}

#[test]
fn without_time_nothing_is_shortened() {
    if explore_engine().is_none() {
        return;
    }
    let mut settings = settings();
    settings.shortening = Duration::ZERO;
    let failure = failure_of(Engine::Explore, lost_update);
    let reason = shorten(&failure, &settings, lost_update).expect_err("there is no time");
    assert!(reason.contains("ended after 0"), "it says why: {reason}");
}
