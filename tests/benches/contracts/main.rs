//! Contracts beside the lincheck crate, on the same types and the same scenarios: how many
//! scenarios each checks in a second, and how long each takes to the first that fails.
//!
//! `cargo bench -p lockproof-tests --features lockproof/explore --bench contracts`. lincheck's own
//! sizes cannot be set, so the scenarios are written here, by proptest, and given to both. lincheck
//! does not look for a smaller scenario here. Times may be compared within one run, not with those
//! of another machine or day.

mod calls;
mod ours;
mod peer;
mod theirs;

use std::fmt::Debug;
use std::panic::UnwindSafe;
use std::time::{Duration, Instant};

use calls::{
    CellSpecification, CounterSpecification, LoginSpecification, PairCall, PairSpecification,
    SettingSpecification,
};
use lockproof_check::plain_text::time;
use lockproof_check::proptest::arbitrary::{Arbitrary, any};
use lockproof_check::proptest::strategy::{Strategy, ValueTree};
use lockproof_check::proptest::test_runner::TestRunner;
use lockproof_check::{Contract, Engine, RecordedEngine, Scenario, Specifies};

use crate::ours::twins as one;
use crate::theirs::twins as other;

/// How long lincheck may look for a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// Scenarios in which a failure is looked for.
const SCENARIOS: usize = 200;
/// Threads, the calls of each, and how many such scenarios lincheck checks: it takes half a second
/// for one of the last.
const SIZES: [(usize, usize, usize); 3] = [(2, 1, SCENARIOS), (2, 2, SCENARIOS), (3, 2, 3)];

/// The calls of a scenario, for either checker.
struct Calls<O> {
    before: Vec<O>,
    threads: Vec<Vec<O>>,
    after: Vec<O>,
}

/// What a checker found.
struct Found {
    run: usize,
    fails: bool,
    /// To the first failure, or to the end.
    time: Duration,
    /// To the smallest scenario that fails.
    smallest: Option<Duration>,
}

fn main() {
    // As a test, cargo runs it without this flag.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    assert!(
        Engine::available().contains(&Engine::Explore),
        "the exploring engine is what is measured: add `--features lockproof/explore`"
    );
    rates();
    println!("| twin | scenarios to the failure | lockproof | with the smallest | lincheck |");
    println!("|---|--:|--:|--:|--:|");
    compare::<CounterSpecification, one::UnlockedCounter, other::UnlockedCounter>("lost update");
    compare::<LoginSpecification, one::TornProfile, other::TornProfile>("torn update");
    compare::<SettingSpecification, one::ReadThenWrite, other::ReadThenWrite>("read, then write");
    compare::<CellSpecification, one::CheckThenInsert, other::CheckThenInsert>(
        "check, then insert",
    );
    compare::<PairSpecification, one::TornSnapshot, other::TornSnapshot>("torn snapshot");
    let apart = vec![Calls {
        before: vec![],
        threads: vec![
            vec![PairCall::write_left(1)],
            vec![PairCall::write_right(1)],
            vec![PairCall::snapshot()],
        ],
        after: vec![],
    }];
    row(
        "torn snapshot of two writers",
        &check::<PairSpecification, one::TornSnapshot>(&apart),
        &peer::check::<PairSpecification, other::TornSnapshot>(&apart),
    );
}

/// Scenarios in a second, of threads that make locked calls.
fn rates() {
    println!("| locked calls | lockproof, scenarios per second | lincheck | ratio |");
    println!("|---|--:|--:|--:|");
    for (threads, calls, for_peer) in SIZES {
        let scenarios = scenarios(0, threads, calls);
        let mine = check::<CounterSpecification, one::LockedCounter>(&scenarios);
        let few = &scenarios[..for_peer];
        let theirs = peer::check::<CounterSpecification, other::LockedCounter>(few);
        let (mine, theirs) = (rate(&mine), rate(&theirs));
        let ratio = mine / theirs;
        println!("| {threads} threads x {calls} | {mine:.0} | {theirs:.1} | {ratio:.0} |");
    }
    println!();
}

fn rate(found: &Found) -> f64 {
    assert!(!found.fails, "a locked counter is linearizable");
    f64::from(u32::try_from(found.run).unwrap_or(u32::MAX)) / found.time.as_secs_f64()
}

fn compare<S, C, D>(mistake: &str)
where
    S: Specifies<C> + Specifies<D> + Default,
    C: Default + Send + Sync + 'static,
    D: Default + Send + Sync + 'static,
    S::Operation: Arbitrary + Debug + UnwindSafe,
{
    let scenarios = scenarios(1, 2, 2);
    row(mistake, &check::<S, C>(&scenarios), &peer::check::<S, D>(&scenarios));
}

fn row(mistake: &str, ours: &Found, theirs: &Found) {
    let found = |found: &Found| {
        let verdict = if found.fails { "" } else { "accepted after " };
        format!("{verdict}{}", time(found.time))
    };
    let (run, smallest) = (ours.run, ours.smallest.map_or_else(|| "-".to_owned(), time));
    println!("| {mistake} | {run} | {} | {smallest} | {} |", found(ours), found(theirs));
}

/// Scenarios of that many threads with so many calls each, and calls before and after them.
fn scenarios<O: Arbitrary>(around: usize, threads: usize, calls: usize) -> Vec<Calls<O>> {
    let mut runner = TestRunner::deterministic();
    let any_call = any::<O>();
    let mut some = |count: usize| -> Vec<O> {
        let call = |_| any_call.new_tree(&mut runner).expect("a call is generated").current();
        (0..count).map(call).collect()
    };
    let mut one = || Calls {
        before: some(around),
        threads: (0..threads).map(|_| some(calls)).collect(),
        after: some(around),
    };
    (0..SCENARIOS).map(|_| one()).collect()
}

fn check<S, C>(scenarios: &[Calls<S::Operation>]) -> Found
where
    S: Specifies<C> + Default,
    C: Default + Send + Sync + 'static,
{
    let mut contract = Contract::new("subject", C::default, S::default());
    for Calls { before, threads, after } in scenarios {
        let scenario = Scenario::new(threads.clone()).before(before.clone()).after(after.clone());
        contract = contract.scenario(scenario);
    }
    for &engine in Engine::available().iter().filter(|engine| **engine != Engine::Explore) {
        contract = contract.not_on(engine, "explore is measured");
    }
    let start = Instant::now();
    let report = contract.check();
    let time = start.elapsed();
    let run = report.run_of(RecordedEngine::Explore).expect("the engine is in the build");
    let counts = run.search().and_then(|search| search.scenarios).expect("it ran");
    let run_scenarios = usize::try_from(counts.run).unwrap_or(usize::MAX);
    Found {
        run: run_scenarios,
        fails: run.verdict().failure().is_some(),
        time: counts.failed_after.unwrap_or(time),
        smallest: counts.failed_after.map(|_| time),
    }
}
