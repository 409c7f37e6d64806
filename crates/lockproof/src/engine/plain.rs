//! The engines of a build with no engine feature: real threads alone.

use std::sync::Arc;

use super::{Engine, Exploration, Settings, stress};

pub(super) const AVAILABLE: &[Engine] = &[Engine::Std];

pub(super) fn explore(
    _: Engine,
    settings: &Settings,
    model: Arc<dyn Fn() + Send + Sync>,
) -> Exploration {
    stress::explore(settings, model)
}
