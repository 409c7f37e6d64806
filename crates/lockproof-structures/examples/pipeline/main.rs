//! A pipeline on real input: read a CSV file of trades, parse and aggregate its rows in several
//! threads, and check the result against a run in one thread.
//!
//! ```console
//! $ cargo run --release --example pipeline
//! $ cargo run --release --example pipeline -- --unlocked
//! $ cargo run --release --example pipeline -- trades.csv
//! ```

mod command;
mod concurrent;
mod outcome;
mod sequential;
mod source;
mod trade;

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    command::run(std::env::args_os().skip(1), &mut io::stdout().lock(), &mut io::stderr().lock())
}
