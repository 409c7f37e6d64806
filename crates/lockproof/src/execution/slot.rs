//! Where a primitive keeps the way to its peer: no pointer, but a number that says which execution
//! the peer belongs to and where that execution keeps it.
//!
//! A number of another execution is simply not ours, so a static starts afresh in every execution
//! and nothing has to be reset.

use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::execution::Execution;
use crate::execution::table::Table;

/// How many primitives of one kind an execution can hold: 2^24 - 1.
const INDEX_BITS: u32 = 24;

/// The executions that are running now, in the whole process.
static RUNNING: Mutex<Vec<u64>> = Mutex::new(Vec::new());

/// The number of an execution, unique in the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(u64);

impl Epoch {
    /// The number of a new execution, which is running from now on.
    pub(crate) fn begin() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        // ORDERING: Relaxed: only the uniqueness of the number matters.
        let epoch = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).push(epoch);
        Self(epoch)
    }

    /// The execution is over: its primitives may be used by others.
    pub(crate) fn end(self) {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| *other != self.0);
    }
}

/// A primitive's way to its peer, and its name.
#[derive(Debug)]
pub(crate) struct Slot {
    /// Epoch and index + 1; 0 before the first use. All uses within one execution are on one OS
    /// thread.
    key: AtomicU64,
    /// Whether a model has changed the content since an execution was told of that.
    changed: AtomicBool,
    pub(crate) name: Option<&'static str>,
    /// Where the primitive was made.
    pub(crate) created: &'static Location<'static>,
}

impl Slot {
    #[track_caller]
    pub(crate) const fn new() -> Self {
        Self {
            key: AtomicU64::new(0),
            changed: AtomicBool::new(false),
            name: None,
            created: Location::caller(),
        }
    }

    /// The peer in this execution, made by `make` on first use.
    #[track_caller]
    pub(crate) fn peer<P>(
        &self,
        execution: &Execution,
        table: &Table<P>,
        make: impl FnOnce() -> P,
    ) -> Rc<P> {
        // ORDERING: Relaxed: within an execution there is one OS thread; a number of another
        // execution is only compared.
        let key = self.key.load(Ordering::Relaxed);
        let (epoch, place) = (key >> INDEX_BITS, key & ((1 << INDEX_BITS) - 1));
        if epoch == execution.epoch().0 {
            return table.get(usize::try_from(place - 1).unwrap_or(usize::MAX));
        }
        assert!(
            !RUNNING.lock().unwrap_or_else(PoisonError::into_inner).contains(&epoch),
            "a primitive is used by two executions at once: models that run side by side must not \
             share statics; run them one after the other or give each its own state"
        );
        let (index, peer) = table.insert(make());
        let place = u64::try_from(index + 1).unwrap_or(u64::MAX);
        assert!(
            place >> INDEX_BITS == 0,
            "an execution uses more than 2^24 primitives of one kind"
        );
        // ORDERING: Relaxed: as above.
        self.key.store(execution.epoch().0 << INDEX_BITS | place, Ordering::Relaxed);
        // ORDERING: Relaxed: executions that share a primitive follow each other.
        if self.changed.swap(false, Ordering::Relaxed) {
            execution.found_kept();
        }
        peer
    }

    /// The peer in this execution, if it has one.
    pub(crate) fn existing<P>(&self, execution: &Execution, table: &Table<P>) -> Option<Rc<P>> {
        // ORDERING: Relaxed: as above.
        let key = self.key.load(Ordering::Relaxed);
        let place = key & ((1 << INDEX_BITS) - 1);
        (key >> INDEX_BITS == execution.epoch().0)
            .then(|| table.get(usize::try_from(place - 1).unwrap_or(usize::MAX)))
    }

    /// The current execution changes the content, which the next one will find.
    pub(crate) fn change(&self) {
        // ORDERING: Relaxed: as above.
        self.changed.store(true, Ordering::Relaxed);
    }

    /// The execution that runs here, if one does.
    ///
    /// Outside of all executions the primitive must not be part of a running one: its state is
    /// there, and nobody else can see it.
    #[track_caller]
    pub(crate) fn execution(&self) -> Option<Rc<Execution>> {
        let execution = Execution::current();
        // ORDERING: Relaxed: only compared with the numbers of running executions.
        let epoch = self.key.load(Ordering::Relaxed) >> INDEX_BITS;
        if execution.is_none() && epoch != 0 {
            assert!(
                !RUNNING.lock().unwrap_or_else(PoisonError::into_inner).contains(&epoch),
                "a primitive of a running model is used by a thread that is not part of it: spawn \
                 the threads of a model with `lockproof::thread`, and keep its state to itself"
            );
        }
        execution
    }

    /// Forgets the peer: the next use makes a new one.
    pub(crate) fn reset(&mut self) {
        *self.key.get_mut() = 0;
    }
}
