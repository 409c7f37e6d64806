//! The types of a build with an engine feature: std's outside a running model, controlled by the
//! running engine inside one.
//!
//! A modelled primitive is std's own primitive plus a [`Slot`](crate::execution::slot::Slot), which
//! finds the primitive's object in the running execution, made on first use there. Inside a model an
//! operation first goes through the [primitives](crate::primitives), which may switch threads, and
//! then takes effect on std's primitive, which can then never block. Poisoning, constants, unsized
//! contents and formatting are std's for free.
//!
//! All threads of a model share one OS thread, so nothing here needs a lock of its own.

pub(crate) mod atomic;
mod barrier;
mod calls;
pub(crate) mod cell;
pub(crate) mod collections;
mod condvar;
mod extension;
mod generations;
mod identity;
mod lazy_lock;
pub(crate) mod local_key;
pub(crate) mod mpsc;
mod mutex;
mod once;
mod once_lock;
mod parking;
#[cfg(feature = "parking_lot")]
pub(crate) mod parking_lot;
mod poison;
mod rwlock;
mod rwlock_guard;
mod scope;
mod spawn;
pub(crate) mod time;

pub(crate) use calls::{call_begins, moment};
pub(crate) use extension::choose;

pub(crate) mod hint {
    pub use super::parking::spin_loop;
}

pub(crate) mod sync {
    pub use super::barrier::{Barrier, BarrierWaitResult};
    pub use super::condvar::{Condvar, WaitTimeoutResult};
    pub use super::lazy_lock::LazyLock;
    pub use super::mutex::{Mutex, MutexGuard};
    pub use super::once::{Once, OnceState};
    pub use super::once_lock::OnceLock;
    pub use super::rwlock::RwLock;
    pub use super::rwlock_guard::{RwLockReadGuard, RwLockWriteGuard};
    pub use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult, Weak};

    pub(crate) use super::{atomic, mpsc};
}

pub use local_key::thread_local;

pub(crate) mod thread {
    pub use super::identity::{Thread, ThreadId, current};
    pub use super::local_key::{AccessError, LocalKey};
    pub use super::parking::{park, park_timeout, sleep, yield_now};
    pub use super::scope::{Scope, ScopedJoinHandle, scope};
    pub use super::spawn::{Builder, JoinHandle, spawn};
    pub use std::thread::{Result, available_parallelism, panicking};
}
