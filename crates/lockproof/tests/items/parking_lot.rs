//! The second face: `parking_lot`'s API, on every engine and outside of models.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use lockproof::engine::{DefectKind, Engine, Settings, explore};
use lockproof::parking_lot::{
    Condvar, FairMutex, Mutex, MutexGuard, Once, OnceState, ReentrantMutex, RwLock,
    RwLockUpgradableReadGuard, RwLockWriteGuard, const_mutex, const_rwlock,
};
use lockproof::thread;
use lockproof::time::{Duration, Instant};

use crate::engines::{controlled, has_outcomes, holds_on_every_engine, is_exhausted};

const SHORT: Duration = Duration::from_millis(1);

#[test]
fn a_mutex_excludes_and_does_not_poison() {
    holds_on_every_engine(|| {
        let total = Mutex::new(0);
        thread::scope(|scope| {
            scope.spawn(|| *total.lock() += 1);
            *total.lock() += 1;
        });
        assert!(
            catch_unwind(AssertUnwindSafe(|| {
                let _guard = total.lock();
                resume_unwind(Box::new(()));
            }))
            .is_err()
        );
        assert!(!total.is_locked());
        assert_eq!(*total.lock(), 2);
    });
}

#[test]
fn a_search_of_a_lock_is_as_large_as_for_std() {
    for exploration in controlled(|| {
        let total = lockproof::sync::Arc::new(Mutex::new(0));
        let other = lockproof::sync::Arc::clone(&total);
        let child = thread::spawn(move || *other.lock() += 1);
        *total.lock() += 1;
        child.join().unwrap();
    }) {
        assert!(exploration.failure().is_none());
        assert!(!is_exhausted(&exploration) || exploration.executions <= 9);
    }
}

#[test]
fn guards_can_be_handed_over_and_let_others_in() {
    holds_on_every_engine(|| {
        let total = Mutex::new((0, 0));
        thread::scope(|scope| {
            scope.spawn(|| total.lock().1 += 1);
            let mut guard = total.lock();
            MutexGuard::unlocked(&mut guard, || drop(total.lock()));
            MutexGuard::bump(&mut guard);
            let mut first = MutexGuard::map(guard, |pair| &mut pair.0);
            *first += 1;
        });
        MutexGuard::unlock_fair(total.lock());
        assert_eq!(*total.lock(), (1, 1));
    });
}

#[test]
fn an_upgradable_reader_excludes_writers_but_not_readers() {
    holds_on_every_engine(|| {
        let value = RwLock::new(0);
        thread::scope(|scope| {
            let writer = scope.spawn(|| *value.write() += 10);
            let upgradable = value.upgradable_read();
            let seen = *upgradable;
            assert!(value.try_upgradable_read().is_none(), "there is one at a time");
            assert_eq!(*value.read(), seen);
            let mut write = RwLockUpgradableReadGuard::upgrade(upgradable);
            assert_eq!(*write, seen, "no writer came in between");
            *write += 1;
            let upgradable = RwLockWriteGuard::downgrade_to_upgradable(write);
            assert_eq!(*upgradable, seen + 1);
            let read = RwLockUpgradableReadGuard::downgrade(upgradable);
            assert_eq!(*read, seen + 1);
            drop(read);
            writer.join().unwrap();
        });
        assert_eq!(*value.read(), 11);
    });
}

#[test]
fn an_upgrade_waits_for_the_readers() {
    holds_on_every_engine(|| {
        let value = RwLock::new(0);
        thread::scope(|scope| {
            let reader = scope.spawn(|| {
                let read = value.read();
                let before = *read;
                thread::yield_now();
                assert_eq!(*read, before);
            });
            let upgradable = value.upgradable_read();
            *RwLockUpgradableReadGuard::upgrade(upgradable) += 1;
            reader.join().unwrap();
        });
    });
}

#[test]
fn a_try_upgrade_succeeds_or_gives_the_guard_back() {
    has_outcomes([true, false], || {
        let value = RwLock::new(0);
        thread::scope(|scope| {
            scope.spawn(|| drop(value.read()));
            match RwLockUpgradableReadGuard::try_upgrade(value.upgradable_read()) {
                Ok(mut write) => {
                    *write += 1;
                    true
                }
                Err(upgradable) => {
                    assert_eq!(*upgradable, 0);
                    false
                }
            }
        })
    });
}

#[test]
fn two_upgrades_take_turns() {
    holds_on_every_engine(|| {
        let value = RwLock::new(0);
        let add = || {
            let upgradable = value.upgradable_read();
            let seen = *upgradable;
            *RwLockUpgradableReadGuard::upgrade(upgradable) = seen + 1;
        };
        thread::scope(|scope| {
            scope.spawn(add);
            add();
        });
        assert_eq!(*value.read(), 2, "no update is lost");
    });
}

