//! The sampling strategies: each has the distribution that its paper promises, and repeats itself from
//! its seed. All seeds are fixed, so every test has the same result each time.

#[expect(dead_code, reason = "the example measures all programs, the tests need some")]
#[path = "../examples/first_bug/programs.rs"]
mod programs;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering::SeqCst;

use lockproof_explore::{
    Atomic, Findings, FinishedExecution, Mutex, Observer, OperationKind, Options, Pct, Pos, Random,
    SearchStrategy, Surw, VisibleEvent, explore, here, join, spawn, spin,
};
use programs::{Program, REORDER_3, REORDER_10, REORDER_100};

/// Makes a strategy from a seed and a number of executions.
type Make = fn(u64, u64) -> Box<dyn SearchStrategy>;

const RANDOM: Make = |seed, executions| Box::new(Random::new(seed, executions));
const PCT_3: Make = |seed, executions| Box::new(Pct::new(seed, executions, 3));
const POS: Make = |seed, executions| Box::new(Pos::new(seed, executions));
const SURW: Make = |seed, executions| Box::new(Surw::new(seed, executions));
const STRATEGIES: [(&str, Make); 4] =
    [("random", RANDOM), ("PCT", PCT_3), ("POS", POS), ("SURW", SURW)];

/// Keeps the result of a function for the events of each execution.
struct Log<T>(Vec<T>, fn(&[VisibleEvent]) -> T);

impl<T> Observer for Log<T> {
    fn execution_ended(&mut self, execution: &FinishedExecution<'_>) -> ControlFlow<()> {
        self.0.push(self.1(execution.events));
        ControlFlow::Continue(())
    }
}

/// Runs all executions of the strategy, failing ones included.
fn sample(mut strategy: Box<dyn SearchStrategy>, model: impl Fn() + 'static) -> Findings {
    let options = Options { stop_at_failure: false, ..Options::default() };
    explore(&options, &mut *strategy, &mut (), model)
}

fn logged<T>(
    mut strategy: Box<dyn SearchStrategy>,
    tell: fn(&[VisibleEvent]) -> T,
    model: impl Fn() + 'static,
) -> Vec<T> {
    let options = Options { stop_at_failure: false, ..Options::default() };
    let mut log = Log(Vec::new(), tell);
    explore(&options, &mut *strategy, &mut log, model);
    log.0
}

/// Executions to the first bug. `None` if there was none.
fn first_bug(
    strategy: Make,
    seed: u64,
    cap: u64,
    program: Program,
    own_steps: usize,
) -> Option<u64> {
    let model = move || program.run(own_steps);
    let outcome = explore(&Options::default(), &mut *strategy(seed, cap), &mut (), model);
    outcome.failure.map(|failure| failure.execution)
}

/// The mean over 20 seeds of the executions to the first bug, which all must find.
fn mean(strategy: Make, cap: u64, program: Program, own_steps: usize) -> u64 {
    let found = |seed| first_bug(strategy, seed, cap, program, own_steps);
    (0..20).map(|seed| found(seed).expect("the bug is found")).sum::<u64>() / 20
}

/// Spawns two threads, and waits for them.
fn two_threads(first: impl FnOnce() + 'static, second: impl FnOnce() + 'static) {
    let threads = [spawn(first, here()), spawn(second, here())];
    for thread in threads {
        join(thread, here()).expect("no thread panics");
    }
}

fn break_if(broken: bool) {
    if broken {
        std::panic::resume_unwind(Box::new("the invariant broke"));
    }
}

#[test]
fn equal_seeds_repeat_all_schedules_and_others_take_others() {
    let threads =
        |events: &[VisibleEvent]| events.iter().map(|event| event.thread).collect::<Vec<_>>();
    for (name, strategy) in STRATEGIES {
        let run = |seed| logged(strategy(seed, 100), threads, || REORDER_3.run(0));
        let (first, again, other) = (run(1), run(1), run(2));
        assert_eq!(first.len(), 100, "{name} runs as many executions as asked");
        assert_eq!(first, again, "{name} repeats itself");
        assert_ne!(first, other, "the seed of {name} matters");
        assert!(first.windows(2).any(|two| two[0] != two[1]), "{name} varies its schedules");
    }
}

