//! Read-write locks: shared, upgradable and exclusive holds on a backend's lock of two modes.

use super::backend::{BackendMutex, BackendRwLock, CallSite};
use super::intent::{Intent, Reply};
use crate::trace::LockMode;

/// A read-write lock of a backend.
pub(crate) struct TwoModeLock {
    pub(super) lock: Box<dyn BackendRwLock>,
    /// Acquired before the lock by each thread that may come to write, and held as long. So one that
    /// changes its mode can release the lock in between. Only in a run in which a thread does.
    pub(super) turnstile: Option<Box<dyn BackendMutex>>,
}

impl TwoModeLock {
    pub(super) fn dispatch(
        &self,
        intent: &Intent,
        thread: usize,
        alone: bool,
        is_known: bool,
        at: CallSite,
    ) -> Reply {
        match *intent {
            Intent::Acquire(mode) => self.acquire(mode, thread, alone, at),
            Intent::TryAcquire(LockMode::Shared) => {
                return Reply::Acquired(self.lock.try_read(thread, at));
            }
            Intent::TryAcquire(mode) => {
                return Reply::Acquired(self.try_acquire(mode, thread, alone, at));
            }
            Intent::Release(mode, _) => self.release(mode, thread, alone, at),
            Intent::Downgrade { from, to } => self.downgrade(from, to, thread, is_known, at),
            Intent::Upgrade => {
                self.stop_reading(thread, alone, at);
                self.lock.write(at);
            }
            Intent::TryUpgrade => return Reply::Acquired(self.try_upgrade(thread, alone, at)),
            _ => unreachable!("{intent:?} is not for a read-write lock"),
        }
        Reply::Done
    }

    fn release(&self, mode: LockMode, thread: usize, alone: bool, at: CallSite) {
        match mode {
            LockMode::Exclusive => self.lock.unlock_write(at),
            LockMode::Shared | LockMode::Upgradable if alone => self.lock.unlock_read(thread, at),
            LockMode::Shared | LockMode::Upgradable => {}
        }
        if mode != LockMode::Shared {
            self.leave_turnstile(at);
        }
    }

    fn downgrade(&self, from: LockMode, to: LockMode, thread: usize, is_known: bool, at: CallSite) {
        if from == LockMode::Exclusive {
            if is_known {
                self.lock.unlock_write(at);
            }
            self.lock.read(thread, at);
        }
        if to == LockMode::Shared && is_known {
            self.leave_turnstile(at);
        }
    }

    fn try_upgrade(&self, thread: usize, alone: bool, at: CallSite) -> bool {
        self.stop_reading(thread, alone, at);
        let acquired = alone && self.lock.try_write(at);
        if alone && !acquired {
            // Only readers can have come in: this does not wait.
            self.lock.read(thread, at);
        }
        acquired
    }

    fn acquire(&self, mode: LockMode, thread: usize, alone: bool, at: CallSite) {
        if let Some(turnstile) = self.turnstile.as_ref().filter(|_| mode != LockMode::Shared) {
            turnstile.lock(at);
        }
        match mode {
            LockMode::Exclusive => self.lock.write(at),
            LockMode::Shared | LockMode::Upgradable if alone => self.lock.read(thread, at),
            LockMode::Shared | LockMode::Upgradable => {}
        }
    }

    /// Tries to acquire the lock for writing, or for reading with the way to writing.
    fn try_acquire(&self, mode: LockMode, thread: usize, alone: bool, at: CallSite) -> bool {
        if self.turnstile.as_ref().is_some_and(|turnstile| !turnstile.try_lock(at)) {
            return false;
        }
        let acquired = match mode {
            LockMode::Exclusive => self.lock.try_write(at),
            LockMode::Shared | LockMode::Upgradable => !alone || self.lock.try_read(thread, at),
        };
        if !acquired {
            self.leave_turnstile(at);
        }
        acquired
    }

    fn leave_turnstile(&self, at: CallSite) {
        if let Some(turnstile) = &self.turnstile {
            turnstile.unlock(at);
        }
    }

    /// Gives the read lock up on the way to the write lock, but not the turnstile.
    fn stop_reading(&self, thread: usize, alone: bool, at: CallSite) {
        if alone {
            self.lock.unlock_read(thread, at);
        }
    }
}
