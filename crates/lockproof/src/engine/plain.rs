//! The engines of a build with no engine feature: real threads alone.

use super::{Engine, Exploration, Task, stress};

pub(super) const AVAILABLE: &[Engine] = &[Engine::Std];

pub(super) fn explore(task: Task) -> Exploration {
    stress::explore(task)
}

/// No engine, no hook.
pub(super) fn install_hooks() {}
