//! What the exploring engine calls proved holds on weak memory, too; where it cannot know, it says
//! so. Each model is one that the argument covers, or one just beyond it.

use lockproof::cell::UnsafeCell;
use lockproof::engine::{BlindSpot, DefectKind, Engine, Exploration, explore};
use lockproof::sync::atomic::{AtomicU32, Ordering, fence};
use lockproof::sync::mpsc::{channel, sync_channel};
use lockproof::sync::{Arc, Mutex, Once, OnceLock, RwLock};
use lockproof::thread;
use lockproof::time::Instant;

use crate::engines::{assert_complete, is_exhausted, settings};

/// What the exploring engine makes of a model, in a build that has it.
fn explored(model: impl Fn() + Send + Sync + 'static) -> Option<Exploration> {
    let has_explore = Engine::available().contains(&Engine::Explore);
    has_explore.then(|| explore(Engine::Explore, &settings(), model))
}

/// Demands that nothing is found, and that weak memory is said to be covered, or not.
#[track_caller]
fn is_covered(expected: bool, model: impl Fn() + Send + Sync + 'static) {
    if let Some(exploration) = explored(model) {
        assert_complete(&exploration);
        let blind = exploration.blind_spots.contains(&BlindSpot::WeakMemory);
        assert_eq!(!blind, expected, "weak memory is covered, or not: {exploration:?}");
        assert_eq!(is_exhausted(&exploration), expected, "nothing else matters: {exploration:?}");
    }
}

/// Runs both closures beside each other on what they share.
fn beside<T: Send + Sync + 'static>(shared: T, child: fn(&T), main: fn(&T)) {
    let shared = Arc::new(shared);
    let other = Arc::clone(&shared);
    let child = thread::spawn(move || child(&other));
    main(&shared);
    child.join().unwrap();
}

type Two = (AtomicU32, AtomicU32);

fn two() -> Two {
    (AtomicU32::new(0), AtomicU32::new(0))
}

#[test]
fn a_single_atomic_is_covered_whatever_its_ordering() {
    is_covered(true, || {
        beside(
            AtomicU32::new(0),
            |atomic| atomic.store(1, Ordering::Relaxed),
            |atomic| {
                let first = atomic.load(Ordering::Relaxed);
                assert!(first <= atomic.load(Ordering::Relaxed), "the atomic is coherent");
            },
        );
    });
}

#[test]
fn a_single_atomic_beside_locks_is_covered() {
    is_covered(true, || {
        beside(
            (AtomicU32::new(0), Mutex::new(0)),
            |(atomic, lock)| {
                atomic.store(1, Ordering::Relaxed);
                *lock.lock().unwrap() = 1;
            },
            |(atomic, lock)| {
                if *lock.lock().unwrap() == 1 {
                    assert_eq!(atomic.load(Ordering::Relaxed), 1, "the lock orders the store");
                }
            },
        );
    });
}

#[test]
fn two_weak_atomics_are_not_covered() {
    is_covered(false, || {
        let bump = |atomics: &Two| {
            atomics.0.fetch_add(1, Ordering::Relaxed);
            atomics.1.fetch_add(1, Ordering::Relaxed);
        };
        beside(two(), bump, bump);
    });
}

#[test]
fn a_weak_atomic_beside_a_seqcst_one_is_not_covered() {
    is_covered(false, || {
        beside(
            two(),
            |atomics| {
                atomics.0.store(1, Ordering::SeqCst);
                atomics.1.store(1, Ordering::Release);
            },
            |atomics| _ = atomics.0.load(Ordering::SeqCst),
        );
    });
}

#[test]
fn any_number_of_seqcst_atomics_is_covered() {
    is_covered(true, || {
        let swap = |atomics: &Two| {
            atomics.0.store(1, Ordering::SeqCst);
            let _ = atomics.1.compare_exchange(0, 1, Ordering::SeqCst, Ordering::SeqCst);
        };
        beside(two(), swap, swap);
    });
}

#[test]
fn read_modify_writes_that_acquire_and_release_are_covered() {
    is_covered(true, || {
        let shared = Arc::new(two());
        let bump = |atomics: &Two| {
            atomics.0.fetch_add(1, Ordering::AcqRel);
            atomics.1.swap(7, Ordering::AcqRel);
        };
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || bump(&other));
        bump(&shared);
        child.join().unwrap();
        assert_eq!(shared.0.load(Ordering::Relaxed), 2, "nobody is beside this load");
        assert_eq!(shared.1.load(Ordering::Relaxed), 7, "nor beside this one");
    });
}