#[test]
fn a_condition_variable_wakes_who_waits() {
    holds_on_every_engine(|| {
        let (ready, changed) = (Mutex::new(false), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                *ready.lock() = true;
                changed.notify_one();
            });
            let mut guard = ready.lock();
            changed.wait_while(&mut guard, |ready| !*ready);
            assert!(*guard);
        });
        assert_eq!((changed.notify_one(), changed.notify_all()), (false, 0));
    });
}

#[test]
fn a_notification_without_a_waiter_is_lost() {
    for exploration in controlled(|| {
        let (ready, changed) = (Mutex::new(()), Condvar::new());
        thread::scope(|scope| {
            scope.spawn(|| changed.notify_one());
            changed.wait(&mut ready.lock());
        });
    }) {
        let failure = exploration.failure().expect("the notification may come first");
        assert_eq!(failure.defect.kind(), DefectKind::LostWakeUp);
    }
}

#[test]
fn a_time_out_takes_its_time() {
    for exploration in controlled(|| {
        let start = Instant::now();
        let (lock, changed) = (Mutex::new(()), Condvar::new());
        let mut guard = lock.lock();
        assert!(changed.wait_for(&mut guard, SHORT).timed_out());
        assert!(changed.wait_until(&mut guard, start + 3 * SHORT).timed_out());
        assert_eq!(start.elapsed(), 3 * SHORT);
        assert!(lock.try_lock_until(start + 5 * SHORT).is_none());
        assert_eq!(start.elapsed(), 5 * SHORT);
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
    }
}

#[test]
fn a_reentrant_mutex_lets_its_thread_in_again() {
    holds_on_every_engine(|| {
        let lock = ReentrantMutex::new(std::cell::Cell::new(0));
        let add = || {
            let outer = lock.lock();
            let inner = lock.lock();
            inner.set(outer.get() + 1);
        };
        thread::scope(|scope| {
            scope.spawn(add);
            add();
        });
        assert_eq!(lock.lock().get(), 2);
    });
}

#[test]
fn a_once_tells_its_state() {
    holds_on_every_engine(|| {
        let once = Once::new();
        assert_eq!(once.state(), OnceState::New);
        let give_up = || resume_unwind(Box::new(()));
        assert!(catch_unwind(AssertUnwindSafe(|| once.call_once(give_up))).is_err());
        assert_eq!(once.state(), OnceState::Poisoned);
        once.call_once_force(|state| assert!(state.poisoned()));
        assert!(once.state().done());
    });
}

#[test]
fn a_lock_that_a_thread_holds_already_is_a_deadlock() {
    for exploration in controlled(|| {
        let lock = Mutex::new(());
        let _held = lock.lock();
        drop(lock.lock());
    }) {
        let failure = exploration.failure().expect("a thread waits for itself");
        assert_eq!(failure.defect.kind(), DefectKind::Deadlock);
        assert_eq!(failure.defect.blocked()[0].location.file, file!());
    }
}

#[test]
fn statics_work_and_texts_are_those_of_the_crate() {
    static TOTAL: Mutex<u32> = const_mutex(1);
    static VALUES: RwLock<u32> = const_rwlock(2);
    assert_eq!((*TOTAL.lock(), *VALUES.read(), *FairMutex::new(3).lock()), (1, 2, 3));
    assert_eq!(format!("{TOTAL:?}"), "Mutex { data: 1 }");
    assert_eq!(format!("{VALUES:?}"), "RwLock { data: 2 }");
    assert_eq!(
        format!("{:?} {:?}", Condvar::new(), Once::new()),
        "Condvar { .. } Once { state: New }"
    );
}

#[test]
fn an_explicit_release_has_the_place_of_its_caller_and_a_drop_that_of_the_operation_before() {
    for &engine in Engine::available().iter().filter(|engine| engine.is_controlled()) {
        let exploration = explore(engine, &Settings::default(), || {
            let lock = Mutex::new(());
            let guard = lock.lock();
            MutexGuard::unlock_fair(guard);
            drop(lock.lock());
            panic!("to see the trace");
        });
        let failure = exploration.failure().expect("it panics on purpose");
        let events = failure.trace.events.iter();
        let lines: Vec<_> = events.take(4).map(|event| event.location.line).collect();
        let first = lines[0];
        assert_eq!(lines, [first, first + 1, first + 2, first + 2], "{engine}");
    }
}
