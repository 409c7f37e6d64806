//! The engines side by side on the models of the project's table: how many executions each needs,
//! how many it runs in a second, how long it takes to the end, and in how much memory.
//!
//! `cargo bench -p lockproof --all-features --bench engines`, and optionally words that the rows
//! must contain. Each measurement runs in a process of its own, this executable started again, so
//! that its peak memory is that of one engine on one model. Time is the processor's, and the least of
//! [`ROUNDS`] rounds in which the contenders take turns: what else a shared machine does can only add
//! to it. Figures of one run may be compared with each other, not with those of another machine or
//! day.
//!
//! | file | holds |
//! |---|---|
//! | `rows` | the models of the table |
//! | `models`, `on_*` | the models against the facade, loom and shuttle, from one source |
//! | `on_explore` | the models against the exploring engine's own handles |
//! | `measure` | the contenders, and what one search of one of them takes |
//! | `growth` | whether an execution costs more, the more came before |
//! | `process` | measurements in processes of their own |
//! | `tables` | what was measured, as tables |

mod growth;
mod measure;
mod on_explore;
mod on_facade;
mod on_loom;
mod on_shuttle;
mod process;
mod rows;
mod tables;

use measure::Contender;
use process::Measured;
use rows::{ROWS, Row};

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if process::answer(&arguments) {
        return;
    }
    // `cargo bench` adds a flag of its own.
    let words: Vec<_> = arguments.iter().filter(|word| !word.starts_with("--")).collect();
    let is_wanted = |row: &&Row| words.iter().all(|word| row.name().contains(word.as_str()));
    let measured: Vec<Measured> = ROWS.iter().filter(is_wanted).map(measure_row).collect();
    let floor = process::floor();
    tables::print(&measured, floor);
    if words.is_empty() {
        tables::print_goals(&measured);
        tables::print_growth(&[Contender::Explore, Contender::Facade].map(process::growth));
    }
}

/// How often each contender is measured on each row.
const ROUNDS: usize = 3;

fn measure_row(row: &Row) -> Measured {
    eprintln!("measuring {}", row.name());
    let round = || Contender::ALL.map(|contender| process::figures(*row, contender));
    let mut figures = round();
    for _ in 1..ROUNDS {
        for (least, again) in figures.iter_mut().zip(round()) {
            if again.effort.of_one_search() < least.effort.of_one_search() {
                *least = again;
            }
        }
    }
    Measured { row: *row, figures }
}
