//! Owners of locks: the one piece that recorded traces and the lock-order analysis follow them
//! with.
//!
//! Invariant: a thread's holdings are in the order in which it acquired them. A lock that a thread
//! acquired twice, as readers may, is held twice.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::action::{LockChange, RecordedMode};

/// A lock that a thread holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding<S> {
    /// The thread: an index into [`RecordedTrace::threads`](crate::RecordedTrace::threads).
    pub thread: usize,
    /// The lock: an index into [`RecordedTrace::objects`](crate::RecordedTrace::objects).
    pub lock: usize,
    /// The mode.
    pub mode: RecordedMode,
    /// The place at which it was acquired or converted.
    pub since: S,
}

/// The locks that threads hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Holdings<S>(Vec<Holding<S>>);

impl<S> Default for Holdings<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// All of them, in the order in which they were acquired.
impl<S> Deref for Holdings<S> {
    type Target = [Holding<S>];

    fn deref(&self) -> &[Holding<S>] {
        &self.0
    }
}

impl<S> Holdings<S> {
    /// Those of one thread.
    pub fn of(&self, thread: usize) -> impl DoubleEndedIterator<Item = &Holding<S>> {
        self.iter().filter(move |holding| holding.thread == thread)
    }

    /// The holding that a change ends or converts, if it does either.
    ///
    /// Guards are dropped in reverse order, so it is the last one that fits. A release in shared
    /// mode may be that of an upgradable reader, which is the same operation.
    pub fn affected(&self, thread: usize, change: LockChange) -> Option<&Holding<S>> {
        self.place(thread, change).map(|place| &self.0[place])
    }

    /// Follows what `thread` did to a lock. `since` is given what the holding had before, if the
    /// change converts one. Returns the holding that ended.
    pub fn apply(
        &mut self,
        thread: usize,
        change: LockChange,
        since: impl FnOnce(Option<S>) -> S,
    ) -> Option<Holding<S>> {
        let LockChange { lock, after, .. } = change;
        let place = self.place(thread, change);
        let ended = place.map(|place| self.0.remove(place));
        let Some(mode) = after else { return ended };
        let since = since(ended.map(|holding| holding.since));
        self.0.insert(place.unwrap_or(self.0.len()), Holding { thread, lock, mode, since });
        None
    }

    fn place(&self, thread: usize, LockChange { lock, before, .. }: LockChange) -> Option<usize> {
        let before = before?;
        let fits = |mode: RecordedMode| match before {
            RecordedMode::Shared => mode != RecordedMode::Exclusive,
            other => mode == other,
        };
        self.0.iter().rposition(|holding| {
            (holding.thread, holding.lock) == (thread, lock) && fits(holding.mode)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RecordedMode::{Exclusive, Shared, Upgradable};

    /// What thread 0 holds of lock 7 after these changes, each with the number of the change.
    fn held(
        changes: &[(Option<RecordedMode>, Option<RecordedMode>)],
    ) -> Vec<(RecordedMode, usize)> {
        let mut holdings = Holdings::default();
        for (number, (before, after)) in changes.iter().enumerate() {
            let change = LockChange { lock: 7, before: *before, after: *after };
            holdings.apply(0, change, |old| old.unwrap_or(number));
        }
        holdings.of(0).map(|holding| (holding.mode, holding.since)).collect()
    }

    #[test]
    fn an_upgradable_reader_is_released_as_a_reader() {
        assert_eq!(held(&[(None, Some(Upgradable)), (Some(Shared), None)]), []);
    }

    #[test]
    fn a_conversion_keeps_the_acquisition() {
        let changes =
            [(None, Some(Upgradable)), (None, Some(Shared)), (Some(Upgradable), Some(Exclusive))];
        assert_eq!(held(&changes), [(Exclusive, 0), (Shared, 1)]);
    }

    #[test]
    fn of_two_readers_the_last_is_released_first() {
        let changes = [(None, Some(Shared)), (None, Some(Shared)), (Some(Shared), None)];
        assert_eq!(held(&changes), [(Shared, 0)]);
    }
}
