//! The number of schedules that each sampling strategy needs to the first bug, beside published
//! results: `cargo run --release -p lockproof-explore --example first_bug`, with the names of
//! programs to run fewer of them.
//!
//! The seeds are fixed, so each run prints the same.

mod programs;

use std::env;
use std::process::ExitCode;

use lockproof_explore::{Options, Pct, Pos, Random, SearchStrategy, Surw, explore};
use programs::{PROGRAMS, Program};

/// The most executions in one search, as in the published study.
const CAP: u64 = 10_000;
/// The number of searches for each program and strategy, with the seeds from 0.
const SEEDS: u64 = 20;
/// What the loop around a `pthread_create` does with variables of the main thread, counted in the
/// source of `reorder` without optimization. The published study schedules these accesses, too.
const COMPILED_STEPS: usize = 8;

/// Makes a strategy from a seed.
type Make = fn(u64) -> Box<dyn SearchStrategy>;

const STRATEGIES: [(&str, Make); 4] = [
    ("random", |seed| Box::new(Random::new(seed, CAP))),
    ("PCT-3", |seed| Box::new(Pct::new(seed, CAP, 3))),
    ("POS", |seed| Box::new(Pos::new(seed, CAP))),
    ("SURW", |seed| Box::new(Surw::new(seed, CAP))),
];

/// The means of the SURW study, in the order of [`STRATEGIES`]; `None` where no search succeeded.
///
/// Zhao, Wolff, Mathur, Roychoudhury, "Selectively Uniform Concurrency Testing", ASPLOS 2025: raw
/// results, the mean over the successful ones of 20 searches of 10,000 schedules at most.
const PUBLISHED: [[Option<u64>; 4]; PROGRAMS.len()] = [
    [None, Some(185), Some(86), Some(7)],
    [None, Some(647), Some(2_169), Some(10)],
    [None, Some(3_225), None, Some(17)],
    [None, None, None, Some(194)],
    [Some(464), Some(13), Some(15), Some(8)],
    [None, Some(159), Some(156), Some(6)],
    [None, Some(7_466), Some(6_674), Some(454)],
    [Some(2_243), Some(281), Some(23), Some(8)],
    [Some(215), Some(112), Some(36), Some(70)],
    [Some(176), Some(3), Some(2), Some(5)],
    [Some(36), Some(51), Some(10), Some(7)],
];

fn main() -> ExitCode {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let known = PROGRAMS.map(|program| program.name);
    if let Some(unknown) = wanted.iter().find(|word| !known.contains(&word.as_str())) {
        eprintln!("there is no program {unknown}: name any of {}", known.join(", "));
        return ExitCode::FAILURE;
    }
    let columns = STRATEGIES.map(|(name, _)| format!("{name} | with own steps | published"));
    println!("| program | {} |", columns.join(" | "));
    println!("|---|{}", "--:|".repeat(3 * STRATEGIES.len()));
    for (program, published) in PROGRAMS.iter().zip(PUBLISHED) {
        if wanted.is_empty() || wanted.iter().any(|word| word == program.name) {
            print_row(*program, published);
        }
    }
    ExitCode::SUCCESS
}

fn print_row(program: Program, published: [Option<u64>; STRATEGIES.len()]) {
    print!("| {} |", program.name);
    for ((_, strategy), published) in STRATEGIES.into_iter().zip(published) {
        let published = published.map_or_else(|| "none".to_owned(), |mean| mean.to_string());
        let [plain, compiled] =
            [0, COMPILED_STEPS].map(|own_steps| search(program, own_steps, strategy));
        print!(" {plain} | {compiled} | {published} |");
    }
    println!();
}

/// The mean number of executions to the first bug over the searches that found it, and how many
/// these were if not all.
fn search(program: Program, own_steps: usize, strategy: Make) -> String {
    let first_bug = |seed| {
        let run = move || program.run(own_steps);
        let outcome = explore(&Options::default(), &mut *strategy(seed), &mut (), run);
        outcome.failure.map(|failure| failure.execution)
    };
    let found: Vec<u64> = (0..SEEDS).filter_map(first_bug).collect();
    let count = found.len() as u64;
    let mean = found.iter().sum::<u64>().checked_div(count);
    match mean {
        None => "none".to_owned(),
        Some(mean) if count == SEEDS => mean.to_string(),
        Some(mean) => format!("{mean} ({count} of {SEEDS})"),
    }
}
