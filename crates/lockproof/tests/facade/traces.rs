//! A trace names objects, threads, results and the caller's places, the same way on every engine;
//! and nothing but the schedule differs between executions.

use std::panic::Location;

use lockproof::collections::{HashMap, HashSet};
use lockproof::engine::{Defect, DefectKind, Failure, explore};
use lockproof::extension::Named;
use lockproof::sync::atomic::{AtomicBool, AtomicI8, Ordering};
use lockproof::sync::{Arc, Condvar, Mutex, RwLock};
use lockproof::thread;
use lockproof::trace::ObjectKind;

use crate::engines::{controlled, events, is_refuted, results, settings};

const END: &str = "the end of the model";

/// Looks at the trace of a model that fails on purpose, without choices on the way.
fn trace_of(model: fn(), look: impl Fn(&Failure)) {
    let fails = move || {
        model();
        panic!("{END}");
    };
    is_refuted(DefectKind::Panic, fails, |failure| {
        assert!(
            failure.defect.to_string().contains(END),
            "it fails on purpose: {}",
            failure.defect
        );
        look(failure);
    });
}

#[test]
fn objects_have_the_names_they_were_given_and_numbers_if_they_share_one() {
    let model = || {
        let shards = [(); 3].map(|()| Mutex::new(()).named("shard"));
        for shard in &shards {
            drop(shard.lock());
        }
        let nameless = [Mutex::new(()), Mutex::new(())];
        drop((nameless[1].lock(), nameless[0].lock()));
        drop(RwLock::new(()).named("table").read());
        AtomicBool::new(false).named("flag").load(Ordering::SeqCst);
        Condvar::new().notify_all();
    };
    trace_of(model, |failure| {
        let objects: Vec<_> = failure.trace.objects.iter().map(ToString::to_string).collect();
        let expected =
            ["shard", "shard#2", "shard#3", "mutex 1", "mutex 2", "table", "flag", "condvar 1"];
        assert_eq!(objects, expected, "objects are numbered in the order of their first use");
        let kinds: Vec<_> = failure.trace.objects.iter().map(|object| object.kind).collect();
        assert_eq!(
            kinds[4..],
            [ObjectKind::Mutex, ObjectKind::RwLock, ObjectKind::Atomic, ObjectKind::Condvar]
        );
    });
}

#[test]
fn objects_know_where_they_were_made_and_events_where_they_were_asked_for() {
    const MADE: &Location<'_> = Location::caller();
    let model = || {
        let lock = Arc::new(Mutex::new(()));
        let other = Arc::clone(&lock);
        thread::spawn(move || drop(other.lock())).join().unwrap();
    };
    trace_of(model, |failure| {
        let made = &failure.trace.objects[0].created;
        assert_eq!((made.file.as_ref(), made.line), (file!(), MADE.line() + 2), "made there");
        for event in &failure.trace.events[..5] {
            let line = event.location.line;
            assert_eq!(event.location.file, file!(), "an event is located in the model: {event:?}");
            assert_eq!(line, MADE.line() + 4, "on the caller's line: {event:?}");
        }
    });
}

#[test]
fn every_operation_is_an_event_with_its_result() {
    let model = || {
        let (lock, table, word) = (Mutex::new(()), RwLock::new(()), AtomicI8::new(-1));
        let held = lock.lock();
        assert!(lock.try_lock().is_err(), "it is held");
        drop(held);
        drop(table.read());
        drop(table.write());
        word.fetch_sub(127, Ordering::SeqCst);
        word.fetch_sub(1, Ordering::SeqCst);
        let exchange = word.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst);
        assert_eq!(exchange, Err(127), "the subtraction wrapped around");
        thread::yield_now();
    };
    trace_of(model, |failure| {
        let expected = [
            "main: mutex 1 lock",
            "main: mutex 1 try_lock = would block",
            "main: mutex 1 unlock",
            "main: rwlock 1 read",
            "main: rwlock 1 unlock read",
            "main: rwlock 1 write",
            "main: rwlock 1 unlock write",
            "main: atomic 1 fetch_sub -1 -> -128",
            "main: atomic 1 fetch_sub -128 -> 127",
            "main: atomic 1 compare_exchange failed: 127",
            "main: yield",
            "main: panic: the end of the model",
        ];
        assert_eq!(events(failure), expected, "one event for each operation, in order");
    });
}

