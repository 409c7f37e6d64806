//! Atomics inside a model: every execution starts from std's value, weak exchanges fail where the
//! engine can choose, and exclusive access reaches the value of the model.

use std::collections::BTreeSet;

use lockproof::engine::{BlindSpot, DefectKind};
use lockproof::sync::Arc;
use lockproof::sync::atomic::{AtomicBool, AtomicPtr, AtomicU8, AtomicUsize, Ordering, fence};
use lockproof::thread;

use crate::engines::{controlled, holds, is_exhausted, is_refuted, reaches, results};

#[test]
fn a_static_starts_afresh_in_every_execution() {
    static TOTAL: AtomicUsize = AtomicUsize::new(3);
    for engine in controlled() {
        let (_, seen) = results(engine, || {
            let child = thread::spawn(|| TOTAL.fetch_add(1, Ordering::SeqCst));
            let mine = TOTAL.fetch_add(1, Ordering::SeqCst);
            let theirs = child.join().unwrap();
            (mine.min(theirs), mine.max(theirs), TOTAL.load(Ordering::SeqCst))
        });
        assert_eq!(seen, BTreeSet::from([(3, 4, 5)]), "{engine}: each execution begins with 3");
    }
    assert_eq!(TOTAL.load(Ordering::SeqCst), 3, "what a model stores stays in the model");
}

#[test]
fn a_static_that_was_changed_outside_starts_from_there() {
    static TOTAL: AtomicUsize = AtomicUsize::new(0);
    TOTAL.store(8, Ordering::SeqCst);
    holds(|| assert_eq!(TOTAL.load(Ordering::SeqCst), 8, "the model sees the value outside"));
}

#[test]
fn read_modify_writes_are_never_lost() {
    holds(|| {
        let total = Arc::new(AtomicUsize::new(0));
        let other = Arc::clone(&total);
        let child = thread::spawn(move || other.fetch_add(1, Ordering::Relaxed));
        total.fetch_add(1, Ordering::Relaxed);
        child.join().unwrap();
        assert_eq!(total.load(Ordering::Relaxed), 2, "even a relaxed addition is atomic");
    });
}

#[test]
fn of_two_equal_exchanges_one_succeeds() {
    reaches([(false, true), (true, false)], || {
        let taken = Arc::new(AtomicBool::new(false));
        let take = |taken: &AtomicBool| {
            taken.compare_exchange(false, true, Ordering::SeqCst, Ordering::SeqCst).is_ok()
        };
        let other = Arc::clone(&taken);
        let child = thread::spawn(move || take(&other));
        let mine = take(&taken);
        (mine, child.join().unwrap())
    });
}

#[test]
fn a_weak_exchange_may_fail_for_nothing_where_the_engine_can_choose() {
    for engine in controlled() {
        let (exploration, outcomes) = results(engine, || {
            let word = AtomicU8::new(1);
            let order = Ordering::SeqCst;
            let outcome = word.compare_exchange_weak(1, 2, order, order);
            (outcome, word.load(order))
        });
        assert!(outcomes.contains(&(Ok(1), 2)), "{engine}: it may succeed: {outcomes:?}");
        let blind = exploration.blind_spots.contains(&BlindSpot::WeakCompareExchange);
        let fails = outcomes.contains(&(Err(1), 1));
        assert_eq!(fails, !blind, "{engine} finds the failure or says it cannot");
        assert!(
            !(blind && is_exhausted(&exploration)),
            "{engine} does not prove what it cannot see"
        );
    }
}

#[test]
fn a_strong_exchange_never_fails_for_nothing() {
    reaches([(Ok(1), 2)], || {
        let word = AtomicU8::new(1);
        let outcome = word.compare_exchange(1, 2, Ordering::SeqCst, Ordering::SeqCst);
        (outcome, word.load(Ordering::SeqCst))
    });
}

#[test]
fn an_update_repeats_until_nobody_comes_between() {
    holds(|| {
        let word = Arc::new(AtomicUsize::new(1));
        let double = |word: &AtomicUsize| {
            let double = |seen| Some(seen * 2);
            word.fetch_update(Ordering::SeqCst, Ordering::SeqCst, double).unwrap()
        };
        let other = Arc::clone(&word);
        let child = thread::spawn(move || double(&other));
        let (mine, theirs) = (double(&word), child.join().unwrap());
        assert_eq!((mine.min(theirs), mine.max(theirs)), (1, 2), "one came after the other");
        assert_eq!(word.load(Ordering::SeqCst), 4, "no doubling is lost");
    });
}

