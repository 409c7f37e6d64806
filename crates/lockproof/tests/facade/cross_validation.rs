//! The engines check each other: on small random programs each reaches what the exploring engine
//! does, as far as it promises to.
//!
//! loom must reach exactly the same outcomes where a program uses locks and read-modify-writes
//! only, and on every program no engine may reach an outcome that the exploring engine has not:
//! loom may miss some of plain loads and stores, shuttle and real threads sample. loom is not asked
//! about programs on which it errs: see [`loom_errs`].
//!
//! No program can deadlock or panic: locks are taken in one order, and `main`, which never waits,
//! lets all go on that wait.

use std::collections::BTreeSet;

use lockproof::engine::{Engine, Settings, explore};
use lockproof::sync::atomic::{AtomicU32, Ordering};
use lockproof::sync::mpsc::{Receiver, Sender, channel};
use lockproof::sync::{Arc, Condvar, Mutex, OnceLock, RwLock};
use lockproof::thread;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::engines::{assert_complete, settings};

/// Random programs of each sort.
const CASES: u32 = 30;
/// What a step saw that sees nothing: told apart from all values.
const NOTHING: u32 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Multiplies by the factor and adds one, under the mutex; sees the result.
    Lock(usize, u32),
    /// The same under both mutexes, to each of them.
    LockBoth(u32),
    /// The same, if the mutex is free.
    TryLock(usize, u32),
    Read,
    TryRead,
    Write(u32),
    TryWrite(u32),
    Add(usize, u32),
    Swap(usize, u32),
    Load(usize),
    Store(usize, u32),
    Exchange(usize, u32, u32),
    /// Waits until `main` lets all go on.
    Await,
    Send(u32),
    /// Sees whether another thread was first to set the cell.
    Set(u32),
    Get,
}

/// The steps of each thread; the first is `main`, which also receives what was sent.
type Program = Vec<Vec<Step>>;
/// What each thread saw, and what was left at the end.
type Outcome = (Vec<Vec<u32>>, Vec<u32>);

#[derive(Default)]
struct Shared {
    mutexes: [Mutex<u32>; 2],
    lock: RwLock<u32>,
    atomics: [AtomicU32; 2],
    gate: (Mutex<bool>, Condvar),
    cell: OnceLock<u32>,
}

