//! What an engine is asked to do: a model, and how to run it.

use std::panic::Location;
use std::sync::{Arc, Mutex};

use super::{
    Approach, Engine, Exploration, Failure, Progress, Reporter, Schedule, Settings, SharedWatcher,
    Strategy, Watcher, driver,
};

/// A model and the engine that is to run it: [`explore`](super::explore) with all that can be
/// asked for.
///
/// ```
/// use lockproof::engine::{Engine, Settings, Task};
///
/// let model = || assert_eq!(1 + 1, 2);
/// let exploration = Task::new(Engine::Std, &Settings::default(), model)
///     .reporting_to(|progress| eprintln!("{}", progress.executions))
///     .explore();
/// assert!(exploration.failure().is_none());
/// ```
#[cfg_attr(
    not(feature = "_modelled"),
    expect(dead_code, reason = "real threads need less of it than a controlled engine")
)]
#[must_use = "a task does nothing until it is asked to explore, replay or shorten"]
pub struct Task {
    pub(crate) engine: Engine,
    pub(crate) settings: Settings,
    pub(crate) model: Arc<dyn Fn() + Send + Sync>,
    pub(crate) watcher: Option<SharedWatcher>,
    pub(crate) reporter: Option<Reporter>,
    /// The deadlock that a directed search is about.
    pub(crate) approaches: Vec<Approach>,
    /// Where the model was given to the engine.
    pub(crate) location: &'static Location<'static>,
}

impl Task {
    /// `model` under `engine`.
    ///
    /// # Panics
    ///
    /// If this build does not contain the engine: see [`Engine::available`].
    #[track_caller]
    pub fn new(
        engine: Engine,
        settings: &Settings,
        model: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        assert!(
            Engine::available().contains(&engine),
            "this build does not contain the engine {engine}: enable the feature `{engine}` of \
             the crate `lockproof`"
        );
        Self {
            engine,
            settings: settings.clone(),
            model: Arc::new(model),
            watcher: None,
            reporter: None,
            approaches: Vec::new(),
            location: Location::caller(),
        }
    }

    /// Lets `watcher` look at every execution when it is over.
    pub fn watched_by(self, watcher: Arc<Mutex<dyn Watcher>>) -> Self {
        Self { watcher: Some(watcher), ..self }
    }

    /// Tells `progress` now and then how far a search has come.
    pub fn reporting_to(self, progress: impl FnMut(&Progress) + Send + 'static) -> Self {
        Self { reporter: Some(Reporter::new(Box::new(progress))), ..self }
    }

    /// Lets the exploring engine try to bring the threads of the model into one deadlock.
    ///
    /// It runs [`Settings::samples`] random schedules from [`Settings::seed`] that pause each
    /// thread just before it takes its second lock, until all are there (Joshi, Park, Sen, Naik, "A
    /// Randomized Dynamic Program Analysis Technique for Detecting Real Deadlocks", PLDI 2009). The
    /// first execution that fails ends the search, whatever its defect.
    ///
    /// # Panics
    ///
    /// If the engine of the task is not [`Engine::Explore`], or there are no approaches.
    pub fn directed_by(mut self, approaches: Vec<Approach>) -> Self {
        let own = self.engine;
        assert!(own == Engine::Explore, "only the exploring engine can be directed, not {own}");
        assert!(!approaches.is_empty(), "a search is directed by one approach at least");
        self.settings.exploring = Strategy::Directed;
        Self { approaches, ..self }
    }

    /// Searches: see [`explore`](super::explore).
    pub fn explore(self) -> Exploration {
        driver::explore(self)
    }

    /// Runs the execution that `schedule` leads to, and no other; under loom, those before it, too.
    ///
    /// The exploration is [`Ending::Failed`](super::Ending::Failed) if it fails again,
    /// [`Ending::Complete`](super::Ending::Complete) if it ends well, and
    /// [`Ending::Diverged`](super::Ending::Diverged) if the model does not offer what the schedule
    /// asks for. The settings must be those under which the schedule was found, as far as they
    /// concern single executions.
    ///
    /// # Panics
    ///
    /// If the schedule is of another engine than the task's.
    pub fn replay(self, schedule: &Schedule) -> Exploration {
        let (wanted, own) = (schedule.engine(), self.engine);
        assert!(wanted == own, "{own} cannot follow a schedule of {wanted}");
        driver::replay(self, schedule)
    }

    /// Looks for the shortest execution that fails as `failure` does: fewest preemptions, then
    /// fewest context switches, then fewest steps.
    ///
    /// The failure may come from any engine that controls the schedule; one of another engine than
    /// explore is carried over first. It is made simpler by leaving out switches from one thread to
    /// another; then executions with no preemption are searched, then those with one, and so on, so
    /// that the result says whether fewer would do. The time for it is [`Settings::shortening`];
    /// where that is used up, [`Minimality`](super::Minimality) says what is not known.
    ///
    /// # Errors
    ///
    /// If the exploring engine does not come to the defect in that time, or cannot: the text says
    /// why.
    ///
    /// # Panics
    ///
    /// If the engine of the task is not [`Engine::Explore`].
    pub fn shorten(self, failure: &Failure) -> Result<Failure, String> {
        let own = self.engine;
        assert!(own == Engine::Explore, "only the exploring engine shortens failures, not {own}");
        driver::shorten(self, failure)
    }
}
