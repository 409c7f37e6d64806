//! Real threads: the model runs many times while seeded noise takes the processors away from it
//! at odd moments.
//!
//! A clean run proves nothing, a failure is luck. An execution that does not end is given up: its
//! threads stay blocked for the rest of the process, because a real thread cannot be stopped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::{Driver, install_panic_hook, never_shortens};
use crate::engine::{
    Defect, EndedExecution, Ending, Engine, Exploration, Failure, Happened, Settings, Strategy,
    Task, announce, exactly, show,
};
use crate::panics;
use crate::trace::Trace;

/// The longest burst of noise: a few times what a short critical section takes.
const LONGEST_BURST: Duration = Duration::from_micros(50);

pub(super) const DRIVER: Driver = Driver {
    engine: Engine::Std,
    explore,
    replay: |_, _| unreachable!("real threads follow no schedule"),
    shorten: never_shortens,
    install_hooks: || (),
};

fn explore(task: Task) -> Exploration {
    let start = Instant::now();
    let settings = task.settings.clone();
    announce(task.watcher.as_ref());
    let noise = Noise::start(settings.seed);
    let (executions, ending) = run(&settings, task, start);
    drop(noise);
    Exploration {
        engine: Engine::Std,
        strategy: Strategy::Stress,
        executions,
        elapsed: start.elapsed(),
        threads: 0,
        events: 0,
        preemptions: None,
        seed: Some(settings.seed),
        blind_spots: Vec::new(),
        assumptions: Vec::new(),
        kept_data: Vec::new(),
        ending,
    }
}

fn run(settings: &Settings, mut task: Task, start: Instant) -> (u64, Ending) {
    let reporter = task.reporter.take();
    let results = run_repeatedly(task);
    for execution in 1..=settings.stress_runs {
        if start.elapsed() > settings.time {
            let budget = format!("{:?}", settings.time);
            return (execution - 1, Ending::OutOfBudget { budget });
        }
        let defect = match results.recv_timeout(settings.hang) {
            Ok(None) => {
                if let Some(reporter) = &reporter {
                    reporter.tell(execution, start, Some(exactly(settings.stress_runs)));
                }
                continue;
            }
            Ok(Some(defect)) => defect,
            Err(_) => {
                let milliseconds = u64::try_from(settings.hang.as_millis()).unwrap_or(u64::MAX);
                Defect::Hang { milliseconds }
            }
        };
        let failure = Failure::new(defect, Trace::default(), execution);
        return (execution, Ending::Failed(Box::new(failure)));
    }
    (settings.stress_runs, Ending::Complete)
}

/// Runs the model on a thread of its own, which ends when the receiver is gone or an execution
/// has failed.
fn run_repeatedly(task: Task) -> mpsc::Receiver<Option<Defect>> {
    // A rendezvous: the next execution begins only when the last result has been looked at.
    let (sender, results) = mpsc::sync_channel(0);
    thread::spawn(move || {
        for _ in 0..task.settings.stress_runs {
            let defect = run_once(&task);
            let failed = defect.is_some();
            if sender.send(defect).is_err() || failed {
                return;
            }
        }
    });
    results
}

fn run_once(task: &Task) -> Option<Defect> {
    install_panic_hook();
    let watch = panics::watch();
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| (task.model)())) {
        return Some(watch.report(payload.as_ref()).into_defect("main".to_owned()));
    }
    let trace = &Trace::default();
    let happened = &|| Happened::InOrder;
    show(task.watcher.as_ref(), &EndedExecution { trace, standstill: None, happened })
}

/// Threads that burn time in bursts of random length until they are dropped.
struct Noise {
    over: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Noise {
    fn start(seed: u64) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let count = thread::available_parallelism().map_or(1, usize::from) as u64;
        let threads = (0..count)
            .map(|index| {
                let over = Arc::clone(&over);
                thread::spawn(move || make_noise(&over, seed.wrapping_add(index)))
            })
            .collect();
        Self { over, threads }
    }
}

impl Drop for Noise {
    fn drop(&mut self) {
        // ORDERING: Relaxed: the flag carries no data, and the join below is what orders memory.
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // The loop of a noise thread has nothing that could panic.
            let _ = thread.join();
        }
    }
}

fn make_noise(over: &AtomicBool, seed: u64) {
    let mut random = SplitMix64(seed);
    // ORDERING: Relaxed: see the store in `drop`.
    while !over.load(Ordering::Relaxed) {
        let burst = LONGEST_BURST.mul_f64(random.fraction());
        let start = Instant::now();
        while start.elapsed() < burst {
            std::hint::spin_loop();
        }
        thread::sleep(LONGEST_BURST.mul_f64(random.fraction()));
    }
}

/// Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, 1.
    fn fraction(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(u32::MAX)) / 4_294_967_296.0
    }
}
