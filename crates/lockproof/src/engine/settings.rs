//! How far an engine searches. Settings are values; nothing here reads the environment.

use std::fmt;
use std::time::Duration;

/// How an engine picks schedules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strategy {
    /// Real threads under seeded noise.
    Stress,
    /// Every schedule that the engine tells apart.
    Exhaustive,
    /// One execution, by its [`Schedule`](crate::engine::Schedule).
    Replay,
    /// Each step a uniform choice among the threads that can run.
    Random,
    /// Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): random priorities with
    /// `depth - 1` random changes.
    Pct {
        /// The number of ordering constraints that the sought bug needs.
        depth: usize,
    },
    /// Partial order sampling (Yuan, Yang, Gu, CAV 2018): random priorities that are drawn anew
    /// for events that race.
    Pos,
    /// Random schedules towards one deadlock (Joshi, Park, Sen, Naik, PLDI 2009): of
    /// [`Task::directed_by`](crate::engine::Task::directed_by), which says towards which.
    Directed,
    /// Selectively uniform random walk (Zhao et al., ASPLOS 2025): all orders of the events on one
    /// object alike, which is drawn anew for each execution.
    Surw,
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stress => f.write_str("stress"),
            Self::Exhaustive => f.write_str("exhaustive"),
            Self::Replay => f.write_str("replay"),
            Self::Random => f.write_str("random"),
            Self::Pct { depth } => write!(f, "PCT-{depth}"),
            Self::Pos => f.write_str("POS"),
            Self::Surw => f.write_str("SURW"),
            Self::Directed => f.write_str("directed"),
        }
    }
}

/// The budgets and choices of one exploration. Start from `Settings::default()`.
///
/// | field | default | who obeys it |
/// |---|---|---|
/// | `preemptions` | `None`: unbounded | explore (exhaustive), loom |
/// | `executions` | `None`: no limit | explore (exhaustive), loom |
/// | `exploring` | `Strategy::Exhaustive` | explore |
/// | `samples` | 2,000 | shuttle, explore (not exhaustive) |
/// | `sampling` | `Strategy::Random` | shuttle |
/// | `stress_runs` | 100 | std |
/// | `time` | 60 s | all |
/// | `steps` | 10,000 | explore, loom, shuttle |
/// | `stack_size` | 256 KiB | explore, shuttle; loom for spawned threads |
/// | `hang` | 10 s | std |
/// | `shortening` | 2 s | explore, when it is given a failure |
/// | `seed` | 0 | explore (not exhaustive), shuttle, std |
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The most preemptions in one execution of an exhaustive search; `None` for no bound.
    ///
    /// A preemption is a step of another thread although the one that took the last step could go
    /// on: it has not ended, its operation can take effect now, and is neither a yield (a spin
    /// hint, a sleep) nor a wait or park that only a time-out or no reason at all would end.
    /// explore counts so; loom counts in its own way.
    pub preemptions: Option<usize>,
    /// The most executions of an exhaustive search; `None` for no limit.
    pub executions: Option<u64>,
    /// How the exploring engine picks schedules: any strategy but `Stress` and `Replay`.
    pub exploring: Strategy,
    /// The executions of a random search.
    pub samples: u64,
    /// How shuttle picks schedules: `Random` or `Pct`.
    pub sampling: Strategy,
    /// The executions on real threads.
    pub stress_runs: u64,
    /// The most time for one exploration; an execution that has begun is finished.
    pub time: Duration,
    /// The most scheduling points in one execution, beyond which it counts as a livelock.
    pub steps: usize,
    /// The bytes of stack that a thread of the model may use. What overflows it is refuted under
    /// explore, and ends the process under the other engines: `docs/engine-limits.md` says where.
    pub stack_size: usize,
    /// How long an execution on real threads may take before it counts as hung.
    pub hang: Duration,
    /// The most time to look for a shorter execution that fails in the same way; see
    /// [`Task::shorten`](crate::engine::Task::shorten). Zero for none.
    pub shortening: Duration,
    /// Where the random search and the noise start; the same seed repeats a random search.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            preemptions: None,
            executions: None,
            exploring: Strategy::Exhaustive,
            samples: 2_000,
            sampling: Strategy::Random,
            stress_runs: 100,
            time: Duration::from_mins(1),
            steps: 10_000,
            stack_size: 256 * 1024,
            hang: Duration::from_secs(10),
            shortening: Duration::from_secs(2),
            seed: 0,
        }
    }
}
