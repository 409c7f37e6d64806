//! The clock of a model: what moves it, and who sees it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lockproof::engine::DefectKind;
use lockproof::sync::{Condvar, Mutex};
use lockproof::thread;
use lockproof::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::engines::{controlled, has_outcomes, holds_on_every_engine};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_sleep_takes_its_time_and_nothing_else_does() {
    for exploration in controlled(|| {
        let (start, system) = (Instant::now(), SystemTime::now());
        thread::yield_now();
        assert_eq!(start.elapsed(), Duration::ZERO);
        thread::sleep(SECOND);
        assert_eq!(start.elapsed(), SECOND);
        assert_eq!(system.elapsed().unwrap(), SECOND);
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}

#[test]
fn a_time_out_that_fires_takes_its_time() {
    for exploration in controlled(|| {
        let start = Instant::now();
        let lock = Mutex::new(());
        // The condition stands, so a wait that ends spuriously begins again.
        let guard = lock.lock().unwrap();
        let waited = Condvar::new().wait_timeout_while(guard, SECOND, |()| true).unwrap();
        assert!(waited.1.timed_out());
        drop(waited);
        assert_eq!(start.elapsed(), SECOND);
        thread::park_timeout(SECOND);
        assert_eq!(start.elapsed(), 2 * SECOND);
        thread::current().unpark();
        thread::park_timeout(SECOND);
        assert_eq!(start.elapsed(), 2 * SECOND, "the token was there");
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}

#[test]
fn every_execution_begins_at_the_same_moment() {
    static FIRST: std::sync::OnceLock<(Instant, SystemTime)> = std::sync::OnceLock::new();
    for exploration in controlled(|| {
        let now = (Instant::now(), SystemTime::now());
        assert_eq!(*FIRST.get_or_init(|| now), now);
        assert_eq!(now.1.duration_since(UNIX_EPOCH).unwrap().as_secs(), 946_684_800);
        thread::sleep(SECOND);
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}

#[test]
fn threads_see_each_others_time() {
    let seconds = [0, 1];
    has_outcomes(seconds, || {
        let start = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| thread::sleep(SECOND / 50));
            u64::from(start.elapsed() >= SECOND / 50)
        })
    });
}

#[test]
fn waiting_for_time_to_pass_by_spinning_is_a_livelock() {
    for exploration in controlled(|| {
        let start = Instant::now();
        while start.elapsed() < SECOND {
            std::hint::spin_loop();
        }
    }) {
        let failure = exploration.failure().expect("time does not run by itself");
        assert_eq!(failure.defect.kind(), DefectKind::Livelock);
    }
}

#[test]
fn a_deadline_is_met_or_missed() {
    has_outcomes([false, true], || {
        let (ready, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                *ready.lock().unwrap() = true;
                changed.notify_one();
            });
            let start = Instant::now();
            let guard = ready.lock().unwrap();
            let (ready, _) =
                changed.wait_timeout_while(guard, SECOND / 10, |ready| !*ready).unwrap();
            *ready || start.elapsed() < SECOND / 10
        })
    });
}

#[test]
fn clocks_count_as_std_does() {
    holds_on_every_engine(|| {
        let now = Instant::now();
        let later = now + SECOND;
        assert_eq!(later - now, SECOND);
        assert_eq!(now - later, Duration::ZERO, "std's answer since 1.60");
        assert_eq!(now.checked_duration_since(later), None);
        assert_eq!(now.saturating_duration_since(later), Duration::ZERO);
        assert_eq!(later.checked_sub(SECOND), Some(now));
        assert_eq!(now.checked_add(Duration::MAX), None);
        let system = SystemTime::now();
        assert_eq!(system.duration_since(system + SECOND).unwrap_err().duration(), SECOND);
        assert_eq!(UNIX_EPOCH, SystemTime::UNIX_EPOCH);
    });
}

#[test]
fn overflow_panics_as_std_does() {
    let now = Instant::now();
    let message = |outcome: Result<Instant, Box<dyn std::any::Any + Send>>| {
        let payload = outcome.unwrap_err();
        payload
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| payload.downcast_ref::<String>().cloned())
    };
    let ours = message(catch_unwind(AssertUnwindSafe(|| now + Duration::MAX)));
    assert_eq!(ours.as_deref(), Some("overflow when adding duration to instant"));
}
