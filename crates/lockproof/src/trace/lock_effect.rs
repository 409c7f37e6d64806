//! What an operation does to a lock: the one table that every ownership bookkeeping is built on.

use super::Operation;

/// How a thread holds a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LockMode {
    /// With no other thread: a mutex, a writer, an initialization that runs.
    Exclusive,
    /// Together with other readers.
    Shared,
    /// As the one reader that may become the writer.
    Upgradable,
}

/// What an operation that took effect did to a lock.
///
/// The lock is the event's object, except for the two operations of a condition variable, which
/// name their mutex: see [`lock`](Self::lock).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LockEffect {
    /// The thread acquired the lock.
    Acquired {
        /// How it holds the lock now.
        mode: LockMode,
        /// Whether it would have waited for the lock. An attempt does not.
        waits: bool,
    },
    /// An attempt found the lock taken: the thread holds what it held before.
    Refused {
        /// The mode that it asked for.
        mode: LockMode,
    },
    /// The thread released the lock.
    Released {
        /// How it held the lock. An upgradable reader is released as `Shared`, too: which of the
        /// two it was, only the table of owners knows.
        mode: LockMode,
    },
    /// The thread went from one mode to another without a release in between.
    Converted {
        /// How it held the lock.
        from: LockMode,
        /// How it holds the lock now.
        to: LockMode,
        /// Whether it would have waited for other readers.
        waits: bool,
    },
    /// A wait on a condition variable released the mutex.
    ReleasedToWait {
        /// The mutex: an index into [`Trace::objects`](super::Trace::objects).
        mutex: usize,
    },
    /// The end of a wait on a condition variable acquired the mutex again.
    Reacquired {
        /// The mutex: an index into [`Trace::objects`](super::Trace::objects).
        mutex: usize,
    },
}

impl LockEffect {
    /// The lock, by its index in [`Trace::objects`](super::Trace::objects): `object` is the one of
    /// the event.
    pub fn lock(self, object: Option<usize>) -> Option<usize> {
        match self {
            Self::ReleasedToWait { mutex } | Self::Reacquired { mutex } => Some(mutex),
            _ => object,
        }
    }

    /// How the thread held the lock before; `None` if it did not, or if nothing changes.
    pub fn before(self) -> Option<LockMode> {
        match self {
            Self::Released { mode } | Self::Converted { from: mode, .. } => Some(mode),
            Self::ReleasedToWait { .. } => Some(LockMode::Exclusive),
            Self::Acquired { .. } | Self::Refused { .. } | Self::Reacquired { .. } => None,
        }
    }

    /// How the thread holds the lock afterwards; `None` if it does not, or if nothing changes.
    pub fn after(self) -> Option<LockMode> {
        match self {
            Self::Acquired { mode, .. } | Self::Converted { to: mode, .. } => Some(mode),
            Self::Reacquired { .. } => Some(LockMode::Exclusive),
            Self::Refused { .. } | Self::Released { .. } | Self::ReleasedToWait { .. } => None,
        }
    }

    /// Whether the thread waits for the lock where another thread holds it.
    pub fn waits(self) -> bool {
        match self {
            Self::Acquired { waits, .. } | Self::Converted { waits, .. } => waits,
            Self::Reacquired { .. } => true,
            Self::Refused { .. } | Self::Released { .. } | Self::ReleasedToWait { .. } => false,
        }
    }
}

