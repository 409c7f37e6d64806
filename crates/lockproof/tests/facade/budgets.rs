//! What an exploration says it did, it did: budgets stop it, settings change it, and the word proof
//! stands only where every interleaving was seen.

use std::time::Duration;

use lockproof::engine::{
    BlindSpot, Ending, Engine, Exploration, Progress, Settings, Strategy, Task, explore,
};
use lockproof::sync::atomic::{AtomicUsize, Ordering};
use lockproof::sync::{Arc, Condvar, Mutex};
use lockproof::thread;
use lockproof::trace::Trace;

use crate::engines::{assert_complete, controlled, is_exhausted, is_exhaustive, settings};

/// Each of `threads` threads adds one under a lock `increments` times; main joins them and looks.
fn locked_increments(threads: usize, increments: usize) {
    let total = Arc::new(Mutex::new(0));
    let children: Vec<_> = (0..threads)
        .map(|_| {
            let total = Arc::clone(&total);
            thread::spawn(move || (0..increments).for_each(|_| *total.lock().unwrap() += 1))
        })
        .collect();
    for child in children {
        child.join().unwrap();
    }
    assert_eq!(*total.lock().unwrap(), threads * increments, "every increment is counted");
}

/// The broken counter: finding it takes one preemption.
fn unlocked_increments() {
    let total = Arc::new(AtomicUsize::new(0));
    let add = |total: &AtomicUsize| {
        let seen = total.load(Ordering::SeqCst);
        total.store(seen + 1, Ordering::SeqCst);
    };
    let other = Arc::clone(&total);
    let child = thread::spawn(move || add(&other));
    add(&total);
    child.join().unwrap();
    assert_eq!(total.load(Ordering::SeqCst), 2, "every increment is counted");
}

fn budget(exploration: &Exploration) -> &str {
    match &exploration.ending {
        Ending::OutOfBudget { budget } => budget,
        other => panic!("{} runs out of its budget: {other:?}", exploration.engine),
    }
}

#[test]
fn no_time_means_no_execution_and_no_proof() {
    for &engine in Engine::available() {
        let mut settings = settings();
        settings.time = Duration::ZERO;
        let exploration = explore(engine, &settings, || locked_increments(2, 1));
        assert!(budget(&exploration).contains("0ns"), "{engine} names the budget: {exploration:?}");
        assert_eq!(exploration.executions, 0, "{engine} begins nothing that it has no time for");
        assert!(!is_exhausted(&exploration), "nothing was looked at, so nothing is proved");
    }
}

#[test]
fn a_limit_on_executions_is_kept_exactly() {
    for engine in controlled() {
        let mut settings = settings();
        settings.executions = Some(1);
        let exploration = explore(engine, &settings, || locked_increments(2, 3));
        if is_exhaustive(&exploration) {
            assert!(budget(&exploration).contains('1'), "{engine} names the limit");
            assert_eq!(exploration.executions, 1, "{engine} keeps the limit");
            assert!(!is_exhausted(&exploration), "a search cut short proves nothing");
        }
    }
}

#[test]
fn a_limit_that_the_search_does_not_reach_changes_nothing() {
    for engine in controlled() {
        let unlimited = explore(engine, &settings(), || locked_increments(2, 1));
        let mut settings = settings();
        settings.executions = Some(unlimited.executions + 1);
        let limited = explore(engine, &settings, || locked_increments(2, 1));
        assert_complete(&limited);
        assert_eq!(limited.executions, unlimited.executions, "{engine} searches as far");
        assert_eq!(is_exhausted(&limited), is_exhausted(&unlimited), "{engine} proves as much");
    }
}

#[test]
fn a_sampling_engine_takes_as_many_samples_as_asked() {
    for &engine in Engine::available() {
        let mut settings = settings();
        (settings.samples, settings.stress_runs) = (7, 3);
        let exploration = explore(engine, &settings, || locked_increments(2, 1));
        assert_complete(&exploration);
        match exploration.strategy {
            Strategy::Exhaustive => {
                assert_ne!(exploration.executions, 7, "samples are not its own");
            }
            Strategy::Stress => assert_eq!(exploration.executions, 3),
            _ => assert_eq!(exploration.executions, 7),
        }
    }
}

