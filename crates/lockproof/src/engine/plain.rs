//! The engines of a build with no engine feature: real threads alone.

use std::panic::Location;
use std::sync::Arc;

use super::{Engine, Exploration, Settings, stress};

pub(super) const AVAILABLE: &[Engine] = &[Engine::Std];

pub(super) fn explore(
    _: Engine,
    settings: &Settings,
    model: Arc<dyn Fn() + Send + Sync>,
    _: &'static Location<'static>,
) -> Exploration {
    stress::explore(settings, model)
}

/// No engine, no hook.
pub(super) fn install_hooks() {}