#[test]
fn every_sampling_strategy_finds_the_reordering() {
    for (name, strategy) in STRATEGIES {
        assert!(mean(strategy, 2_000, REORDER_3, 0) < 100, "{name}");
    }
}

/// The order in which threads used the one atomic, or acquired the one lock, of a model.
fn order(events: &[VisibleEvent]) -> Vec<usize> {
    let used = |event: &&VisibleEvent| {
        matches!(event.operation.kind, OperationKind::ReadModifyWrite | OperationKind::Lock)
    };
    events.iter().filter(used).map(|event| event.thread.index()).collect()
}

/// The distance of the frequencies of the orders from equality: Pearson's chi-square, and its degrees
/// of freedom.
fn chi_square(orders: Vec<Vec<usize>>, classes: u32) -> f64 {
    let expected = f64::from(u32::try_from(orders.len()).unwrap()) / f64::from(classes);
    let mut counts = BTreeMap::<_, u32>::new();
    for order in orders {
        *counts.entry(order).or_default() += 1;
    }
    assert_eq!(counts.len(), classes as usize, "all orders occur");
    counts.values().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
}

/// A chi-square with 14 degrees of freedom is above this once in 10,000 times.
const MOST_CHI_SQUARE: f64 = 42.6;
const ORDERS: u32 = 15;

/// Two operations of one thread and four of another on one atomic, in one of 15 orders, beside
/// operations of the first that no other thread depends on.
fn two_and_four_updates() {
    let (shared, own) = (Atomic::new(0), Atomic::new(0));
    let update = move || _ = shared.update(SeqCst, here(), |value| value + 1);
    let first = move || {
        for _ in 0..2 {
            own.store(1, SeqCst, here());
            own.store(2, SeqCst, here());
            update();
        }
    };
    two_threads(first, move || (0..4).for_each(|_| update()));
}

/// The same with critical sections.
fn two_and_four_critical_sections() {
    let mutex = Mutex::new();
    let sections = move |count| {
        for _ in 0..count {
            mutex.lock(here());
            mutex.unlock(here());
        }
    };
    two_threads(move || sections(2), move || sections(4));
}

#[test]
fn surw_takes_all_orders_of_the_operations_on_an_object_equally_often() {
    for model in [two_and_four_updates, two_and_four_critical_sections] {
        let uneven = |strategy: Make| chi_square(logged(strategy(0, 3_000), order, model), ORDERS);
        let surw = uneven(SURW);
        assert!(surw < MOST_CHI_SQUARE, "the orders are equally frequent: {surw}");
        let random = uneven(RANDOM);
        assert!(random > 10.0 * MOST_CHI_SQUARE, "a random walk is told apart: {random}");
    }
}

#[test]
fn surw_finds_at_once_what_random_walks_do_not() {
    assert!(mean(SURW, 1_000, REORDER_10, 0) < 50);
    for seed in 0..2 {
        assert_eq!(first_bug(RANDOM, seed, 10_000, REORDER_10, 0), None);
    }
}

#[test]
fn surw_finds_one_order_among_those_of_a_hundred_threads() {
    assert!(first_bug(SURW, 0, 1_000, REORDER_100, 0).is_some());
}

#[test]
fn surw_passes_over_objects_that_are_only_looked_at() {
    let model = || {
        let constants: Vec<_> = (0..50).map(Atomic::new).collect();
        let look = move || _ = constants.iter().map(|c| c.load(SeqCst, here())).sum::<u64>();
        two_threads(look.clone(), look);
        REORDER_10.run(0);
    };
    let found = |seed| {
        let outcome = explore(&Options::default(), &mut Surw::new(seed, 1_000), &mut (), model);
        outcome.failure.map_or(1_000, |failure| failure.execution)
    };
    let mean = (0..20).map(found).sum::<u64>() / 20;
    assert!(mean < 50, "as soon as without them: {mean}");
}

/// One thread takes `steps` steps. The bug needs two of another to come right before the last but
/// four and at the very end: three pairs of steps in order.
fn depth_three(steps: u64) {
    let (place, seen) = (Atomic::new(0), Atomic::new(0));
    let walk = move || (1..=steps).for_each(|step| place.store(step, SeqCst, here()));
    let look = move || {
        let first = place.load(SeqCst, here());
        seen.poke(u64::from(first == steps - 4 && place.load(SeqCst, here()) == steps));
    };
    two_threads(walk, look);
    break_if(seen.peek() == 1);
}

