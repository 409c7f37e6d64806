//! The vocabulary of a search: what an engine is asked to do, and what it reports.
//!
//! [`explore`], or [`Task`] where more is asked for, runs a model and reports facts: how many
//! executions ran, whether the search was complete, what the engine could not see, and the first
//! failure with its trace. Whether that makes a proof is decided elsewhere, from these facts.

mod approach;
mod condition;
mod exploration;
mod failure;
mod happened;
mod minimality;
mod progress;
mod schedule;
mod settings;
mod task;
mod untracked;
mod watcher;

use std::fmt;

pub use approach::Approach;
pub use condition::Condition;
pub use exploration::{Assumption, BlindSpot, Ending, Exploration};
pub use failure::{BlockedThread, Defect, DefectKind, Failure};
pub use happened::{Happened, Moment, StepOrder};
pub use minimality::{Minimality, Obstacle};
pub use progress::Progress;
pub use schedule::{Divergence, MalformedSchedule, Schedule};
pub use settings::{Settings, Strategy};
pub use task::Task;
pub use untracked::Untracked;
pub use watcher::{EndedExecution, SharedWatcher, Watcher};

#[cfg(feature = "_modelled")]
pub(crate) use happened::Steps;
pub(crate) use progress::{Reporter, exactly};
pub(crate) use watcher::{announce, show};

/// What controls the schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Engine {
    /// Real threads, with seeded noise: always there.
    Std,
    /// The exploring engine: every interleaving once, with feature `explore`.
    Explore,
    /// loom: an exhaustive search, with feature `loom`.
    Loom,
    /// shuttle: a random search, with feature `shuttle`.
    Shuttle,
}

impl Engine {
    /// Whether the engine decides every scheduling step, so that a defect it can reach is found
    /// by searching, not by luck.
    pub fn is_controlled(self) -> bool {
        self != Self::Std
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Std => "std",
            Self::Loom => "loom",
            Self::Shuttle => "shuttle",
            Self::Explore => "explore",
        })
    }
}

/// Runs `model` under `engine` until the search is complete, a budget is used up, or an execution
/// fails.
///
/// Real threads run the model as a stress test, loom searches exhaustively, shuttle at random.
/// The model is a closed concurrent test: it makes its own state, spawns a few threads, and
/// asserts.
///
/// ```
/// use lockproof::engine::{Engine, Settings, explore};
/// use lockproof::sync::{Arc, Mutex};
/// use lockproof::thread;
///
/// let exploration = explore(Engine::Std, &Settings::default(), || {
///     let total = Arc::new(Mutex::new(0));
///     let other = Arc::clone(&total);
///     let child = thread::spawn(move || *other.lock().unwrap() += 1);
///     *total.lock().unwrap() += 1;
///     child.join().unwrap();
///     assert_eq!(*total.lock().unwrap(), 2);
/// });
/// assert!(exploration.failure().is_none());
/// ```
///
/// # Panics
///
/// If this build does not contain the engine: see [`Engine::available`].
#[track_caller]
pub fn explore(
    engine: Engine,
    settings: &Settings,
    model: impl Fn() + Send + Sync + 'static,
) -> Exploration {
    Task::new(engine, settings, model).explore()
}
