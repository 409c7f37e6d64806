//! The extensions: choices, and read-write locks that are acquired with a time-out.

use lockproof::engine::{BlindSpot, Engine, explore};
use lockproof::extension::{TryLockFor, TryRwLockFor, choose};
use lockproof::sync::{Mutex, RwLock};
use lockproof::thread;
use lockproof::time::{Duration, Instant};

use crate::engines::{controlled, has_outcomes, settings};

const SHORT: Duration = Duration::from_millis(1);

#[test]
fn every_option_is_chosen_or_the_engine_says_that_it_cannot() {
    has_outcomes([0, 1, 2], || choose(3));
}

#[test]
fn only_an_engine_without_choices_has_the_blind_spot() {
    for exploration in controlled(|| _ = choose(2)) {
        let blind = exploration.blind_spots.contains(&BlindSpot::Choice);
        assert_eq!(blind, exploration.engine == Engine::Loom);
    }
    for exploration in controlled(|| _ = choose(1)) {
        assert!(exploration.blind_spots.is_empty(), "there is no other option");
    }
}

#[test]
fn real_threads_see_every_option() {
    let seen = std::sync::Arc::new(std::sync::Mutex::new([false; 3]));
    let of_model = std::sync::Arc::clone(&seen);
    explore(Engine::Std, &settings(), move || of_model.lock().unwrap()[choose(3)] = true);
    assert_eq!(*seen.lock().unwrap(), [true; 3]);
}

#[test]
fn a_timed_acquisition_gets_the_lock_or_not() {
    has_outcomes([(true, true), (true, false), (false, true)], || {
        let lock = RwLock::new(());
        thread::scope(|scope| {
            let other = scope.spawn(|| lock.try_write_for(SHORT / 10).is_ok());
            let read = lock.try_read_for(SHORT / 10).is_ok();
            (read, other.join().unwrap())
        })
    });
}

#[test]
fn an_acquisition_in_vain_takes_its_time() {
    for exploration in controlled(|| {
        let start = Instant::now();
        let (lock, mutex) = (RwLock::new(()), Mutex::new(()));
        assert!(lock.try_write_for(SHORT).is_ok());
        assert_eq!(start.elapsed(), Duration::ZERO);
        let _held = (lock.read().unwrap(), mutex.lock().unwrap());
        assert!(lock.try_read_for(SHORT).is_ok());
        assert!(lock.try_write_for(SHORT).is_err());
        assert!(mutex.try_lock_for(SHORT).is_err());
        assert_eq!(start.elapsed(), 2 * SHORT);
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}
