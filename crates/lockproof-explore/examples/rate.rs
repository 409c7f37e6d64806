//! Executions per second of the exhaustive strategy, on models of the table of measured facts:
//! `cargo run --release --example rate`. Each is explored again and again for half a second.

use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

use lockproof_explore::{
    Atomic, Exhaustive, Mutex, Options, Outcome, RwLock, explore, here, join, spawn,
};

const LEAST_TIME: Duration = Duration::from_millis(500);

fn main() {
    println!(
        "{:<28} {:>7} {:>11} {:>12} {:>10}",
        "model", "events", "executions", "per second", "one proof"
    );
    for threads in 2..=4 {
        measure(&format!("{threads} x 1 locked"), move || locked(threads, 1));
    }
    measure("2 x 3 locked", || locked(2, 3));
    measure("3 x 2 locked", || locked(3, 2));
    measure("4 x 2 locked", || locked(4, 2));
    measure("3 x 1 unlocked", || unlocked(3, 1));
    measure("3 x 2 unlocked", || unlocked(3, 2));
    measure("3 x 2 fetch_add", || fetched(3, 2));
    measure("3 readers, 1 writer", || readers(3));
    println!("peak memory so far: {}", peak_memory());
    measure("4 x 3 locked", || locked(4, 3));
    println!("peak memory after that: {}", peak_memory());
}

fn measure(name: &str, model: impl Fn() + Copy + 'static) {
    let began = Instant::now();
    let (mut executions, mut proofs) = (0, 0);
    let mut last: Option<Outcome> = None;
    while began.elapsed() < LEAST_TIME {
        let outcome = explore(&Options::default(), &mut Exhaustive::new(), &mut (), model);
        assert!(outcome.is_complete() && outcome.failure.is_none());
        executions += outcome.executions;
        proofs += 1;
        last = Some(outcome);
    }
    let (elapsed, last) = (began.elapsed(), last.expect("it ran"));
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = executions as f64 / elapsed.as_secs_f64();
    println!(
        "{name:<28} {:>7} {:>11} {rate:>12.0} {:>10.1?}",
        last.facts.events,
        last.executions,
        elapsed / proofs
    );
}

/// The most memory that the process has had in use, where the system tells.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |text| text.trim().to_owned())
}

fn in_threads(threads: usize, body: impl Fn(usize) + Copy + 'static) {
    let children: Vec<_> = (0..threads).map(|i| spawn(None, move || body(i), here())).collect();
    for child in children {
        join(child, here()).expect("no thread panics");
    }
}

fn locked(threads: usize, times: usize) {
    let mutex = Mutex::new();
    in_threads(threads, move |_| {
        for _ in 0..times {
            mutex.lock(here());
            mutex.unlock(here());
        }
    });
    mutex.lock(here());
    mutex.unlock(here());
}

fn unlocked(threads: usize, times: usize) {
    let total = Atomic::new(0);
    in_threads(threads, move |_| {
        for _ in 0..times {
            let seen = total.load(SeqCst, here());
            total.store(seen + 1, SeqCst, here());
        }
    });
}

fn fetched(threads: usize, times: usize) {
    let total = Atomic::new(0);
    in_threads(threads, move |_| {
        for _ in 0..times {
            total.update(SeqCst, here(), |value| value + 1);
        }
    });
}

fn readers(readers: usize) {
    let lock = RwLock::new();
    in_threads(readers + 1, move |index| {
        if index < readers {
            lock.read(here());
            lock.unlock_read(here());
        } else {
            lock.write(here());
            lock.unlock_write(here());
        }
    });
}
