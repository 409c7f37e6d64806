//! Writes the sample of trades that the pipeline reads: always the same file.
//!
//! ```console
//! $ cargo run --example generate_records
//! wrote 5000 rows to crates/lockproof-structures/data/records.csv
//! ```

mod generator;

use std::fs;
use std::process::ExitCode;

const DEFAULT_FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/records.csv");

fn main() -> ExitCode {
    let path = std::env::args().nth(1).unwrap_or_else(|| DEFAULT_FILE.to_owned());
    match fs::write(&path, generator::sample()) {
        Ok(()) => {
            println!("wrote {} rows to {path}", generator::ROWS);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot write {path}: {error}: name a file that can be written");
            ExitCode::from(2)
        }
    }
}
