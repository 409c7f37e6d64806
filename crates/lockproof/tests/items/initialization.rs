//! `Once`, `OnceLock` and `LazyLock`: once-initialization races, poison, and statics that start
//! afresh.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use lockproof::cell::UnsafeCell;
use lockproof::engine::{DefectKind, Strategy};
use lockproof::sync::{Arc, LazyLock, Mutex, Once, OnceLock};
use lockproof::thread;

use crate::engines::{controlled, has_outcomes, holds_on_every_engine, is_exhausted};

/// Panics without a report of the panic.
fn give_up() {
    resume_unwind(Box::new("given up"));
}

fn panics(action: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(action)).is_err()
}

#[test]
fn a_race_to_initialize_is_won_once() {
    has_outcomes([1, 2], || {
        let value = Arc::new(OnceLock::new());
        let other = Arc::clone(&value);
        let child = thread::spawn(move || *other.get_or_init(|| 1));
        let mine = *value.get_or_init(|| 2);
        assert_eq!(child.join().unwrap(), mine, "both see the same value");
        mine
    });
}

#[test]
fn the_loser_waits_until_the_initialization_is_complete() {
    holds_on_every_engine(|| {
        let (once, log) = (Once::new(), Mutex::new(Vec::new()));
        let initialize = || {
            once.call_once(|| {
                log.lock().unwrap().push("begin");
                thread::yield_now();
                log.lock().unwrap().push("end");
            });
            assert_eq!(*log.lock().unwrap(), ["begin", "end"]);
        };
        thread::scope(|scope| {
            scope.spawn(initialize);
            initialize();
        });
    });
}

/// A cell that is written by an initialization and read after it.
struct Shared(UnsafeCell<u32>);

// SAFETY: the test orders the accesses by a once, which is what it tests.
unsafe impl Sync for Shared {}

#[test]
fn an_initialization_happens_before_its_use() {
    for exploration in controlled(|| {
        let (once, shared) = (Once::new(), Shared(UnsafeCell::new(0)));
        let shared = &shared;
        let use_it = || {
            // SAFETY: the once lets one thread in.
            once.call_once(|| shared.0.with_mut(|value| unsafe { *value = 1 }));
            // SAFETY: nobody writes after the initialization.
            assert_eq!(shared.0.with(|value| unsafe { *value }), 1);
        };
        thread::scope(|scope| {
            scope.spawn(use_it);
            use_it();
        });
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
        let exhaustive = exploration.strategy == Strategy::Exhaustive;
        assert!(!exhaustive || is_exhausted(&exploration), "{:?}", exploration.blind_spots);
    }
}

#[test]
fn a_panic_poisons_a_once_and_force_heals_it() {
    holds_on_every_engine(|| {
        let once = Once::new();
        assert!(panics(|| once.call_once(give_up)));
        assert!(!once.is_completed());
        assert!(panics(|| once.call_once(|| ())), "the once is poisoned");
        assert!(panics(|| once.wait()), "and nobody waits for it");
        once.call_once_force(|state| assert!(state.is_poisoned()));
        assert!(once.is_completed());
        once.wait();
        once.call_once_force(|_| unreachable!("the once is complete"));
    });
}

#[test]
fn a_waiter_sees_the_poison_of_another_thread() {
    has_outcomes([false, true], || {
        let once = Once::new();
        thread::scope(|scope| {
            scope.spawn(|| panics(|| once.call_once(give_up)));
            // Poisoned by the other thread, or this one was first.
            panics(|| once.call_once(|| ()))
        })
    });
}

#[test]
fn a_panic_leaves_a_once_lock_empty() {
    holds_on_every_engine(|| {
        let value = OnceLock::new();
        assert!(panics(|| {
            value.get_or_init(|| {
                give_up();
                1
            });
        }));
        assert_eq!(value.get(), None);
        assert_eq!(value.set(2), Ok(()));
        assert_eq!(value.set(3), Err(3));
        assert_eq!(value.wait(), &2);
    });
}

#[test]
fn wait_waits_for_another_thread() {
    holds_on_every_engine(|| {
        let value = OnceLock::new();
        thread::scope(|scope| {
            scope.spawn(|| value.set(1));
            assert_eq!(*value.wait(), 1);
        });
    });
}

#[test]
fn an_initialization_that_needs_itself_is_a_deadlock() {
    for exploration in controlled(|| {
        let once = Once::new();
        once.call_once(|| once.call_once(|| ()));
    }) {
        let failure = exploration.failure().expect("a thread waits for itself");
        assert_eq!(failure.defect.kind(), DefectKind::Deadlock);
        assert_eq!(failure.defect.blocked()[0].waits_for, "the initialization of once 1");
    }
}

#[test]
fn a_lazy_value_is_made_once() {
    holds_on_every_engine(|| {
        let made = Mutex::new(0);
        let lazy = LazyLock::new(|| {
            *made.lock().unwrap() += 1;
            7
        });
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(*lazy, 7));
            assert_eq!(*lazy, 7);
        });
        assert_eq!(*made.lock().unwrap(), 1);
    });
}