impl Operation {
    /// What the operation does to a lock when it takes effect; `None` if it does nothing to any.
    ///
    /// What is initialized once counts as a lock: the thread that initializes it holds it
    /// exclusively. Of a [blocked](super::Phase::Blocked) event it is what the thread waits to do.
    ///
    /// ```
    /// use lockproof::trace::{LockEffect, LockMode, Operation};
    ///
    /// let effect = Operation::TryReadLock { acquired: true }.lock_effect();
    /// let acquired = LockEffect::Acquired { mode: LockMode::Shared, waits: false };
    /// assert_eq!(effect, Some(acquired));
    /// assert_eq!(Operation::Yield.lock_effect(), None);
    /// ```
    #[inline]
    pub fn lock_effect(&self) -> Option<LockEffect> {
        use LockMode::{Exclusive, Shared, Upgradable};
        let acquired = |mode| Some(LockEffect::Acquired { mode, waits: true });
        let tried = |mode, acquired| {
            let success = LockEffect::Acquired { mode, waits: false };
            Some(if acquired { success } else { LockEffect::Refused { mode } })
        };
        let converted = |from, to, waits| Some(LockEffect::Converted { from, to, waits });
        match *self {
            Self::Lock | Self::WriteLock | Self::BeginInitialization => acquired(Exclusive),
            Self::ReadLock => acquired(Shared),
            Self::UpgradableReadLock => acquired(Upgradable),
            Self::TryLock { acquired } | Self::TryWriteLock { acquired } => {
                tried(Exclusive, acquired)
            }
            Self::TryReadLock { acquired } => tried(Shared, acquired),
            Self::TryUpgradableReadLock { acquired } => tried(Upgradable, acquired),
            Self::Unlock { .. } | Self::WriteUnlock { .. } | Self::EndInitialization { .. } => {
                Some(LockEffect::Released { mode: Exclusive })
            }
            Self::ReadUnlock => Some(LockEffect::Released { mode: Shared }),
            Self::Upgrade => converted(Upgradable, Exclusive, true),
            Self::TryUpgrade { acquired: true } => converted(Upgradable, Exclusive, false),
            Self::TryUpgrade { acquired: false } => Some(LockEffect::Refused { mode: Exclusive }),
            Self::Downgrade => converted(Exclusive, Shared, false),
            Self::DowngradeToUpgradable => converted(Exclusive, Upgradable, false),
            Self::DowngradeUpgradable => converted(Upgradable, Shared, false),
            Self::Wait { mutex } => Some(LockEffect::ReleasedToWait { mutex }),
            Self::WakeUp { mutex, .. } => Some(LockEffect::Reacquired { mutex }),
            Self::NotifyOne
            | Self::NotifyAll
            | Self::Load { .. }
            | Self::Store { .. }
            | Self::ReadModifyWrite { .. }
            | Self::CompareExchangeFailed { .. }
            | Self::Fence
            | Self::CellRead
            | Self::CellWrite
            | Self::SeeInitialized { .. }
            | Self::Arrive { .. }
            | Self::Send { .. }
            | Self::TrySend { .. }
            | Self::Receive { .. }
            | Self::TryReceive { .. }
            | Self::DropSender
            | Self::DropReceiver
            | Self::ReadClock { .. }
            | Self::Choose { .. }
            | Self::Spawn { .. }
            | Self::Join { .. }
            | Self::Exit
            | Self::Park
            | Self::Unpark { .. }
            | Self::Yield
            | Self::Sleep { .. }
            | Self::Panic { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LockMode::{Exclusive, Shared, Upgradable};
    use super::*;
    use crate::trace::WakeUp;

    /// The mode before and after, and whether the thread waits.
    fn change(operation: &Operation) -> (Option<LockMode>, Option<LockMode>, bool) {
        let effect = operation.lock_effect().expect("the operation concerns a lock");
        (effect.before(), effect.after(), effect.waits())
    }

    #[test]
    fn acquisitions_wait_and_attempts_do_not() {
        for (waiting, attempt, mode) in [
            (Operation::Lock, Operation::TryLock { acquired: true }, Exclusive),
            (Operation::WriteLock, Operation::TryWriteLock { acquired: true }, Exclusive),
            (Operation::ReadLock, Operation::TryReadLock { acquired: true }, Shared),
            (
                Operation::UpgradableReadLock,
                Operation::TryUpgradableReadLock { acquired: true },
                Upgradable,
            ),
        ] {
            assert_eq!(change(&waiting), (None, Some(mode), true), "{waiting}");
            assert_eq!(change(&attempt), (None, Some(mode), false), "{attempt}");
        }
        assert_eq!(change(&Operation::BeginInitialization), (None, Some(Exclusive), true));
    }

    #[test]
    fn attempts_that_fail_change_nothing_and_name_what_they_asked_for() {
        for (attempt, mode) in [
            (Operation::TryLock { acquired: false }, Exclusive),
            (Operation::TryWriteLock { acquired: false }, Exclusive),
            (Operation::TryReadLock { acquired: false }, Shared),
            (Operation::TryUpgradableReadLock { acquired: false }, Upgradable),
            (Operation::TryUpgrade { acquired: false }, Exclusive),
        ] {
            assert_eq!(attempt.lock_effect(), Some(LockEffect::Refused { mode }), "{attempt}");
            assert_eq!(change(&attempt), (None, None, false), "{attempt}");
        }
    }

    #[test]
    fn releases_say_how_the_lock_was_held() {
        let (poisons, changes) = (false, None);
        for (release, mode) in [
            (Operation::Unlock { poisons, changes }, Exclusive),
            (Operation::WriteUnlock { poisons, changes }, Exclusive),
            (Operation::EndInitialization { poisons }, Exclusive),
            (Operation::ReadUnlock, Shared),
        ] {
            assert_eq!(change(&release), (Some(mode), None, false), "{release}");
        }
    }

    #[test]
    fn a_conversion_keeps_the_lock_and_only_an_upgrade_waits() {
        for (conversion, from, to, waits) in [
            (Operation::Upgrade, Upgradable, Exclusive, true),
            (Operation::TryUpgrade { acquired: true }, Upgradable, Exclusive, false),
            (Operation::Downgrade, Exclusive, Shared, false),
            (Operation::DowngradeToUpgradable, Exclusive, Upgradable, false),
            (Operation::DowngradeUpgradable, Upgradable, Shared, false),
        ] {
            assert_eq!(change(&conversion), (Some(from), Some(to), waits), "{conversion}");
        }
    }

    #[test]
    fn a_wait_is_about_its_mutex_and_not_about_the_condition_variable() {
        let wait = Operation::Wait { mutex: 3 };
        let wake_up = Operation::WakeUp { by: WakeUp::Spurious, mutex: 3 };
        assert_eq!(change(&wait), (Some(Exclusive), None, false));
        assert_eq!(change(&wake_up), (None, Some(Exclusive), true));
        for operation in [wait, wake_up] {
            let effect = operation.lock_effect().expect("it concerns the mutex");
            assert_eq!(effect.lock(Some(7)), Some(3), "{operation}");
        }
        let lock = Operation::Lock.lock_effect().expect("it concerns the mutex");
        assert_eq!(lock.lock(Some(7)), Some(7), "any other operation is about its object");
    }
}
