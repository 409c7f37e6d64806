//! The steps of a schedule in a build without the exploring engine: words, one a step.

use std::fmt;

use crate::engine::Engine;

pub(super) use self::ScheduleWords as ScheduleSteps;

/// What comes after the engine and the version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ScheduleWords(String);

impl ScheduleWords {
    pub(super) fn of(_: Engine, words: &str) -> Self {
        Self(words.to_owned())
    }

    /// The steps in another order: see [`Schedule::rearranged`](super::Schedule::rearranged).
    pub(super) fn rearranged(&self, order: &[usize]) -> Option<Self> {
        let words: Vec<_> = self.0.split_whitespace().collect();
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        let names_each = sorted.into_iter().eq(0..words.len());
        names_each
            .then(|| Self(order.iter().map(|&index| words[index]).collect::<Vec<_>>().join(" ")))
    }

    pub(super) fn words(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScheduleWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