#[test]
fn a_bound_on_preemptions_makes_the_search_smaller_and_is_no_proof() {
    for engine in controlled() {
        let unbounded = explore(engine, &settings(), || locked_increments(2, 3));
        let mut settings = settings();
        settings.preemptions = Some(1);
        let bounded = explore(engine, &settings, || locked_increments(2, 3));
        assert_complete(&bounded);
        if is_exhaustive(&bounded) {
            assert!(bounded.executions < unbounded.executions, "{engine} obeys the bound");
            assert_eq!(bounded.preemptions, Some(1), "{engine} reports the bound");
            assert!(
                is_exhausted(&unbounded) && !is_exhausted(&bounded),
                "a bounded search proves nothing"
            );
        } else {
            assert_eq!(bounded.preemptions, None, "{engine} does not claim a bound it ignores");
        }
    }
}

/// The execution in which the broken counter fails, and how.
fn first_failure(engine: Engine, settings: &Settings) -> (u64, Trace) {
    let exploration = explore(engine, settings, unlocked_increments);
    let failure = exploration.failure().expect("a controlled engine finds the lost update");
    assert_eq!(failure.execution, exploration.executions, "{engine} stops at the failure");
    (failure.execution, failure.trace.clone())
}

#[test]
fn the_same_settings_find_the_same_failure_in_the_same_execution() {
    for engine in controlled() {
        for sampling in [Strategy::Random, Strategy::Pct { depth: 2 }] {
            for seed in 0..5 {
                let mut settings = settings();
                (settings.sampling, settings.seed) = (sampling, seed);
                let first = first_failure(engine, &settings);
                let second = first_failure(engine, &settings);
                assert_eq!(first, second, "{engine}, {sampling}, seed {seed}: the run repeats");
            }
        }
    }
}

#[test]
fn other_seeds_take_other_schedules() {
    for engine in controlled() {
        let mut failures = Vec::new();
        for seed in 0..20 {
            let mut settings = settings();
            settings.seed = seed;
            failures.push(first_failure(engine, &settings));
        }
        let exploration = explore(engine, &settings(), || locked_increments(2, 1));
        let varies = failures.iter().any(|failure| *failure != failures[0]);
        assert_eq!(varies, exploration.seed.is_some(), "{engine} obeys the seed that it reports");
    }
}

#[test]
fn the_strategy_that_sampled_is_reported() {
    for engine in controlled() {
        for sampling in [Strategy::Random, Strategy::Pct { depth: 3 }] {
            let mut settings = settings();
            settings.sampling = sampling;
            let exploration = explore(engine, &settings, || locked_increments(2, 1));
            assert_complete(&exploration);
            if !is_exhaustive(&exploration) {
                assert_eq!(exploration.strategy, sampling, "{engine} reports what it did");
            }
        }
    }
}

#[test]
fn a_strategy_that_an_engine_does_not_have_is_refused() {
    for engine in controlled() {
        let mut settings = settings();
        settings.sampling = Strategy::Stress;
        let exploration = explore(engine, &settings, || locked_increments(2, 1));
        if !is_exhaustive(&exploration) {
            let refused = matches!(exploration.ending, Ending::Unsupported { .. });
            assert!(refused, "{engine} does not sample in another way: {exploration:?}");
        }
    }
}

#[test]
fn loom_behind_the_facade_explores_as_many_executions_as_bare_loom() {
    // Bare loom's counts for the same programs, measured with loom 0.7.3 and no bound.
    let models = [(2, 1, 9), (2, 2, 30), (2, 3, 105), (3, 1, 414)];
    for (threads, increments, bare) in models {
        for engine in controlled() {
            let exploration =
                explore(engine, &settings(), move || locked_increments(threads, increments));
            assert_complete(&exploration);
            assert_eq!(is_exhausted(&exploration), is_exhaustive(&exploration), "{engine}");
            assert_eq!(exploration.blind_spots, [], "{engine} sees everything that locks do");
            assert_eq!(exploration.threads, threads + 1, "{engine} counts main");
            if engine == Engine::Loom {
                let program = format!("{threads} threads x {increments}");
                assert_eq!(exploration.executions, bare, "{program}: the facade adds nothing");
            }
        }
    }
}

