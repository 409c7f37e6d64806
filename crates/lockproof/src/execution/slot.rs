//! Slots: how a primitive finds its object in the running execution, and the choice between std and
//! a model, which is made here and nowhere else.
//!
//! A slot is no pointer, but a number that says which execution the object belongs to and its index
//! there. A number of another execution is simply not ours, so a static starts afresh in every
//! execution and nothing has to be reset.

use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Execution;
use super::backend::{Birth, CallSite};
use super::intent::{Intent, Reply};
use super::objects::{ModelObject, Side};
use crate::trace::ObjectKind;

/// How many primitives an execution can hold: 2^24 - 1.
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

/// A primitive's way to its object, and its name.
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

/// A primitive inside a model: the execution that runs, and the primitive's object there.
pub(crate) struct Modelled {
    pub(crate) execution: Rc<Execution>,
    pub(crate) object: Rc<ModelObject>,
}

impl Modelled {
    /// Sends the intent through the door.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a known intent leaves one arm of each match")]
    pub(crate) fn perform(&self, intent: Intent, at: CallSite) -> Reply {
        self.execution.perform(intent, Some(&self.object), at)
    }
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

    /// The primitive inside the model that runs here, if one does; `make` makes the engine's side on
    /// first use.
    #[inline]
    #[track_caller]
    pub(crate) fn modelled(
        &self,
        kind: ObjectKind,
        make: impl FnOnce(&Execution, Birth) -> Side,
    ) -> Option<Modelled> {
        let execution = self.execution()?;
        let object = self.object(&execution, kind, Birth::FirstUse, make);
        Some(Modelled { execution, object })
    }

    /// Makes the engine's side now, if a model runs, so that the primitive has the same identity in
    /// every execution, whichever thread uses it first.
    pub(crate) fn register(&self, kind: ObjectKind, make: impl FnOnce(&Execution, Birth) -> Side) {
        if let Some(execution) = Execution::current() {
            self.object(&execution, kind, Birth::Made, make);
        }
    }

    /// The object in this execution, made by `make` on first use.
    #[inline]
    #[track_caller]
    pub(crate) fn object(
        &self,
        execution: &Execution,
        kind: ObjectKind,
        birth: Birth,
        make: impl FnOnce(&Execution, Birth) -> Side,
    ) -> Rc<ModelObject> {
        if let Some(object) = self.existing(execution) {
            return object;
        }
        self.expect_free();
        let index = execution.name_object(kind, self, birth);
        self.bind(execution, index);
        execution.add(index, make(execution, birth))
    }

    /// The object in this execution, if it has one.
    #[inline]
    pub(crate) fn existing(&self, execution: &Execution) -> Option<Rc<ModelObject>> {
        // ORDERING: Relaxed: within an execution there is one OS thread; a number of another
        // execution is only compared.
        let key = self.key.load(Ordering::Relaxed);
        let place = key & ((1 << INDEX_BITS) - 1);
        (key >> INDEX_BITS == execution.epoch().0)
            .then(|| execution.object(usize::try_from(place - 1).unwrap_or(usize::MAX)))
    }

    /// Leads to the object with this index from now on.
    fn bind(&self, execution: &Execution, index: usize) {
        let place = u64::try_from(index + 1).unwrap_or(u64::MAX);
        assert!(place >> INDEX_BITS == 0, "an execution uses more than 2^24 primitives");
        // ORDERING: Relaxed: as above.
        self.key.store(execution.epoch().0 << INDEX_BITS | place, Ordering::Relaxed);
        // ORDERING: Relaxed: executions that share a primitive follow each other.
        if self.changed.swap(false, Ordering::Relaxed) {
            execution.found_kept(index);
        }
    }

    /// Panics if the primitive belongs to another execution that is running.
    #[track_caller]
    fn expect_free(&self) {
        assert!(
            !self.is_running(),
            "a primitive is used by two executions at once: models that run side by side must not \
             share statics; run them one after the other or give each its own state"
        );
    }

    fn is_running(&self) -> bool {
        // ORDERING: Relaxed: only compared with the numbers of running executions.
        let epoch = self.key.load(Ordering::Relaxed) >> INDEX_BITS;
        epoch != 0 && RUNNING.lock().unwrap_or_else(PoisonError::into_inner).contains(&epoch)
    }

    /// The current execution changes the content, which the next one will find.
    pub(crate) fn change(&self) {
        // ORDERING: Relaxed: as above.
        self.changed.store(true, Ordering::Relaxed);
    }

    /// The execution that runs here, if one does.
    ///
    /// Outside of all executions the primitive must not be part of a running one: its state is
    /// there, where no other thread can see it.
    #[inline]
    #[track_caller]
    pub(crate) fn execution(&self) -> Option<Rc<Execution>> {
        let execution = Execution::current();
        assert!(
            execution.is_some() || !self.is_running(),
            "a primitive of a running model is used by a thread that is not part of it: spawn \
             the threads of a model with `lockproof::thread`, and keep its state to itself"
        );
        execution
    }

    /// Forgets the object: the next use makes a new one.
    pub(crate) fn reset(&mut self) {
        *self.key.get_mut() = 0;
    }
}

/// An object by number: for a guard, which can then be shared as std's can.
pub(crate) struct ObjectKey {
    epoch: Epoch,
    index: usize,
}

impl ObjectKey {
    pub(crate) fn of(modelled: &Modelled) -> Self {
        Self { epoch: modelled.execution.epoch(), index: modelled.object.index }
    }

    /// The object in its own execution, unless that is over.
    pub(crate) fn modelled(&self) -> Option<Modelled> {
        let execution = Execution::current().filter(|other| other.epoch() == self.epoch)?;
        let object = execution.object(self.index);
        Some(Modelled { execution, object })
    }
}
