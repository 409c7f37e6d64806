//! Condition variables.

use super::lock::Mutex;
use crate::context::with;
use crate::coroutines::perform;
use crate::event::Alternative;
use crate::identity::ObjectId;
use crate::operation::{Allowance, OperationKind, Place, VisibleOperation};

/// The reason why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wake {
    /// A notification, or the park token.
    Notified,
    /// The time-out.
    TimedOut,
    /// No reason: a spurious wake-up, as std allows.
    Spurious,
}

impl From<Alternative> for Wake {
    fn from(alternative: Alternative) -> Self {
        match alternative {
            Alternative::TIMED_OUT => Self::TimedOut,
            Alternative::SPURIOUS => Self::Spurious,
            _ => Self::Notified,
        }
    }
}

/// A condition variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condvar(ObjectId);

impl Condvar {
    /// A condition variable without waiters.
    #[expect(clippy::new_without_default, reason = "it is an event of the running model")]
    pub fn new() -> Self {
        Self(with(|runtime| runtime.create(0)))
    }

    /// A condition variable that the thread's next operation is the first to use.
    pub fn at_first_use() -> Self {
        Self(with(|runtime| runtime.create_at_first_use(0)))
    }

    /// Its identity.
    pub fn id(self) -> ObjectId {
        self.0
    }

    /// Releases `mutex`, which the thread holds, waits, and acquires it again. The wait may time out
    /// if it is `timed`. Returns the reason why it ended.
    pub fn wait(self, mutex: Mutex, timed: bool, at: Place) -> Wake {
        self.begin_wait(mutex, at);
        let wake = self.end_wait(timed, false, at);
        mutex.lock(at);
        wake
    }

    /// The first step of a wait: releases `mutex`, which the thread holds, and begins to wait.
    pub fn begin_wait(self, mutex: Mutex, at: Place) {
        let mut wait = VisibleOperation::new(OperationKind::Wait, self.0, at);
        wait.second = mutex.id();
        perform(&wait);
    }

    /// The second step of a wait, which may time out if it is `timed`, and end spuriously unless it is
    /// `certain`. Returns the reason why it ended. The third step is to lock the mutex again.
    pub fn end_wait(self, timed: bool, certain: bool, at: Place) -> Wake {
        let mut wake_up = VisibleOperation::new(OperationKind::WakeUp, self.0, at);
        let time_out = if timed { Allowance::TIME_OUT } else { Allowance::NONE };
        let spurious = if certain { Allowance::CERTAIN } else { Allowance::NONE };
        wake_up.allowance = time_out.with(spurious);
        perform(&wake_up).alternative().into()
    }

    /// Wakes any one waiter. Returns whether there was one.
    pub fn notify_one(self, at: Place) -> bool {
        perform(&VisibleOperation::new(OperationKind::NotifyOne, self.0, at)).succeeded()
    }

    /// Wakes every waiter. Returns whether there was one.
    pub fn notify_all(self, at: Place) -> bool {
        perform(&VisibleOperation::new(OperationKind::NotifyAll, self.0, at)).succeeded()
    }
}