/// Demands that loom does not call a search of `model` a proof, and says why.
fn loom_does_not_prove(spot: BlindSpot, model: impl Fn() + Clone + Send + Sync + 'static) {
    for &engine in Engine::available() {
        let exploration = explore(engine, &settings(), model.clone());
        assert_complete(&exploration);
        if engine == Engine::Loom {
            assert_eq!(exploration.blind_spots, [spot], "loom says why it is no proof");
        }
        let sees_all = is_exhaustive(&exploration) && exploration.blind_spots.is_empty();
        assert_eq!(is_exhausted(&exploration), sees_all, "{engine} proves only what it sees");
    }
}

#[test]
fn an_attempt_on_a_lock_is_no_proof_under_loom() {
    loom_does_not_prove(BlindSpot::TryLock, || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || other.try_lock().is_ok());
        drop(lock.lock());
        child.join().unwrap();
    });
}

#[test]
fn a_wait_for_a_notification_is_no_proof_under_loom() {
    loom_does_not_prove(BlindSpot::SpuriousWakeUp, || {
        let shared = Arc::new((Mutex::new(false), Condvar::new()));
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            *other.0.lock().unwrap() = true;
            other.1.notify_one();
        });
        let ready = shared.1.wait_while(shared.0.lock().unwrap(), |ready| !*ready);
        assert!(*ready.unwrap(), "the wait ends when the flag is set");
        child.join().unwrap();
    });
}

#[test]
fn racing_plain_atomics_are_no_proof_under_loom() {
    loom_does_not_prove(BlindSpot::PlainAtomics, || {
        let flag = Arc::new(AtomicUsize::new(0));
        let other = Arc::clone(&flag);
        let child = thread::spawn(move || other.store(1, Ordering::SeqCst));
        assert!(flag.load(Ordering::SeqCst) < 2, "nothing else is stored");
        child.join().unwrap();
    });
}

#[test]
fn plain_atomics_of_one_thread_are_no_blind_spot() {
    for engine in controlled() {
        let exploration = explore(engine, &settings(), || {
            let flag = AtomicUsize::new(0);
            flag.store(1, Ordering::SeqCst);
            assert_eq!(flag.load(Ordering::SeqCst), 1, "a thread sees its own stores");
        });
        assert_complete(&exploration);
        assert_eq!(is_exhausted(&exploration), is_exhaustive(&exploration), "{engine}");
    }
}

#[test]
fn progress_grows_and_ends_where_the_exploration_does() {
    for &engine in Engine::available() {
        let mut settings = settings();
        (settings.samples, settings.stress_runs) = (u64::MAX, u64::MAX);
        settings.time = Duration::from_millis(700);
        let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let listener = std::sync::Arc::clone(&told);
        let tell = move |progress: &Progress| listener.lock().unwrap().push(progress.clone());
        let exploration =
            Task::new(engine, &settings, || locked_increments(4, 4)).reporting_to(tell).explore();
        assert!(matches!(exploration.ending, Ending::OutOfBudget { .. }), "{exploration:?}");
        let told = told.lock().unwrap();
        let last = told.last().expect("the search is long enough to be told of");
        assert!(told.is_sorted_by_key(|progress| progress.executions), "{engine}: {told:?}");
        assert!(last.executions <= exploration.executions, "{engine}: {last:?}");
        let is_guess = |estimate: f64| estimate >= 1.0;
        let has_guess = last.estimate.is_some_and(is_guess);
        assert_eq!(has_guess, engine != Engine::Loom, "only loom cannot tell: {last:?}");
    }
}