#[test]
fn an_exchange_that_may_fail_is_a_load() {
    is_covered(false, || {
        let exchange = |atomics: &Two| {
            let _ = atomics.0.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Acquire);
            let _ = atomics.1.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Acquire);
        };
        beside(two(), exchange, exchange);
    });
}

#[test]
fn what_a_thread_does_alone_is_covered() {
    is_covered(true, || {
        let atomics = two();
        atomics.0.store(1, Ordering::Relaxed);
        atomics.1.store(1, Ordering::Relaxed);
        beside(atomics, |_| (), |_| ());
    });
}

#[test]
fn a_fence_is_not_covered() {
    is_covered(false, || {
        beside(
            AtomicU32::new(0),
            |atomic| atomic.store(1, Ordering::Relaxed),
            |atomic| {
                fence(Ordering::SeqCst);
                atomic.load(Ordering::Relaxed);
            },
        );
    });
}

#[test]
fn an_attempt_that_always_succeeds_beside_a_weak_atomic_is_not_covered() {
    is_covered(false, || {
        beside(
            (Mutex::new(0), AtomicU32::new(0)),
            |(lock, flag)| {
                drop(lock.lock());
                flag.store(1, Ordering::Relaxed);
            },
            |(lock, flag)| {
                if flag.load(Ordering::Relaxed) == 1 {
                    // Sequentially consistent executions find it free; a processor may not.
                    drop(lock.try_lock().unwrap());
                }
            },
        );
    });
}

#[test]
fn one_lock_that_was_found_held_is_covered() {
    is_covered(true, || {
        beside(Mutex::new(0), |lock| *lock.lock().unwrap() = 1, |lock| drop(lock.try_lock()));
    });
}

#[test]
fn two_locks_that_were_found_held_are_not_covered() {
    is_covered(false, || {
        beside(
            (Mutex::new(0), RwLock::new(0)),
            |(first, second)| {
                drop(first.lock());
                drop(second.write());
            },
            |(first, second)| {
                drop(second.try_read());
                drop(first.try_lock());
            },
        );
    });
}

#[test]
fn an_attempt_whose_refusal_is_the_last_that_is_asked_is_covered() {
    is_covered(true, || {
        beside(
            (Mutex::new(0), Mutex::new(0)),
            |(first, second)| {
                let _first = first.lock();
                drop(second.lock());
            },
            |(first, second)| {
                let Ok(_first) = first.try_lock() else { return };
                drop(second.try_lock());
            },
        );
    });
}

#[test]
fn a_lock_that_was_found_held_beside_an_atomic_is_not_covered() {
    is_covered(false, || {
        beside(
            (Mutex::new(0), AtomicU32::new(0)),
            |(lock, atomic)| {
                atomic.store(1, Ordering::SeqCst);
                drop(lock.lock());
            },
            |(lock, atomic)| {
                if lock.try_lock().is_err() {
                    atomic.load(Ordering::SeqCst);
                }
            },
        );
    });
}

#[test]
fn two_cells_that_were_not_yet_set_are_not_covered() {
    let model = |second: bool| {
        move || {
            let shared = Arc::new((OnceLock::new(), OnceLock::new()));
            let other = Arc::clone(&shared);
            let child = thread::spawn(move || {
                other.0.set(1).unwrap();
                second && other.1.get().is_none()
            });
            shared.1.set(1).unwrap();
            let first = shared.0.get().is_none();
            let second = child.join().unwrap();
            // Sequentially consistent executions never break this; a processor may.
            assert!(!(first && second), "one of the two was set first");
        }
    };
    is_covered(true, model(false));
    is_covered(false, model(true));
}

#[test]
fn an_empty_channel_beside_an_atomic_is_not_covered() {
    is_covered(true, || {
        let (sender, receiver) = channel();
        let child = thread::spawn(move || sender.send(1).unwrap());
        let _ = receiver.try_recv();
        child.join().unwrap();
    });
    is_covered(false, || {
        let (sender, receiver) = channel();
        let flag = Arc::new(AtomicU32::new(0));
        let other = Arc::clone(&flag);
        let child = thread::spawn(move || {
            sender.send(1).unwrap();
            other.load(Ordering::SeqCst)
        });
        flag.store(1, Ordering::SeqCst);
        let _ = receiver.try_recv();
        child.join().unwrap();
    });
}

