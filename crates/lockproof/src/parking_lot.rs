//! The facade under the API of the `parking_lot` crate: no poisoning, upgradable reads, guards
//! that a wait borrows.
//!
//! With no engine feature these are the `parking_lot` crate's own items. With one they are the
//! same types of the `lock_api` crate over raw locks that an engine controls inside a model.
//!
//! Inside a model a fair unlock is an ordinary one, because every order of the waiting threads is
//! explored anyway; a time-out may fire at any moment; and what is locked for writing in a static
//! counts as changed data that the next execution finds
//! ([`Exploration::kept_data`](crate::engine::Exploration::kept_data)).
//!
//! ```
//! use lockproof::parking_lot::{Condvar, Mutex, RwLock, RwLockUpgradableReadGuard};
//!
//! let total = Mutex::new(1);
//! *total.lock() += 1;
//! assert_eq!(*total.lock(), 2);
//!
//! let names = RwLock::new(vec!["a"]);
//! let read = names.upgradable_read();
//! if read.len() == 1 {
//!     RwLockUpgradableReadGuard::upgrade(read).push("b");
//! }
//! assert_eq!(*names.read(), ["a", "b"]);
//!
//! assert!(!Condvar::new().notify_one(), "nobody waits");
//! ```

pub use crate::face::current::parking_lot::{
    Condvar, FairMutex, FairMutexGuard, MappedFairMutexGuard, MappedMutexGuard,
    MappedReentrantMutexGuard, MappedRwLockReadGuard, MappedRwLockWriteGuard, Mutex, MutexGuard,
    Once, OnceState, RawFairMutex, RawMutex, RawRwLock, RawThreadId, ReentrantMutex,
    ReentrantMutexGuard, RwLock, RwLockReadGuard, RwLockUpgradableReadGuard, RwLockWriteGuard,
    WaitTimeoutResult, const_fair_mutex, const_mutex, const_reentrant_mutex, const_rwlock,
    lock_api,
};
