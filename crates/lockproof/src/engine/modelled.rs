//! The engines of a build with engine features.

use super::{Engine, Exploration, Task, stress};

mod controlled;
#[cfg(feature = "explore")]
mod explore;
#[cfg(any(feature = "loom", feature = "shuttle"))]
mod latch;
#[cfg(feature = "loom")]
mod loom;
#[cfg(feature = "shuttle")]
mod shuttle;

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

/// Lets each engine that has a panic hook or a signal handler install it, so that ours can go in
/// front of it.
pub(super) fn install_hooks() {
    #[cfg(feature = "loom")]
    loom::install_handler();
    #[cfg(feature = "shuttle")]
    shuttle::install_hook();
}
