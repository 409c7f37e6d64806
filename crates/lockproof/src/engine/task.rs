//! What an engine is asked to do: a model, and how to run it.

use std::panic::Location;
use std::sync::{Arc, Mutex};

use super::{Approach, Engine, Progress, Reporter, Settings, SharedWatcher, Strategy, Watcher};

/// A model and the engine that is to run it: [`explore`](crate::engine::explore) with all that can be
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
#[must_use = "a task does nothing until it is asked to explore, replay or shorten"]
pub struct Task {
    pub(crate) engine: Engine,
    pub(crate) settings: Settings,
    pub(crate) model: Arc<dyn Fn() + Send + Sync>,
    pub(crate) watcher: Option<SharedWatcher>,
    pub(crate) reporter: Option<Reporter>,
    /// The deadlock that a directed search is about.
    #[cfg_attr(not(feature = "explore"), expect(dead_code, reason = "explore's own"))]
    pub(crate) approaches: Vec<Approach>,
    /// Where the model was given to the engine.
    #[cfg_attr(
        not(feature = "_modelled"),
        expect(dead_code, reason = "real threads leave no trace")
    )]
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
}