/// The bug needs one step of the other right before the last: two pairs.
fn depth_two(steps: u64) {
    let (place, seen) = (Atomic::new(0), Atomic::new(0));
    let walk = move || (1..=steps).for_each(|step| place.store(step, SeqCst, here()));
    two_threads(walk, move || seen.poke(place.load(SeqCst, here())));
    break_if(seen.peek() == steps - 1);
}

/// The bug needs one step of the other after the last: one pair.
fn depth_one(steps: u64) {
    let (place, seen) = (Atomic::new(0), Atomic::new(0));
    let walk = move || (1..=steps).for_each(|step| place.store(step, SeqCst, here()));
    two_threads(walk, move || seen.poke(place.load(SeqCst, here())));
    break_if(seen.peek() == steps);
}

#[test]
fn pct_finds_a_bug_as_often_as_it_guarantees() {
    let models: [fn(u64); 3] = [depth_one, depth_two, depth_three];
    let executions = [200, 4_000, 20_000];
    for ((depth, model), executions) in (1..).zip(models).zip(executions) {
        let pct = sample(Box::new(Pct::new(0, executions, depth)), move || model(20));
        let steps = pct.facts.events as u64;
        let inverse_chance =
            pct.facts.threads as u64 * steps.pow(u32::try_from(depth).unwrap() - 1);
        let guaranteed = executions / inverse_chance;
        assert!(guaranteed >= 5, "there are enough executions to tell: {guaranteed}");
        assert!(pct.failures >= guaranteed, "depth {depth}: {} of {guaranteed}", pct.failures);
        let random = sample(RANDOM(0, executions), move || model(20));
        assert!(random.failures * 10 <= guaranteed, "depth {depth}: a random walk is far from it");
    }
}

#[test]
fn pct_finds_no_bug_that_needs_more_changes_than_it_makes() {
    let shallow = sample(Box::new(Pct::new(0, 2_000, 1)), || depth_two(20));
    assert_eq!(shallow.failures, 0, "it takes a change of priorities");
}

#[test]
fn pct_starves_no_thread_that_a_spinning_thread_waits_for() {
    let outcome = sample(PCT_3(0, 500), || {
        let flags: [Atomic; 9] = std::array::from_fn(|_| Atomic::new(0));
        let is_up = move |flag: &Atomic| flag.load(SeqCst, here()) == 1;
        let wait = move || {
            // A thread that observes more than eight objects is not taken to be spinning.
            while flags.iter().filter(|flag| is_up(flag)).count() < flags.len() {
                spin(here());
            }
        };
        two_threads(wait, move || flags.iter().for_each(|flag| flag.store(1, SeqCst, here())));
    });
    assert!(outcome.failure.is_none() && outcome.facts.events < 120, "{}", outcome.facts.events);
}

#[test]
fn pos_beats_random_walks_where_threads_begin_one_after_the_other() {
    assert!(mean(POS, 2_000, REORDER_3, 8) < 200);
    assert_eq!(first_bug(RANDOM, 0, 10_000, REORDER_3, 8), None);
    assert!(mean(POS, 2_000, REORDER_3, 0) < mean(RANDOM, 2_000, REORDER_3, 0));
}

#[test]
fn pos_throws_the_order_of_interfering_operations_afresh_each_time() {
    let five_each = || {
        let shared = Atomic::new(0);
        let update = move || _ = shared.update(SeqCst, here(), |value| value + 1);
        two_threads(move || (0..5).for_each(|_| update()), move || (0..5).for_each(|_| update()));
    };
    let orders = logged(POS(0, 5_000), order, five_each);
    let alternates = |order: &&Vec<usize>| order.windows(2).all(|two| two[0] != two[1]);
    let count = orders.iter().filter(alternates).count();
    // Eight coin tosses decide, so about 20 of 5,000. If the loser of one toss kept its low priority
    // for the next one, it would be one in a hundred thousand.
    assert!((10..40).contains(&count), "turns are taken {count} times");
}