#[test]
fn a_poisoned_lazy_value_stays_poisoned() {
    holds_on_every_engine(|| {
        let lazy = LazyLock::<u32, _>::new(|| resume_unwind(Box::new(())));
        assert!(panics(|| drop(LazyLock::force(&lazy).to_string())));
        assert!(panics(|| drop(LazyLock::force(&lazy).to_string())));
        assert_eq!(LazyLock::get(&lazy), None);
    });
}

#[test]
fn statics_start_afresh_in_each_execution() {
    static ONCE: Once = Once::new();
    static VALUE: OnceLock<String> = OnceLock::new();
    static LAZY: LazyLock<Mutex<Vec<u32>>> = LazyLock::new(Mutex::default);
    for exploration in controlled(|| {
        assert!(!ONCE.is_completed());
        assert_eq!(VALUE.get(), None);
        thread::scope(|scope| {
            scope.spawn(|| LAZY.lock().unwrap().push(1));
            LAZY.lock().unwrap().push(1);
            ONCE.call_once(|| VALUE.set("set".to_owned()).unwrap());
        });
        assert_eq!(*LAZY.lock().unwrap(), [1, 1]);
        assert_eq!(VALUE.get().map(String::as_str), Some("set"));
    }) {
        assert!(exploration.failure().is_none(), "{:?}", exploration.ending);
        assert!(exploration.executions > 1);
    }
    assert_eq!(VALUE.get(), None, "and are as they were afterwards");
}

#[test]
fn what_was_set_outside_of_models_is_seen_inside() {
    let (value, once) = (Arc::new(OnceLock::from(5)), Arc::new(Once::new()));
    once.call_once(|| ());
    holds_on_every_engine(move || {
        assert_eq!(value.get(), Some(&5));
        assert!(once.is_completed());
    });
}

#[test]
fn exclusive_access_needs_no_engine() {
    holds_on_every_engine(|| {
        let mut value = OnceLock::new();
        assert_eq!(value.get_mut(), None);
        value.set(1).unwrap();
        *value.get_mut().unwrap() += 1;
        assert_eq!(value.clone(), value);
        assert_eq!(value.take(), Some(2));
        assert_eq!(value.get(), None);
        assert_eq!(*value.get_or_init(|| 3), 3);
        assert_eq!(value.into_inner(), Some(3));

        let mut lazy = LazyLock::new(|| 4);
        assert_eq!(LazyLock::get_mut(&mut lazy), None);
        *LazyLock::force_mut(&mut lazy) += 1;
        *lazy += 1;
        assert_eq!(*lazy, 6);
    });
}

#[test]
fn texts_are_those_of_std() {
    holds_on_every_engine(|| {
        let (ours, std) = (OnceLock::new(), std::sync::OnceLock::new());
        assert_eq!(format!("{ours:?}"), format!("{std:?}"));
        assert_eq!((ours.set(1), std.set(1)), (Ok(()), Ok(())));
        assert_eq!(format!("{ours:?}"), format!("{std:?}"));
        let (ours, std) = (LazyLock::new(|| 1), std::sync::LazyLock::new(|| 1));
        assert_eq!(format!("{ours:?}"), format!("{std:?}"));
        assert_eq!(*ours, *std);
        assert_eq!(format!("{ours:?}"), format!("{std:?}"));
        assert_eq!(format!("{:?}", Once::new()), format!("{:?}", std::sync::Once::new()));
        Once::new().call_once_force(|state| {
            assert_eq!(format!("{state:?}"), "OnceState { poisoned: false }");
        });
    });
}
