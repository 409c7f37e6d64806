//! The tutorial's setting: five threads, 100,000 increments each, with and without protection.
//!
//! ```console
//! $ cargo run --release --example tutorial_counter
//! ```
//!
//! The unlocked total differs from run to run, and may be right by luck. So tests by running seldom
//! find the mistake, and a model explores it instead.

use lockproof::thread;
use lockproof_structures::{AtomicCounter, Counter, LockedCounter, UnlockedCounter};

const THREADS: u64 = 5;
const INCREMENTS: u64 = 100_000;

fn main() {
    println!("{THREADS} threads, {INCREMENTS} increments each");
    report("exact", THREADS * INCREMENTS);
    report("locked", total_of(&LockedCounter::new()));
    report("atomic", total_of(&AtomicCounter::new()));
    report("unlocked", total_of(&UnlockedCounter::new()));
}

fn total_of(counter: &(impl Counter + Sync)) -> u64 {
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..INCREMENTS {
                    counter.increment();
                }
            });
        }
    });
    counter.get()
}

fn report(name: &str, total: u64) {
    let lost = THREADS * INCREMENTS - total;
    println!("{name:>8}  {total:>7}  {lost:>7} lost");
}
