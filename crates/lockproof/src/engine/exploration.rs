//! The facts of an exploration.

use std::fmt;
use std::time::Duration;

use super::{Divergence, Engine, Failure, Strategy};
use crate::trace::Object;

/// The facts of one exploration: what ran, how far it got, what it could not see.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exploration {
    /// The engine that ran.
    pub engine: Engine,
    /// The strategy that picked schedules.
    pub strategy: Strategy,
    /// The executions that ran, the failing one included.
    pub executions: u64,
    /// The time it took.
    pub elapsed: Duration,
    /// The most threads seen in one execution, `main` included; 0 where they are not counted
    /// (real threads).
    pub threads: usize,
    /// The most events seen in one execution; 0 where they are not counted (real threads).
    pub events: usize,
    /// The bound on preemptions that was in force.
    pub preemptions: Option<usize>,
    /// The seed that repeats the run, where the strategy has one.
    pub seed: Option<u64>,
    /// What the model used and the engine does not explore completely, without repetition.
    pub blind_spots: Vec<BlindSpot>,
    /// What the engine took for granted and the model met: the bounds on what the environment
    /// does of its own accord, which a proof stands under.
    pub assumptions: Vec<Assumption>,
    /// The locks and cells whose content an execution changed and a later one found: those of
    /// statics, and those that were made outside of the model. Each once, in the order in which
    /// they were found. With any of them executions do not start alike, and nothing is proved.
    pub kept_data: Vec<Object>,
    /// Why the exploration ended.
    pub ending: Ending,
}

impl Exploration {
    /// The failure that was found, if any.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.ending {
            Ending::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}

/// Why an exploration ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Ending {
    /// The search space, or the number of samples asked for, was worked off.
    Complete,
    /// A budget was used up first.
    OutOfBudget {
        /// The budget, in words.
        budget: String,
    },
    /// The engine cannot run the model.
    Unsupported {
        /// What it cannot do, where, and the way out.
        reason: String,
    },
    /// An execution failed.
    Failed(Box<Failure>),
    /// A replay left its schedule: the model is not the one that the schedule was made for.
    Diverged(Divergence),
}

/// Something a model did that its engine does not explore completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BlindSpot {
    /// Plain atomic loads or stores while other threads run: loom misses interleavings of them.
    PlainAtomics,
    /// A wait on a condition variable, or a park: under loom none ends spuriously, and a
    /// notification goes to the longest waiter.
    SpuriousWakeUp,
    /// A weak compare-exchange: loom never lets it fail spuriously.
    WeakCompareExchange,
    /// `try_lock` and its kin: the facade makes loom see what it needs to, but loom's search is not
    /// known to be complete for them.
    TryLock,
    /// A thread that yields, spins or sleeps: loom runs it again only when no other thread can run.
    Yield,
    /// What destructors do while their thread unwinds from a panic: no engine can switch threads
    /// there, so it is one step with what the thread did before.
    Unwinding,
    /// A choice of [`choose`](crate::extension::choose): loom takes the first option only.
    Choice,
    /// Accesses to an `UnsafeCell`: shuttle does not check them for data races.
    DataRace,
    /// Orderings weaker than `SeqCst` on two atomics or more, or a fence: shuttle and the exploring
    /// engine are sequentially consistent.
    WeakMemory,
    /// A time-out or a spinning thread that the exploring engine let go on because nothing else
    /// could: what comes after it is explored in one order only.
    LateTimeOut,
}

impl fmt::Display for BlindSpot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PlainAtomics => "interleavings of plain atomic loads and stores",
            Self::SpuriousWakeUp => "spurious wake-ups and the choice of the waiter to wake",
            Self::WeakCompareExchange => "spurious failures of weak compare-exchange",
            Self::TryLock => "every order of attempts such as try_lock",
            Self::Yield => "schedules in which a thread that yields or sleeps goes on at once",
            Self::Unwinding => "what other threads do while one unwinds",
            Self::Choice => "all options of a choice but the first",
            Self::DataRace => "data races",
            Self::WeakMemory => "weak memory behaviour",
            Self::LateTimeOut => "orders of what follows a time-out that came last",
        })
    }
}

/// A bound on what the environment does of its own accord.
///
/// Each of these would double the ways to go on at every turn, and a second time teaches nothing
/// that the first did not: a loop around a wait is back where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Assumption {
    /// Waits and parks.
    SpuriousWakeUps,
    /// Timed waits.
    TimeOuts,
    /// Weak compare-exchanges.
    WeakFailures,
    /// Spin loops.
    IdleSpins,
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SpuriousWakeUps => "a thread wakes up spuriously once at most",
            Self::TimeOuts => "a thread's waits time out early once at most",
            Self::WeakFailures => "a thread's weak compare-exchanges fail spuriously once at most",
            Self::IdleSpins => "a spin loop that sees nothing new goes round once at most",
        })
    }
}
