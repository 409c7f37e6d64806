//! The engines of a build with no engine feature: real threads alone.

use super::{Engine, Exploration, Failure, Schedule, Task, stress};

pub(super) const AVAILABLE: &[Engine] = &[Engine::Std];

pub(super) fn explore(task: Task) -> Exploration {
    stress::explore(task)
}

/// Real threads follow no schedule, and a task of another engine cannot be made.
pub(super) fn replay(_: Task, schedule: &Schedule) -> Exploration {
    unreachable!("{} is not in this build", schedule.engine())
}

/// As above.
pub(super) fn shorten(_: Task, _: &Failure) -> Result<Failure, String> {
    unreachable!("the exploring engine is not in this build")
}

/// No engine, no hook.
pub(super) fn install_hooks() {}
