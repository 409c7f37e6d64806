//! Shared state that most programs need, written so that its locking can be proved.
//!
//! **Limits first.** The structures show how to lock and how not to. They are of production
//! quality, but slower than specialised crates. Only [`AtomicCounter`] is lock-free. No lock is
//! fair. A lock that is poisoned by a panicking closure stays in use, as each type says.
//!
//! Each subject comes with a sequential counterpart, which is its specification, and with broken
//! twins, each with one classic mistake that exploration must find. Subjects and twins share a
//! contract trait, so that one model fits all. The twins are wrong, never unsound: no code here is
//! `unsafe`.
//!
//! | contract | subjects | sequential | broken twins |
//! |---|---|---|---|
//! | [`Counter`] | [`LockedCounter`], [`AtomicCounter`] | [`SequentialCounter`] | [`UnlockedCounter`]: loses updates |
//! | [`Profile`] | [`UserProfile`] | [`SequentialUserProfile`] | [`TornUserProfile`]: shows half an update; [`ReadThenWriteUserProfile`]: overwrites a later login |
//! | [`RecordMap`] | [`LockedRecordMap`], [`ShardedRecordMap`] | [`SequentialRecordMap`] | [`UnlockedRecordMap`]: overwrites records, loses updates; [`ArgumentOrderRecordMap`]: deadlocks; [`TornSnapshotRecordMap`]: shows totals that the map never had |
//! | [`Registry`] | [`ConfigRegistry`] with [`Component`] | [`SequentialConfigRegistry`] | [`OppositeOrderConfigRegistry`]: deadlocks |
//! | [`BlockingQueue`] | [`RecordQueue`] | [`SequentialRecordQueue`] | [`WaitOnceRecordQueue`]: ends too soon; [`SharedCondvarRecordQueue`]: loses wake-ups; [`SilentCloseRecordQueue`]: closes without waking |
//!
//! ```
//! use lockproof::thread;
//! use lockproof_structures::{LockedRecordMap, RecordMap, RecordQueue};
//!
//! let queue = RecordQueue::new(8);
//! let lengths = LockedRecordMap::new();
//! thread::scope(|scope| {
//!     for _ in 0..2 {
//!         scope.spawn(|| {
//!             while let Some(word) = queue.pop() {
//!                 lengths.insert(word, str::len(word));
//!             }
//!         });
//!     }
//!     let _closing = queue.close_on_drop();
//!     for word in ["mutex", "condvar"] {
//!         queue.push(word).expect("the queue is open");
//!     }
//! });
//! assert_eq!(lengths.get(&"condvar"), Some(7));
//! ```

mod config_registry;
mod counter;
mod record_map;
mod record_queue;
mod user_profile;

pub use config_registry::{
    Component, ComponentSnapshot, ConfigRegistry, OppositeOrderConfigRegistry, Registry,
    SequentialConfigRegistry, TimedOut,
};
pub use counter::{AtomicCounter, Counter, LockedCounter, SequentialCounter, UnlockedCounter};
pub use record_map::{
    ArgumentOrderRecordMap, CompareError, LockedRecordMap, Quantity, RecordMap,
    SequentialRecordMap, ShardedRecordMap, TornSnapshotRecordMap, TransferError, UnlockedRecordMap,
};
pub use record_queue::{
    BlockingQueue, CloseOnDrop, Closed, PopError, PushError, RecordQueue, SequentialRecordQueue,
    SharedCondvarRecordQueue, SilentCloseRecordQueue, WaitOnceRecordQueue,
};
pub use user_profile::{
    InvalidName, Profile, ProfileSnapshot, ReadThenWriteUserProfile, SequentialUserProfile,
    TornUserProfile, UserName, UserProfile,
};
