//! Atomics of up to 64 bits, and fences.

use std::sync::atomic::Ordering;

use crate::context::with;
use crate::coroutines::{perform, perform_update};
use crate::identity::ObjectId;
use crate::operation::{OperationKind, Place, VisibleOperation};

/// An atomic of up to 64 bits. The caller encodes narrower types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atomic(ObjectId);

impl Atomic {
    /// An atomic with this value.
    pub fn new(value: u64) -> Self {
        Self(with(|runtime| runtime.create(value)))
    }

    /// An atomic with this value that the thread's next operation is the first to use.
    pub fn at_first_use(value: u64) -> Self {
        Self(with(|runtime| runtime.create_at_first_use(value)))
    }

    /// Its identity.
    pub fn id(self) -> ObjectId {
        self.0
    }

    /// The value, without an event: for callers that have exclusive access.
    pub fn peek(self) -> u64 {
        with(|runtime| runtime.object(self.0).value)
    }

    /// Changes the value without an event: for callers that have exclusive access.
    pub fn poke(self, value: u64) {
        with(|runtime| runtime.object_mut(self.0).value = value);
    }

    /// Reads it.
    pub fn load(self, ordering: Ordering, at: Place) -> u64 {
        let mut load = VisibleOperation::new(OperationKind::Load, self.0, at);
        load.orderings = (ordering, ordering);
        perform(&load).value
    }

    /// Writes it.
    pub fn store(self, value: u64, ordering: Ordering, at: Place) {
        let mut store = VisibleOperation::new(OperationKind::Store, self.0, at);
        store.orderings = (ordering, ordering);
        store.operand = value;
        perform(&store);
    }

    /// Replaces the value by the result of `update`, in one step. Returns the value before.
    ///
    /// `update` must not perform operations.
    pub fn update(self, ordering: Ordering, at: Place, update: impl FnOnce(u64) -> u64) -> u64 {
        let mut operation = VisibleOperation::new(OperationKind::ReadModifyWrite, self.0, at);
        operation.orderings = (ordering, ordering);
        perform_update(&operation, update)
    }

    /// Writes `new` if the value is `expected`. If it is `weak`, it may fail spuriously. Returns the
    /// value before.
    ///
    /// # Errors
    ///
    /// The value before, if nothing was written.
    pub fn compare_exchange(
        self,
        (expected, new): (u64, u64),
        orderings: (Ordering, Ordering),
        weak: bool,
        at: Place,
    ) -> Result<u64, u64> {
        use OperationKind::{CompareExchange, CompareExchangeWeak};
        let kind = if weak { CompareExchangeWeak } else { CompareExchange };
        let mut operation = VisibleOperation::new(kind, self.0, at);
        operation.orderings = orderings;
        operation.operand = expected;
        operation.replacement = new;
        let effect = perform(&operation);
        if effect.succeeded() { Ok(effect.value) } else { Err(effect.value) }
    }
}

/// A fence. It gives its ordering to the relaxed accesses beside it, and is no scheduling point.
pub fn fence(ordering: Ordering) {
    with(|runtime| runtime.fence(ordering));
}
