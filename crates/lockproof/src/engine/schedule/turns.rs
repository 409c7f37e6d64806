//! The steps of a schedule in a build with the exploring engine: its own type for them, and the
//! other engines' words.

use std::fmt;

use lockproof_explore::{MalformedTurns, Turns};

use super::Schedule;
use crate::engine::Engine;

pub(super) use self::TurnsOrWords as ScheduleSteps;

/// What comes after the engine and the version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum TurnsOrWords {
    /// Of the exploring engine.
    Turns(Turns),
    /// Of another one, or text that the exploring engine does not understand.
    Words(String),
}

impl TurnsOrWords {
    pub(super) fn of(engine: Engine, words: &str) -> Self {
        let turns = (engine == Engine::Explore).then(|| words.parse().ok()).flatten();
        turns.map_or_else(|| Self::Words(words.to_owned()), Self::Turns)
    }

    /// The steps in another order: see [`Schedule::rearranged`].
    pub(super) fn rearranged(&self, order: &[usize]) -> Option<Self> {
        match self {
            Self::Turns(turns) => turns.rearranged(order).map(Self::Turns),
            Self::Words(_) => None,
        }
    }

    /// The words of another engine than explore.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Turns(_) => "",
            Self::Words(words) => words,
        }
    }
}

impl Schedule {
    pub(crate) fn of_turns(turns: Turns) -> Self {
        Self { engine: Engine::Explore, steps: TurnsOrWords::Turns(turns) }
    }

    /// The turns of a schedule of the exploring engine.
    pub(crate) fn turns(&self) -> Result<Turns, MalformedTurns> {
        match &self.steps {
            TurnsOrWords::Turns(turns) => Ok(turns.clone()),
            TurnsOrWords::Words(words) => words.parse(),
        }
    }
}

impl fmt::Display for TurnsOrWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Turns(turns) => turns.fmt(f),
            Self::Words(words) => f.write_str(words),
        }
    }
}
