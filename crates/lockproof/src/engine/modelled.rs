//! The engines of a build with engine features.

use super::{Engine, Exploration, Failure, Schedule, Task, stress};

mod controlled;
#[cfg(feature = "explore")]
mod explore;
#[cfg(any(feature = "loom", feature = "shuttle"))]
mod latch;
#[cfg(feature = "loom")]
mod loom;
#[cfg(feature = "shuttle")]
mod shuttle;
mod worker;

pub(super) const AVAILABLE: &[Engine] = &[
    Engine::Std,
    #[cfg(feature = "explore")]
    Engine::Explore,
    #[cfg(feature = "loom")]
    Engine::Loom,
    #[cfg(feature = "shuttle")]
    Engine::Shuttle,
];

pub(super) fn explore(task: Task) -> Exploration {
    match task.engine {
        Engine::Std => stress::explore(task),
        #[cfg(feature = "loom")]
        Engine::Loom => controlled::explore::<loom::Loom>(task),
        #[cfg(feature = "shuttle")]
        Engine::Shuttle => controlled::explore::<shuttle::Shuttle>(task),
        #[cfg(feature = "explore")]
        Engine::Explore => controlled::explore::<explore::Explore>(task),
        #[expect(clippy::allow_attributes, reason = "unreachable only with every engine feature")]
        #[allow(unreachable_patterns, reason = "the caller has checked `AVAILABLE`")]
        _ => unreachable!("an engine that is not available is not explored"),
    }
}

pub(super) fn replay(task: Task, schedule: &Schedule) -> Exploration {
    match task.engine {
        #[cfg(feature = "loom")]
        Engine::Loom => controlled::replay::<loom::Loom>(task, schedule),
        #[cfg(feature = "shuttle")]
        Engine::Shuttle => controlled::replay::<shuttle::Shuttle>(task, schedule),
        #[cfg(feature = "explore")]
        Engine::Explore => controlled::replay::<explore::Explore>(task, schedule),
        engine => unreachable!("{engine} has no schedules in this build"),
    }
}

#[cfg(feature = "explore")]
pub(super) fn shorten(task: Task, failure: &Failure) -> Result<Failure, String> {
    explore::shorten(task, failure)
}

#[cfg(not(feature = "explore"))]
pub(super) fn shorten(_: Task, _: &Failure) -> Result<Failure, String> {
    unreachable!("the exploring engine is not in this build")
}

/// Lets each engine that has a panic hook or a signal handler install it, so that ours can go in
/// front of it.
pub(super) fn install_hooks() {
    #[cfg(feature = "loom")]
    loom::install_handler();
    #[cfg(feature = "shuttle")]
    shuttle::install_hook();
}
