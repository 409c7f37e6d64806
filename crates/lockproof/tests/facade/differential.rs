//! Random programs give the results of an obvious twin: std's atomics for one thread, every
//! interleaving by brute force for two.

use std::collections::BTreeSet;

use lockproof::engine::{Engine, Settings, explore};
use lockproof::sync::{Arc, Mutex};
use lockproof::thread;
use proptest::prelude::*;

use crate::engines::{assert_complete, is_exhausted, is_exhaustive, results, settings};

/// Random programs for each test.
const CASES: u32 = 40;

fn config() -> ProptestConfig {
    // A failing case is shown, not written to a file beside the tests.
    ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() }
}

/// One operation: which one, its operand, the value it expects, and its ordering.
type Step = (u8, u64, u64, u8);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Small operands meet each other in exchanges, and any of them wraps around.
    let operand = || prop_oneof![0..3_u64, any::<u64>()];
    prop::collection::vec((0..14_u8, operand(), operand(), 0..5_u8), 1..12)
}

/// Runs the model once on every engine.
fn once_on_every_engine(model: impl Fn() + Clone + Send + Sync + 'static) {
    let mut settings: Settings = settings();
    (settings.samples, settings.stress_runs) = (1, 1);
    for &engine in Engine::available() {
        assert_complete(&explore(engine, &settings, model.clone()));
    }
}

/// What `run` makes of the steps with the facade's type, in and outside a model, is what it makes
/// of them with std's.
macro_rules! agrees_with_std {
    ($($test:ident, $name:ident, $value:ty, $convert:expr, [$($fetch:ident),*];)*) => {$(
        #[test]
        fn $test() {
            macro_rules! run {
                ($atomic:ty, $steps:expr) => {{
                    use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
                    let convert: fn(u64) -> $value = $convert;
                    let word = <$atomic>::new(convert(0));
                    let mut log: Vec<Result<$value, $value>> = Vec::new();
                    for &(kind, operand, expected, order) in $steps {
                        let order = usize::from(order);
                        let both = [Relaxed, Acquire, Release, AcqRel, SeqCst][order];
                        let load = [Relaxed, Acquire, SeqCst][order % 3];
                        let store = [Relaxed, Release, SeqCst][order % 3];
                        let (operand, expected) = (convert(operand), convert(expected));
                        let fetches: &[&dyn Fn() -> $value] =
                            &[$(&|| word.$fetch(operand, both)),*];
                        log.push(match kind {
                            0 => Ok(word.load(load)),
                            1 => {
                                word.store(operand, store);
                                Ok(operand)
                            }
                            2 => Ok(word.swap(operand, both)),
                            3 => word.compare_exchange(expected, operand, both, load),
                            4 => {
                                let update = |seen| (seen != expected).then_some(operand);
                                word.fetch_update(both, load, update)
                            }
                            5 => {
                                let current = word.load(load);
                                word.compare_exchange(current, operand, both, load)
                            }
                            fetch => Ok(fetches[usize::from(fetch) % fetches.len()]()),
                        });
                    }
                    log.push(Ok(word.into_inner()));
                    log
                }};
            }
            proptest!(config(), |(steps in steps())| {
                let expected = run!(std::sync::atomic::$name, &steps);
                let outside = run!(lockproof::sync::atomic::$name, &steps);
                prop_assert_eq!(&outside, &expected, "outside a model");
                once_on_every_engine(move || {
                    let inside = run!(lockproof::sync::atomic::$name, &steps);
                    assert_eq!(inside, expected, "inside a model");
                });
            });
        }
    )*};
}

macro_rules! integers_agree_with_std {
    ($($test:ident, $name:ident, $value:ident;)*) => {
        agrees_with_std! {$(
            $test, $name, $value, |bits| {
                let low = bits.to_le_bytes();
                $value::from_le_bytes(std::array::from_fn(|index| low[index]))
            },
            [
                fetch_add, fetch_sub, fetch_and, fetch_nand, fetch_or, fetch_xor, fetch_max,
                fetch_min
            ];
        )*}
    };
}

