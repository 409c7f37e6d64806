//! Mutexes and read-write locks: acquisition, release and changes of mode.

use crate::execution::Execution;
use crate::execution::backend::CallSite;
use crate::execution::intent::{GuardEnd, Intent};
use crate::execution::slot::{Modelled, ObjectKey, Slot};
use crate::trace::{LockMode, ObjectKind};

/// The mutex of a slot, inside a model.
#[inline]
#[track_caller]
pub(crate) fn mutex(slot: &Slot) -> Option<Modelled> {
    slot.modelled(ObjectKind::Mutex, Execution::new_mutex)
}

/// The read-write lock of a slot, inside a model.
#[inline]
#[track_caller]
pub(crate) fn rwlock(slot: &Slot) -> Option<Modelled> {
    slot.modelled(ObjectKind::RwLock, Execution::new_rwlock)
}

/// The lock of a slot, if the current thread holds it inside a model.
#[cfg_attr(not(feature = "parking_lot"), expect(dead_code, reason = "its face's"))]
pub(crate) fn held(slot: &Slot) -> Option<Modelled> {
    let execution = Execution::current()?;
    let object = slot.existing(&execution)?;
    execution.holds(&object).then_some(Modelled { execution, object })
}

/// Makes the mutex of a slot known now, if a model runs.
pub(crate) fn register_mutex(slot: &Slot) {
    slot.register(ObjectKind::Mutex, Execution::new_mutex);
}

/// Makes the read-write lock of a slot known now, if a model runs.
pub(crate) fn register_rwlock(slot: &Slot) {
    slot.register(ObjectKind::RwLock, Execution::new_rwlock);
}

/// The time in which a guard holds a lock of a model.
pub(crate) struct LockedSection {
    lock: ObjectKey,
    mode: LockMode,
    /// Whether the thread was unwinding when it acquired the lock: then the end does not poison.
    panicking: bool,
    /// Whether the content was borrowed mutably.
    changes: bool,
}

impl LockedSection {
    /// Begins with the acquisition of `lock`.
    pub(crate) fn acquire(lock: &Modelled, mode: LockMode, at: CallSite) -> Self {
        lock.perform(Intent::Acquire(mode), at);
        Self::begin(lock, mode)
    }

    /// The same, unless the lock is held.
    pub(crate) fn try_acquire(lock: &Modelled, mode: LockMode, at: CallSite) -> Option<Self> {
        let acquired = lock.perform(Intent::TryAcquire(mode), at).acquired();
        acquired.then(|| Self::begin(lock, mode))
    }

    /// Begins while the current thread holds `lock`.
    #[inline]
    pub(crate) fn begin(lock: &Modelled, mode: LockMode) -> Self {
        let (panicking, changes) = (std::thread::panicking(), false);
        Self { lock: ObjectKey::of(lock), mode, panicking, changes }
    }

    /// The lock, unless its execution is over.
    pub(crate) fn lock(&self) -> Option<Modelled> {
        self.lock.modelled()
    }

    /// The content is borrowed mutably.
    #[inline]
    pub(crate) fn change(&mut self, slot: &Slot) {
        slot.change();
        self.changes = true;
    }

    /// Goes on in a weaker mode.
    pub(crate) fn downgrade(self, to: LockMode, at: CallSite) -> Self {
        if let Some(lock) = self.lock() {
            lock.perform(Intent::Downgrade { from: self.mode, to }, at);
        }
        Self { mode: to, ..self }
    }

    /// Ends with the drop of its guard.
    pub(crate) fn end(self, slot: Option<&Slot>) {
        let Some(lock) = self.lock() else { return };
        let poisons = slot.is_some() && !self.panicking && std::thread::panicking();
        if let Some(slot) = slot.filter(|_| poisons) {
            slot.change();
        }
        lock.release(self.mode, GuardEnd { poisons, changes: Some(self.changes) }, None);
    }
}

impl Modelled {
    /// Releases a lock at `at`, or at the drop of its guard.
    ///
    /// A drop does not know its caller: the compiler calls it, and `#[track_caller]` names a line of
    /// `core`. So its place is the last one of the thread that is known, which is that of its last
    /// operation before the drop.
    pub(crate) fn release(&self, mode: LockMode, end: GuardEnd, at: Option<CallSite>) {
        self.perform(Intent::Release(mode, end), at.unwrap_or_else(|| self.execution.place()));
    }
}