#[test]
fn a_guard_dropped_by_a_panic_poisons_in_the_trace() {
    let model = || {
        let child = thread::Builder::new().name("worker".into()).spawn(|| {
            let lock = Mutex::new(()).named("lock");
            let _held = lock.lock();
            panic!("while holding");
        });
        assert!(child.unwrap().join().is_err(), "the worker panicked");
        // Something of main's own, or the panic that follows would be taken for the worker's.
        thread::yield_now();
    };
    trace_of(model, |failure| {
        let expected = [
            "main: spawn",
            "worker: lock lock",
            "worker: panic: while holding",
            "worker: lock unlock (poisons)",
            "worker: exit",
            "main: join = Err",
            "main: yield",
            "main: panic: the end of the model",
        ];
        assert_eq!(events(failure), expected, "the panic comes before the release it causes");
    });
}

#[test]
fn hash_maps_iterate_alike_in_every_execution() {
    for engine in controlled() {
        let (_, orders) = results(engine, || {
            let map: HashMap<u32, u32> = (0..50).map(|key| (key, key)).collect();
            let set: HashSet<String> = (0..50).map(|key| format!("key {key}")).collect();
            let keys: Vec<u32> = map.keys().copied().collect();
            (keys, set.into_iter().collect::<Vec<String>>())
        });
        assert_eq!(orders.len(), 1, "{engine}: a hash is no source of chance");
    }
}

#[test]
fn a_hash_map_from_a_child_iterates_like_one_from_main() {
    for engine in controlled() {
        let (_, equal) = results(engine, || {
            let order = || (0..50).collect::<HashSet<u32>>().into_iter().collect::<Vec<u32>>();
            thread::spawn(order).join().unwrap() == order()
        });
        assert!(!equal.contains(&false), "{engine}: all threads hash alike");
    }
}

#[test]
fn the_most_threads_and_events_of_an_execution_are_counted() {
    for engine in controlled() {
        let exploration = explore(engine, &settings(), || {
            let flag = Mutex::new(());
            thread::scope(|scope| {
                scope.spawn(|| drop(flag.lock()));
                scope.spawn(|| drop(flag.lock()));
            });
        });
        assert_eq!(exploration.threads, 3, "{engine} counts main and both children");
        // A spawn, a lock, an unlock, an exit and a join of each; waiting adds one for one of them.
        let possible = 10..=11;
        assert!(possible.contains(&exploration.events), "{engine}: {}", exploration.events);
    }
}

#[test]
fn the_sentence_of_a_panic_names_thread_message_and_place() {
    trace_of(
        || (),
        |failure| {
            let Defect::Panic { thread, location, .. } = &failure.defect else {
                panic!("a panic is expected: {}", failure.defect)
            };
            let place = location.as_ref().expect("the hook saw where");
            let sentence = format!("panic in {thread}: {END} at {place}");
            assert_eq!(failure.defect.to_string(), sentence);
        },
    );
}

#[test]
fn a_release_has_the_place_of_the_last_operation_before_it_and_not_that_of_the_lock() {
    let model = || {
        let (lock, flag) = (Mutex::new(()), AtomicBool::new(false));
        let guard = lock.lock().unwrap();
        flag.store(true, Ordering::SeqCst);
        drop(guard);
    };
    trace_of(model, |failure| {
        let line = |index: usize| failure.trace.events[index].location.line;
        let names: Vec<_> =
            failure.trace.events.iter().map(|event| event.operation.to_string()).collect();
        assert_eq!(names[..3], ["lock", "store true", "unlock"]);
        assert_eq!(line(1), line(0) + 1, "each operation has its caller's line");
        assert_eq!(line(2), line(1), "the drop of a guard does not know its own");
    });
}