integers_agree_with_std! {
    an_atomic_i8_does_what_stds_does, AtomicI8, i8;
    an_atomic_i16_does_what_stds_does, AtomicI16, i16;
    an_atomic_i32_does_what_stds_does, AtomicI32, i32;
    an_atomic_i64_does_what_stds_does, AtomicI64, i64;
    an_atomic_isize_does_what_stds_does, AtomicIsize, isize;
    an_atomic_u8_does_what_stds_does, AtomicU8, u8;
    an_atomic_u16_does_what_stds_does, AtomicU16, u16;
    an_atomic_u32_does_what_stds_does, AtomicU32, u32;
    an_atomic_u64_does_what_stds_does, AtomicU64, u64;
    an_atomic_usize_does_what_stds_does, AtomicUsize, usize;
}

agrees_with_std! {
    an_atomic_bool_does_what_stds_does, AtomicBool, bool, |bits| bits % 2 == 1,
    [fetch_and, fetch_nand, fetch_or, fetch_xor];
}

/// A critical section: the cell it locks, a factor and a summand, whose order matters.
type Section = (usize, u32, u32);

fn sections() -> impl Strategy<Value = Vec<Section>> {
    prop::collection::vec((0..2_usize, 1..4_u32, 0..3_u32), 1..3)
}

fn apply(value: &mut u32, (_, factor, summand): Section) -> u32 {
    *value = *value * factor + summand;
    *value
}

/// What each thread saw, and the cells at the end.
type Outcome = ([Vec<u32>; 2], [u32; 2]);

/// Every outcome, by trying every interleaving of the sections.
fn by_brute_force(
    left: [&[Section]; 2],
    seen: &[Vec<u32>; 2],
    cells: [u32; 2],
    outcomes: &mut BTreeSet<Outcome>,
) {
    if left == [&[], &[]] {
        outcomes.insert((seen.clone(), cells));
    }
    for thread in 0..2 {
        if let Some((&section, rest)) = left[thread].split_first() {
            let (mut left, mut seen, mut cells) = (left, seen.clone(), cells);
            left[thread] = rest;
            seen[thread].push(apply(&mut cells[section.0], section));
            by_brute_force(left, &seen, cells, outcomes);
        }
    }
}

fn run_in_threads(program: &[Vec<Section>; 2]) -> Outcome {
    let cells = Arc::new([Mutex::new(1), Mutex::new(1)]);
    let run = |cells: &[Mutex<u32>; 2], sections: &[Section]| -> Vec<u32> {
        let step = |&section: &Section| apply(&mut cells[section.0].lock().unwrap(), section);
        sections.iter().map(step).collect()
    };
    let (other, sections) = (Arc::clone(&cells), program[1].clone());
    let child = thread::spawn(move || run(&other, &sections));
    let mine = run(&cells, &program[0]);
    let theirs = child.join().unwrap();
    ([mine, theirs], cells.each_ref().map(|cell| *cell.lock().unwrap()))
}

#[test]
fn two_threads_under_locks_reach_what_brute_force_does() {
    proptest!(config(), |(first in sections(), second in sections())| {
        let mut expected = BTreeSet::new();
        by_brute_force([&first, &second], &<[Vec<u32>; 2]>::default(), [1, 1], &mut expected);
        for &engine in Engine::available() {
            let program = [first.clone(), second.clone()];
            let (exploration, reached) = results(engine, move || run_in_threads(&program));
            if is_exhaustive(&exploration) {
                prop_assert_eq!(&reached, &expected, "{} reaches every outcome", engine);
                prop_assert!(is_exhausted(&exploration), "{} proves locked programs", engine);
            }
            prop_assert!(reached.is_subset(&expected), "{} reaches nothing else", engine);
        }
    });
}