#[test]
fn exclusive_access_reaches_the_value_of_the_model() {
    holds(|| {
        let mut word = AtomicUsize::new(1);
        word.store(2, Ordering::SeqCst);
        assert_eq!(*word.get_mut(), 2, "get_mut sees the store");
        *word.get_mut() = 3;
        assert_eq!(word.load(Ordering::SeqCst), 3, "a load sees what get_mut wrote");
        word.fetch_add(1, Ordering::SeqCst);
        assert_eq!(format!("{word:?}"), "4", "Debug sees the addition");
        assert_eq!(word.into_inner(), 4, "into_inner sees it, too");
    });
}

#[test]
fn exclusive_access_after_a_join_sees_what_the_thread_stored() {
    holds(|| {
        let word = Arc::new(AtomicUsize::new(0));
        let other = Arc::clone(&word);
        thread::spawn(move || other.store(7, Ordering::Relaxed)).join().unwrap();
        let word = Arc::into_inner(word).expect("the thread has dropped its own");
        assert_eq!(word.into_inner(), 7, "a join orders everything before it");
    });
}

#[test]
fn an_atomic_that_outlives_its_execution_has_its_old_value_outside() {
    let word = Arc::new(AtomicUsize::new(1));
    let of_model = Arc::clone(&word);
    for engine in controlled() {
        let of_model = Arc::clone(&of_model);
        let (_, seen) = results(engine, move || of_model.swap(2, Ordering::SeqCst));
        assert_eq!(seen, BTreeSet::from([1]), "{engine}: each execution starts from the outside");
    }
    assert_eq!(word.load(Ordering::SeqCst), 1, "and leaves it alone");
}

#[test]
fn a_pointer_that_was_stored_can_be_followed() {
    holds(|| {
        let mut values = [1, 2];
        let pointer = Arc::new(AtomicPtr::new(&raw mut values[0]));
        let before = pointer.swap(&raw mut values[1], Ordering::SeqCst);
        // SAFETY: both pointers were made from elements of `values`, which is alive and which
        // nobody else uses.
        let seen = unsafe { (*before, *pointer.load(Ordering::SeqCst)) };
        assert_eq!(seen, (1, 2), "the pointers are the ones stored");
    });
}

/// What the reader sees of data that another thread publishes by a flag.
fn message_passing(publish: Ordering, look: Ordering) -> bool {
    let shared = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
    let other = Arc::clone(&shared);
    let child = thread::spawn(move || {
        other.0.store(true, Ordering::Relaxed);
        other.1.store(true, publish);
    });
    let published = shared.1.load(look);
    let seen = shared.0.load(Ordering::Relaxed);
    child.join().unwrap();
    !published || seen
}

#[test]
fn what_is_released_is_seen_by_whoever_acquires_it() {
    reaches([true], || message_passing(Ordering::Release, Ordering::Acquire));
}

#[test]
fn relaxed_publication_is_seen_to_be_broken_or_a_blind_spot() {
    for engine in controlled() {
        let relaxed = || message_passing(Ordering::Relaxed, Ordering::Relaxed);
        let (exploration, seen) = results(engine, relaxed);
        let blind = exploration.blind_spots.contains(&BlindSpot::WeakMemory);
        assert_eq!(seen.contains(&false), !blind, "{engine} sees weak memory or says it does not");
    }
}

#[test]
fn fences_publish_what_relaxed_stores_do_not() {
    holds(|| {
        let shared = Arc::new((AtomicBool::new(false), AtomicBool::new(false)));
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            other.0.store(true, Ordering::Relaxed);
            fence(Ordering::Release);
            other.1.store(true, Ordering::Relaxed);
        });
        if shared.1.load(Ordering::Relaxed) {
            fence(Ordering::Acquire);
            assert!(shared.0.load(Ordering::Relaxed), "the fences order the two stores");
        }
        child.join().unwrap();
    });
}

#[test]
fn an_ordering_that_an_operation_cannot_have_panics_as_std_does() {
    is_refuted(
        DefectKind::Panic,
        || assert_eq!(AtomicU8::new(0).load(invalid()), 0),
        |failure| {
            let sentence = failure.defect.to_string();
            assert!(sentence.contains("no such thing as a release load"), "{sentence}");
            assert!(sentence.contains(file!()), "the caller's place is named: {sentence}");
        },
    );
}

/// Not a constant, which the compiler would reject.
fn invalid() -> Ordering {
    std::hint::black_box(Ordering::Release)
}
