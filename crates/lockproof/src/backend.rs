//! The engines of this build, and the one place where a task meets the engine that it names.

#[cfg(any(feature = "loom", feature = "shuttle"))]
mod built;
#[cfg(feature = "_modelled")]
mod controlled;
#[cfg(feature = "explore")]
mod explore;
#[cfg(any(feature = "loom", feature = "shuttle"))]
mod latch;
#[cfg(feature = "loom")]
mod loom;
#[cfg(feature = "shuttle")]
mod shuttle;
mod stress;
#[cfg(feature = "_modelled")]
mod worker;

use crate::engine::{Engine, Exploration, Failure, Schedule, Task};
use crate::panics;

/// What runs the tasks of one engine.
struct Driver {
    engine: Engine,
    explore: fn(Task) -> Exploration,
    replay: fn(Task, &Schedule) -> Exploration,
    shorten: fn(Task, &Failure) -> Result<Failure, String>,
    /// Lets the engine install its panic hook or signal handler, so that ours can go in front.
    install_hooks: fn(),
}

/// The drivers of this build, real threads first.
const DRIVERS: &[Driver] = &[
    stress::DRIVER,
    #[cfg(feature = "explore")]
    explore::DRIVER,
    #[cfg(feature = "loom")]
    loom::DRIVER,
    #[cfg(feature = "shuttle")]
    shuttle::DRIVER,
];

const ENGINES: [Engine; DRIVERS.len()] = {
    let mut engines = [Engine::Std; DRIVERS.len()];
    let mut index = 0;
    while index < DRIVERS.len() {
        engines[index] = DRIVERS[index].engine;
        index += 1;
    }
    engines
};

impl Engine {
    /// The engines that this build contains, real threads first.
    ///
    /// ```
    /// use lockproof::engine::Engine;
    /// assert!(Engine::available().contains(&Engine::Std));
    /// ```
    pub fn available() -> &'static [Engine] {
        &ENGINES
    }

    /// The engine's driver. A task has made sure that there is one.
    fn driver(self) -> &'static Driver {
        let driver = DRIVERS.iter().find(|driver| driver.engine == self);
        driver.expect("an engine that is not available is not asked for anything")
    }
}

impl Task {
    /// Searches: see [`explore`](crate::engine::explore).
    pub fn explore(self) -> Exploration {
        (self.engine.driver().explore)(self)
    }

    /// Runs the execution that `schedule` leads to, and no other; under loom, those before it, too.
    ///
    /// The exploration is [`Ending::Failed`](crate::engine::Ending::Failed) if it fails again,
    /// [`Ending::Complete`](crate::engine::Ending::Complete) if it ends well, and
    /// [`Ending::Diverged`](crate::engine::Ending::Diverged) if the model does not offer what the schedule
    /// asks for. The settings must be those under which the schedule was found, as far as they
    /// concern single executions.
    ///
    /// # Panics
    ///
    /// If the schedule is of another engine than the task's.
    pub fn replay(self, schedule: &Schedule) -> Exploration {
        let (wanted, own) = (schedule.engine(), self.engine);
        assert!(wanted == own, "{own} cannot follow a schedule of {wanted}");
        (own.driver().replay)(self, schedule)
    }

    /// Looks for the shortest execution that fails as `failure` does: fewest preemptions, then
    /// fewest context switches, then fewest steps.
    ///
    /// The failure may come from any engine that controls the schedule; one of another engine than
    /// explore is carried over first. It is made simpler by leaving out switches from one thread to
    /// another; then executions with no preemption are searched, then those with one, and so on, so
    /// that the result says whether fewer would do. The time for it is [`Settings::shortening`](crate::engine::Settings::shortening);
    /// where that is used up, [`Minimality`](crate::engine::Minimality) says what is not known.
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
        (own.driver().shorten)(self, failure)
    }
}

/// Only the exploring engine shortens failures: see [`Task::shorten`].
fn never_shortens(_: Task, _: &Failure) -> Result<Failure, String> {
    unreachable!("only the exploring engine shortens failures")
}

/// Puts the panic hook in front of those of the engines, once.
fn install_panic_hook() {
    panics::install(|| DRIVERS.iter().for_each(|driver| (driver.install_hooks)()));
}
