//! Shared state that every program ends up with, written so that its locking can be proved.
//!
//! **Limits first.** The structures are examples of how to lock and how not to, of production
//! quality but no match in speed for specialised crates. Nothing here is lock-free but
//! [`AtomicCounter`]; no lock is fair; a lock that is poisoned by a panicking closure is used on,
//! as each type says.
//!
//! Each subject comes with a sequential counterpart, which shows in plain code what it means, and
//! with broken twins, each with one classic mistake that exploration must find. Subjects and twins
//! share a contract trait, so that one model fits all. The twins are wrong, never unsound: no code
//! here is `unsafe`.
//!
//! | contract | subjects | sequential | broken twins |
//! |---|---|---|---|
//! | [`Counter`] | [`LockedCounter`], [`AtomicCounter`] | [`SequentialCounter`] | [`UnlockedCounter`]: loses updates |
//! | [`Profile`] | [`UserProfile`] | [`SequentialUserProfile`] | [`TornUserProfile`]: shows half an update; [`ReadThenWriteUserProfile`]: overwrites a later login |
//! | [`RecordMap`] | [`LockedRecordMap`], [`ShardedRecordMap`] | [`SequentialRecordMap`] | [`UnlockedRecordMap`]: overwrites records, loses updates; [`ArgumentOrderRecordMap`]: deadlocks; [`TornSnapshotRecordMap`]: shows totals that never were |
//! | [`Registry`] | [`ConfigRegistry`] with [`Component`] | [`SequentialConfigRegistry`] | [`OppositeOrderConfigRegistry`]: deadlocks |
//! | [`BlockingQueue`] | [`RecordQueue`] | [`SequentialRecordQueue`] | [`WaitOnceRecordQueue`]: ends too soon; [`SharedCondvarRecordQueue`]: loses wake-ups; [`SilentCloseRecordQueue`]: closes unheard |
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
