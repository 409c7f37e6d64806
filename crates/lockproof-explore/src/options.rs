//! The options of an exploration. They are values: nothing here reads the environment.

use std::time::Duration;

/// The budgets and bounds of one exploration.
///
/// ```
/// use lockproof_explore::Options;
/// let options = Options { executions: Some(1_000), ..Options::default() };
/// assert!(options.stop_at_failure);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The most executions; `None` for no limit.
    pub executions: Option<u64>,
    /// The most time. An execution that has begun is finished. `None` for no limit.
    pub time: Option<Duration>,
    /// The most events in one execution. One that needs more counts as a livelock.
    pub steps: usize,
    /// Whether to stop at the first failure. If not, failures are counted.
    pub stop_at_failure: bool,
    /// Whether a failing execution ends at its failure even if the exploration continues. If not,
    /// its other threads run on, which [`Exhaustive`](crate::Exhaustive) needs to cover every class.
    pub cut_failures: bool,
    /// Whether a standstill fails its execution at once, even if a thread could continue by a
    /// spurious wake-up. If not, it is found when no thread can continue at all, and the observer
    /// says whether it is a failure: see [`Observer::execution_failed`](crate::Observer).
    pub standstills_fail: bool,
    /// How often the environment may intervene.
    pub bounds: Bounds,
    /// The bytes of its stack that a model thread may use, `main` included. Pages are mapped when
    /// they are used. A thread that needs more ends with
    /// [`Bug::StackOverflow`](crate::Bug::StackOverflow). An overflow between two operations is
    /// caught on Linux with glibc on x86-64 only; elsewhere it kills the process at the guard page
    /// behind the stack.
    pub stack_size: usize,
    /// The time between two calls of [`Observer::progress`](crate::Observer::progress).
    pub progress_every: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            executions: None,
            time: None,
            steps: 10_000,
            stop_at_failure: true,
            cut_failures: false,
            standstills_fail: true,
            bounds: Bounds::default(),
            stack_size: 256 * 1024,
            progress_every: Duration::from_millis(200),
        }
    }
}

/// How often the environment may intervene, in one thread of one execution.
///
/// Each intervention doubles the continuations, and the tenth spurious wake-up of a `while` loop
/// shows nothing that the first did not show. So each is bounded. The bounds are counted per thread,
/// since a count shared by threads would make independent events depend on each other.
/// [`Facts`](crate::Facts) says which bounds were met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Waits and parks that end spuriously.
    pub spurious_wake_ups: u32,
    /// Timed waits that time out although something else could happen. Beyond the bound, a timed
    /// wait times out only when nothing else can happen.
    pub time_outs: u32,
    /// Weak compare-exchanges that fail spuriously.
    pub weak_failures: u32,
    /// Rounds of a spin loop that observe nothing new. Beyond the bound, the loop continues when
    /// something that it observes changes.
    pub idle_spins: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { spurious_wake_ups: 1, time_outs: 1, weak_failures: 1, idle_spins: 1 }
    }
}