#[test]
fn a_full_channel_and_a_once_that_is_not_complete_are_not_covered() {
    is_covered(false, || {
        let (sender, receiver) = sync_channel(1);
        let once = Arc::new(Once::new());
        let other = Arc::clone(&once);
        sender.send(1).unwrap();
        let child = thread::spawn(move || {
            receiver.recv().unwrap();
            other.is_completed();
            receiver
        });
        once.call_once(|| ());
        let _ = sender.try_send(2);
        drop(child.join());
    });
}

#[test]
fn a_thread_that_was_asked_for_its_end_beside_an_atomic_is_not_covered() {
    is_covered(false, || {
        let flag = Arc::new(AtomicU32::new(0));
        let other = Arc::clone(&flag);
        let child = thread::spawn(move || other.store(1, Ordering::SeqCst));
        if child.is_finished() {
            assert_eq!(flag.load(Ordering::SeqCst), 1, "sequential consistency says so");
        }
        child.join().unwrap();
    });
}

#[test]
fn a_clock_beside_an_atomic_is_not_covered() {
    is_covered(false, || {
        beside(
            AtomicU32::new(0),
            |flag| flag.store(1, Ordering::SeqCst),
            |flag| {
                let before = Instant::now();
                flag.load(Ordering::SeqCst);
                assert!(Instant::now() >= before, "a clock never goes back");
            },
        );
    });
}

/// A cell of a model that may be shared; the engine sees whether it may.
struct Shared(UnsafeCell<u32>);

// SAFETY: no reference leaves `touch`, and no two threads run at once in a model.
unsafe impl Sync for Shared {}

impl Shared {
    fn touch(&self) {
        self.0.with_mut(|value| {
            // SAFETY: the pointer is valid, and the engine stops at the first race.
            unsafe { *value += 1 }
        });
    }
}

/// Demands that a data race is found.
#[track_caller]
fn races(model: impl Fn() + Send + Sync + 'static) {
    if let Some(exploration) = explored(model) {
        let found = exploration.failure().map(|failure| failure.defect.kind());
        assert_eq!(found, Some(DefectKind::DataRace), "the race is found: {exploration:?}");
    }
}

#[test]
fn a_single_relaxed_atomic_publishes_nothing() {
    races(|| {
        beside(
            (AtomicU32::new(0), Shared(UnsafeCell::new(0))),
            |(flag, cell)| {
                cell.touch();
                flag.store(1, Ordering::Relaxed);
            },
            |(flag, cell)| {
                if flag.load(Ordering::Acquire) == 1 {
                    cell.touch();
                }
            },
        );
    });
}

#[test]
fn the_end_of_a_thread_publishes_nothing_until_it_is_joined() {
    races(|| {
        let cell = Arc::new(Shared(UnsafeCell::new(0)));
        let other = Arc::clone(&cell);
        let child = thread::spawn(move || other.touch());
        if child.is_finished() {
            cell.touch();
        }
        child.join().unwrap();
    });
}

#[test]
fn a_lock_that_was_found_held_publishes_nothing() {
    races(|| {
        beside(
            (Mutex::new(()), Shared(UnsafeCell::new(0))),
            |(lock, cell)| {
                cell.touch();
                std::mem::forget(lock.lock());
            },
            |(lock, cell)| {
                if lock.try_lock().is_err() {
                    cell.touch();
                }
            },
        );
    });
}

#[test]
fn a_poison_that_is_looked_at_without_the_lock_is_not_covered() {
    let exploration = explored(|| {
        let lock = Arc::new(Mutex::new(0));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let _guard = other.lock();
            std::panic::resume_unwind(Box::new("as asked"));
        });
        let _ = lock.is_poisoned();
        assert!(child.join().is_err(), "the child panics");
        assert!(lock.is_poisoned(), "and has poisoned the lock");
    });
    if let Some(exploration) = exploration {
        assert_complete(&exploration);
        assert_eq!(exploration.blind_spots, [BlindSpot::Unwinding], "no engine explores that");
    }
}