/// Steps on whose outcomes loom is exact.
fn exact_step() -> impl Strategy<Value = Step> {
    let factor = || 1..3_u32;
    prop_oneof![
        3 => (0..2_usize, factor()).prop_map(|(mutex, factor)| Step::Lock(mutex, factor)),
        1 => factor().prop_map(Step::LockBoth),
        2 => Just(Step::Read),
        2 => factor().prop_map(Step::Write),
        2 => (0..2_usize, 1..3_u32).prop_map(|(atomic, summand)| Step::Add(atomic, summand)),
        1 => (0..2_usize, 0..3_u32).prop_map(|(atomic, value)| Step::Swap(atomic, value)),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let (atomic, value) = (|| 0..2_usize, || 0..3_u32);
    prop_oneof![
        2 => exact_step(),
        1 => (0..2_usize, 1..3_u32).prop_map(|(mutex, factor)| Step::TryLock(mutex, factor)),
        1 => Just(Step::TryRead),
        1 => (1..3_u32).prop_map(Step::TryWrite),
        1 => atomic().prop_map(Step::Load),
        1 => (atomic(), value()).prop_map(|(atomic, value)| Step::Store(atomic, value)),
        1 => (atomic(), value(), value()).prop_map(|(a, old, new)| Step::Exchange(a, old, new)),
        1 => Just(Step::Await),
        1 => value().prop_map(Step::Send),
        1 => value().prop_map(Step::Set),
        1 => Just(Step::Get),
    ]
}

/// Programs of two threads with up to three steps, or of three with fewer.
fn programs(step: fn() -> BoxedStrategy<Step>) -> impl Strategy<Value = Program> {
    let bodies =
        |threads, most| prop::collection::vec(prop::collection::vec(step(), 1..=most), threads);
    prop_oneof![2 => bodies(2, 3), 1 => bodies(3, 1)].prop_map(|mut program: Program| {
        program[0].retain(|step| *step != Step::Await);
        program
    })
}

fn scale(value: &mut u32, factor: u32) -> u32 {
    *value = *value * factor + 1;
    *value
}

fn perform(shared: &Shared, sender: &Sender<u32>, step: Step) -> u32 {
    let order = Ordering::SeqCst;
    let lock = |mutex: usize| shared.mutexes[mutex].lock().unwrap();
    match step {
        Step::Lock(mutex, factor) => scale(&mut lock(mutex), factor),
        Step::LockBoth(factor) => {
            let (mut first, mut second) = (lock(0), lock(1));
            scale(&mut first, factor) + 100 * scale(&mut second, factor)
        }
        Step::TryLock(mutex, factor) => {
            shared.mutexes[mutex].try_lock().map_or(NOTHING, |mut value| scale(&mut value, factor))
        }
        Step::Read => *shared.lock.read().unwrap(),
        Step::TryRead => shared.lock.try_read().map_or(NOTHING, |value| *value),
        Step::Write(factor) => scale(&mut shared.lock.write().unwrap(), factor),
        Step::TryWrite(factor) => {
            shared.lock.try_write().map_or(NOTHING, |mut value| scale(&mut value, factor))
        }
        Step::Add(atomic, summand) => shared.atomics[atomic].fetch_add(summand, order),
        Step::Swap(atomic, value) => shared.atomics[atomic].swap(value, order),
        Step::Load(atomic) => shared.atomics[atomic].load(order),
        Step::Store(atomic, value) => {
            shared.atomics[atomic].store(value, order);
            NOTHING
        }
        Step::Exchange(atomic, old, new) => {
            let outcome = shared.atomics[atomic].compare_exchange(old, new, order, order);
            outcome.unwrap_or_else(|found| NOTHING + found)
        }
        Step::Await => {
            let open = shared.gate.0.lock().unwrap();
            drop(shared.gate.1.wait_while(open, |open| !*open).unwrap());
            NOTHING
        }
        Step::Send(value) => sender.send(value).map_or(0, |()| NOTHING),
        Step::Set(value) => shared.cell.set(value).err().unwrap_or(NOTHING),
        Step::Get => shared.cell.get().copied().unwrap_or(NOTHING),
    }
}

fn run(program: &Program) -> Outcome {
    let shared = Arc::new(Shared::default());
    let (sender, receiver): (Sender<u32>, Receiver<u32>) = channel();
    let spawn = |steps: &Vec<Step>| {
        let (shared, sender, steps) = (Arc::clone(&shared), sender.clone(), steps.clone());
        let body = move || steps.iter().map(|step| perform(&shared, &sender, *step)).collect();
        thread::spawn(body)
    };
    let children: Vec<_> = program[1..].iter().map(spawn).collect();
    let mine = program[0].iter().flat_map(|step| {
        let message = (*step == Step::Get).then(|| receiver.try_recv().unwrap_or(NOTHING));
        message.into_iter().chain([perform(&shared, &sender, *step)])
    });
    let mut seen: Vec<Vec<u32>> = vec![mine.collect()];
    *shared.gate.0.lock().unwrap() = true;
    shared.gate.1.notify_all();
    seen.extend(children.into_iter().map(|child| child.join().unwrap()));
    let mut left: Vec<u32> = shared.mutexes.each_ref().map(|mutex| *mutex.lock().unwrap()).into();
    left.push(*shared.lock.read().unwrap());
    left.extend(shared.atomics.each_ref().map(|atomic| atomic.load(Ordering::SeqCst)));
    left.extend(receiver.try_iter());
    (seen, left)
}

/// The outcomes that an engine reaches.
fn outcomes(engine: Engine, settings: &Settings, program: &Program) -> BTreeSet<Outcome> {
    let reached = Arc::new(std::sync::Mutex::new(BTreeSet::new()));
    let (of_model, program) = (Arc::clone(&reached), program.clone());
    let exploration = explore(engine, settings, move || {
        let outcome = run(&program);
        of_model.lock().unwrap().insert(outcome);
    });
    assert_complete(&exploration);
    std::mem::take(&mut *reached.lock().unwrap())
}

/// What an engine reaches otherwise than the exploring engine.
fn disagreement(
    explored: &BTreeSet<Outcome>,
    reached: &BTreeSet<Outcome>,
    exactly: bool,
) -> Option<String> {
    let unknown = reached.difference(explored).next();
    let missing = explored.difference(reached).next().filter(|_| exactly);
    unknown
        .map(|outcome| format!("reaches what is not explored: {outcome:?}"))
        .or_else(|| missing.map(|outcome| format!("does not reach: {outcome:?}")))
}

/// Whether a store meets a read-modify-write of another thread: loom lets it come between the two
/// halves of that (tokio-rs/loom#254), an outcome that no machine has.
fn loom_errs(program: &Program) -> bool {
    let stores = |step: &Step| match step {
        Step::Store(atomic, _) => Some(*atomic),
        _ => None,
    };
    let updates = |step: &Step| match step {
        Step::Add(atomic, _) | Step::Swap(atomic, _) | Step::Exchange(atomic, ..) => Some(*atomic),
        _ => None,
    };
    let all = || program.iter().enumerate();
    all().any(|(thread, steps)| {
        let mine: Vec<_> = steps.iter().filter_map(stores).collect();
        let others = all().filter(|(other, _)| *other != thread).flat_map(|(_, steps)| steps);
        others.filter_map(updates).any(|atomic| mine.contains(&atomic))
    })
}

/// The first disagreement of an engine of this build with the exploring engine.
fn first_disagreement(program: &Program, explore: &Settings, exactly: bool) -> Option<String> {
    let explored = outcomes(Engine::Explore, explore, program);
    let is_asked = |engine: &&Engine| match **engine {
        Engine::Explore => false,
        Engine::Loom => !loom_errs(program),
        _ => true,
    };
    let others = Engine::available().iter().filter(is_asked);
    others.copied().find_map(|engine| {
        let reached = outcomes(engine, &settings(), program);
        let exactly = exactly && engine == Engine::Loom;
        disagreement(&explored, &reached, exactly).map(|text| format!("{engine} {text}"))
    })
}

fn has_explore() -> bool {
    Engine::available().contains(&Engine::Explore)
}

fn engines_agree(step: fn() -> BoxedStrategy<Step>, exactly: bool) {
    let config = ProptestConfig { cases: CASES, failure_persistence: None, ..Default::default() };
    proptest!(config, |(program in programs(step))| {
        if has_explore() {
            prop_assert_eq!(first_disagreement(&program, &settings(), exactly), None);
        }
    });
}

#[test]
fn loom_reaches_the_same_outcomes_of_locks_and_read_modify_writes() {
    engines_agree(|| exact_step().boxed(), true);
}

#[test]
fn no_engine_reaches_an_outcome_that_is_not_explored() {
    engines_agree(|| any_step().boxed(), false);
}

/// If this fails, loom has been mended: then it can be asked about all programs.
#[test]
fn loom_lets_a_store_come_into_the_middle_of_an_update() {
    if !Engine::available().contains(&Engine::Loom) {
        return;
    }
    let program = vec![vec![Step::Store(0, 1)], vec![Step::Exchange(0, 0, 2)]];
    assert!(loom_errs(&program));
    let exchanged_and_left = |(seen, left): &Outcome| (seen[1][0], left[3]) == (0, 2);
    let reached = outcomes(Engine::Loom, &settings(), &program);
    assert!(reached.iter().any(exchanged_and_left), "{reached:?}");
    let swapping = vec![vec![Step::Swap(0, 1)], program[1].clone()];
    let reached = outcomes(Engine::Loom, &settings(), &swapping);
    assert!(!reached.iter().any(exchanged_and_left), "a swap in place of the store: {reached:?}");
}

/// The control: an exploration that leaves schedules out is contradicted by the others.
#[test]
fn an_exploration_with_a_hole_is_noticed() {
    let has_witnesses =
        Engine::available().iter().filter(|engine| engine.is_controlled()).count() > 1;
    if !has_explore() || !has_witnesses {
        return;
    }
    let mut bounded = settings();
    bounded.preemptions = Some(0);
    let mut runner = TestRunner::deterministic();
    let noticed = (0..CASES).any(|_| {
        let program = programs(|| any_step().boxed()).new_tree(&mut runner).unwrap().current();
        first_disagreement(&program, &bounded, false).is_some()
    });
    assert!(noticed, "an outcome that was left out is reached by another engine");
}

/// The control of the other direction: an engine that misses an outcome is contradicted.
#[test]
fn an_engine_that_misses_an_outcome_is_noticed() {
    let all = BTreeSet::from([(vec![vec![1]], vec![]), (vec![vec![2]], vec![])]);
    let fewer = BTreeSet::from([(vec![vec![1]], vec![])]);
    assert!(disagreement(&all, &fewer, true).is_some(), "it promises to reach all");
    assert_eq!(disagreement(&all, &fewer, false), None, "it samples");
    assert!(disagreement(&fewer, &all, false).is_some(), "it reaches what nobody may");
}
