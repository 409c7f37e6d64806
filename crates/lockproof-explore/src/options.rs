//! How far to explore. Options are values; nothing here reads the environment.

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
    /// The most time; an execution that has begun is finished. `None` for no limit.
    pub time: Option<Duration>,
    /// The most events in one execution, beyond which it counts as a livelock.
    pub steps: usize,
    /// Whether to stop at the first failure, or to go on and count them.
    pub stop_at_failure: bool,
    /// Whether a failing execution ends at its failure also where the exploration goes on. If not,
    /// its other threads run on, which [`Exhaustive`](crate::Exhaustive) needs to see all there is.
    pub cut_failures: bool,
    /// Whether a standstill fails its execution at once, also where a thread could go on by waking
    /// up for no reason. If not, it is found when no thread can go on at all, and the observer says
    /// whether it is a failure: see [`Observer::execution_failed`](crate::Observer).
    pub standstills_fail: bool,
    /// What the environment may do of its own accord.
    pub bounds: Bounds,
    /// How many bytes of its stack a model thread may use, `main` included. A page of it is touched
    /// only when it is used. A thread that needs more is a
    /// [`Bug::StackOverflow`](crate::Bug::StackOverflow); that one which performs no
    /// operation on its way is caught on Linux with glibc on x86-64 only, and elsewhere kills the
    /// process at the guard page behind the stack.
    pub stack_size: usize,
    /// How often the observer is told how far the exploration has come.
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

/// What the environment may do of its own accord, in one thread of one execution.
///
/// Each of these doubles the ways to go on, and nothing is learnt from the tenth spurious wake-up
/// of a `while` loop that was not learnt from the first. So each thread meets each of them a
/// bounded number of times, counted per thread, since a count shared by threads would make
/// independent events depend on each other. [`Facts`](crate::Facts) says which bounds were met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    /// Waits and parks that end for no reason.
    pub spurious_wake_ups: u32,
    /// Timed waits that time out although something else could happen. Beyond the bound, a timed
    /// wait times out only when nothing else can happen.
    pub time_outs: u32,
    /// Weak compare-exchanges that fail for no reason.
    pub weak_failures: u32,
    /// Rounds of a spin loop that see nothing new. Beyond the bound, the loop goes on when what it
    /// looks at changes.
    pub idle_spins: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { spurious_wake_ups: 1, time_outs: 1, weak_failures: 1, idle_spins: 1 }
    }
}
