//! The contenders, and what one search of one of them takes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use lockproof::engine::{Engine, Settings, explore};
use lockproof_explore::{Exhaustive, Options};
use shuttle::scheduler::{DfsScheduler, RandomScheduler};

use crate::rows::Row;
use crate::{on_explore, on_facade, on_loom, on_shuttle};

/// A search is repeated for so long.
const LEAST_TIME: Duration = Duration::from_millis(300);
/// A search that has not come to its end after so many executions is cut off.
const MOST_OF_LOOM: usize = 100_000;
/// The same for shuttle's DFS, which finishes few rows in any time that one would wait.
const MOST_OF_DFS: usize = 200_000;
/// The executions of one random search.
const SAMPLES: usize = 5_000;

/// An engine, with a way to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contender {
    /// The exploring engine, by its own handles.
    Explore,
    /// The exploring engine, through the facade.
    Facade,
    /// loom, without a bound on preemptions.
    Loom,
    /// shuttle's exhaustive search.
    Dfs,
    /// shuttle's random search, which has no end.
    Random,
}

/// What some searches of one model took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Effort {
    /// The executions of one search.
    pub(crate) executions: u64,
    /// How many searches there were.
    pub(crate) searches: u32,
    /// Of all searches: the processor's time, where the system tells, which does not depend on what
    /// else the machine is doing.
    pub(crate) elapsed: Duration,
    /// Whether they came to their end.
    pub(crate) is_complete: bool,
    /// The events of the longest execution, where they are counted.
    pub(crate) events: usize,
}

impl Effort {
    /// What one search took.
    pub(crate) fn of_one_search(&self) -> Duration {
        self.elapsed / self.searches
    }
}

/// One search.
struct Search {
    executions: u64,
    is_complete: bool,
    events: usize,
}

impl Contender {
    pub(crate) const ALL: [Self; 5] =
        [Self::Explore, Self::Facade, Self::Loom, Self::Dfs, Self::Random];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Explore => "explore",
            Self::Facade => "explore through the facade",
            Self::Loom => "loom",
            Self::Dfs => "shuttle DFS",
            Self::Random => "shuttle random",
        }
    }

    /// Searches again and again.
    pub(crate) fn measure(self, row: Row) -> Effort {
        let stopwatch = Stopwatch::start();
        let mut effort = Effort::default();
        while effort.elapsed < LEAST_TIME {
            // To look at the stopwatch costs more than a short search.
            let began = Instant::now();
            while began.elapsed() < LEAST_TIME / 5 {
                let search = self.search(row);
                effort.searches += 1;
                effort.executions += search.executions;
                effort.is_complete = search.is_complete;
                effort.events = search.events;
            }
            effort.elapsed = stopwatch.elapsed();
        }
        effort.executions /= u64::from(effort.searches);
        effort
    }

    fn search(self, row: Row) -> Search {
        match self {
            Self::Explore => by_explore(row),
            Self::Facade => by_facade(row),
            Self::Loom => by_loom(row),
            Self::Dfs => by_shuttle(DfsScheduler::new(Some(MOST_OF_DFS), false), MOST_OF_DFS, row),
            Self::Random => by_shuttle(RandomScheduler::new_from_seed(0, SAMPLES), SAMPLES, row),
        }
    }
}

/// Takes the time of the processor or, where the system does not tell, of the wall.
struct Stopwatch {
    began: Instant,
    used: Option<Duration>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { began: Instant::now(), used: processor_time() }
    }

    fn elapsed(&self) -> Duration {
        match (self.used, processor_time()) {
            (Some(before), Some(now)) => now.saturating_sub(before),
            _ => self.began.elapsed(),
        }
    }
}

/// What this process has used of the processor, its threads that have ended included; a multiple of
/// 10 ms.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the executable, in brackets, may hold anything.
    let (_, fields) = text.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Some(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>().ok()?))
}

fn by_explore(row: Row) -> Search {
    let model = move || on_explore::run(row);
    let options = Options::default();
    let outcome = lockproof_explore::explore(&options, &mut Exhaustive::new(), &mut (), model);
    assert!(outcome.failure.is_none(), "the models are correct: {outcome:?}");
    Search {
        executions: outcome.executions,
        is_complete: outcome.is_complete(),
        events: outcome.facts.events,
    }
}

fn by_facade(row: Row) -> Search {
    let settings = Settings::default();
    let exploration = explore(Engine::Explore, &settings, move || on_facade::models::run(row));
    assert!(exploration.failure().is_none(), "the models are correct: {exploration:?}");
    Search {
        executions: exploration.executions,
        is_complete: matches!(exploration.ending, lockproof::engine::Ending::Complete),
        events: exploration.events,
    }
}

fn by_loom(row: Row) -> Search {
    static EXECUTIONS: AtomicU64 = AtomicU64::new(0);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = None;
    builder.max_permutations = Some(MOST_OF_LOOM);
    builder.max_duration = None;
    builder.checkpoint_interval = MOST_OF_LOOM;
    // ORDERING: Relaxed here and below: loom's threads all run on this one.
    EXECUTIONS.store(0, Ordering::Relaxed);
    builder.check(move || {
        // ORDERING: as above.
        EXECUTIONS.fetch_add(1, Ordering::Relaxed);
        on_loom::models::run(row);
    });
    // ORDERING: as above.
    let executions = EXECUTIONS.load(Ordering::Relaxed);
    searched(executions, MOST_OF_LOOM)
}

fn by_shuttle(
    scheduler: impl shuttle::scheduler::Scheduler + 'static,
    most: usize,
    row: Row,
) -> Search {
    let mut config = shuttle::Config::new();
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.silence_warnings = true;
    let executions =
        shuttle::Runner::new(scheduler, config).run(move || on_shuttle::models::run(row));
    searched(u64::try_from(executions).unwrap_or(u64::MAX), most)
}

/// A search of an engine that does not say whether it came to the end or was cut off.
fn searched(executions: u64, most: usize) -> Search {
    // loom looks at its limit before an execution of that number is run.
    let is_complete = executions + 1 < u64::try_from(most).unwrap_or(u64::MAX);
    Search { executions, is_complete, events: 0 }
}
