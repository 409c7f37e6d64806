//! The differential test, for as long as one likes: `cargo run --release --example fuzz -- 100000`
//! compares that many random programs with brute force, from a seed that a second argument sets.

#[path = "../tests/differential/program.rs"]
mod program;
#[path = "../tests/differential/reference.rs"]
mod reference;
#[path = "../tests/differential/subject.rs"]
mod subject;
#[path = "../tests/differential/trace.rs"]
mod trace;
#[path = "../tests/differential/verdict.rs"]
mod verdict;

use std::process::ExitCode;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};

use verdict::{MOST_PREFIXES, Verdict, compare};

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let (Ok(count), Ok(seed)) =
        (numbers.next().unwrap_or(Ok(10_000)), numbers.next().unwrap_or(Ok(0)))
    else {
        eprintln!("usage: fuzz [programs] [seed]");
        return ExitCode::FAILURE;
    };
    run(count, seed)
}

fn run(count: u64, seed: u64) -> ExitCode {
    let config = Config {
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let mut sums = [0; 5];
    for number in 1..=count {
        let mut tree = program::programs().new_tree(&mut runner).expect("nothing is rejected");
        match compare(&tree.current(), 10 * MOST_PREFIXES) {
            Verdict::Agreed { traces, stuck, abandoned } => {
                let counts = [1, traces as u64, stuck, abandoned, 0];
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            Verdict::TooLarge => sums[4] += 1,
            Verdict::Differed { .. } => {
                shrink(&mut tree, number);
                return ExitCode::FAILURE;
            }
        }
    }
    let [agreed, traces, stuck, abandoned, too_large] = sums;
    println!(
        "{agreed} programs agree: {traces} traces, {stuck} of them stuck, {abandoned} executions \
         abandoned; {too_large} programs too large"
    );
    ExitCode::SUCCESS
}

/// Prints the smallest program that shows the difference.
fn shrink(tree: &mut impl ValueTree<Value = program::Program>, number: u64) {
    let differs = |program: &program::Program| {
        matches!(compare(program, 10 * MOST_PREFIXES), Verdict::Differed { .. })
    };
    while tree.simplify() {
        while !differs(&tree.current()) && tree.complicate() {}
    }
    let program = tree.current();
    println!("program {number} differs: {program:#?}");
    println!("{:#?}", compare(&program, 10 * MOST_PREFIXES));
}
