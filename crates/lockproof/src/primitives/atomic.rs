//! Atomics of any width: one operation at a time, with values as bits.

use std::sync::atomic::Ordering;

use super::bits::Bits;
use crate::execution::Execution;
use crate::execution::backend::{Birth, CallSite, Exchange, Fetch};
use crate::execution::intent::Intent;
use crate::execution::slot::{Modelled, Slot};
use crate::trace::ObjectKind;

/// One operation on an atomic inside a model.
pub(crate) struct AtomicAccess {
    atomic: Modelled,
    at: CallSite,
}

impl AtomicAccess {
    /// The operation at `at` on the atomic of `slot`, which holds `initial` outside of models.
    #[inline]
    #[track_caller]
    pub(crate) fn new<T: Bits>(
        slot: &Slot,
        initial: impl FnOnce() -> T,
        at: CallSite,
    ) -> Option<Self> {
        let atomic = slot.modelled(ObjectKind::Atomic, |execution, birth| {
            execution.new_atomic(T::WIDTH, initial().to_bits(), birth)
        })?;
        Some(Self { atomic, at })
    }

    #[track_caller]
    pub(crate) fn load<T: Bits>(&self, order: Ordering) -> T {
        assert!(
            !matches!(order, Ordering::Release | Ordering::AcqRel),
            "there is no such thing as a release load or an acquire-release load"
        );
        T::from_bits(self.load_bits(order))
    }

    #[track_caller]
    pub(crate) fn store<T: Bits>(&self, value: T, order: Ordering) {
        assert!(
            !matches!(order, Ordering::Acquire | Ordering::AcqRel),
            "there is no such thing as an acquire store or an acquire-release store"
        );
        self.store_bits(value.to_bits(), order);
    }

    pub(crate) fn swap<T: Bits>(&self, value: T, order: Ordering) -> T {
        T::from_bits(self.swap_bits(value.to_bits(), order))
    }

    #[track_caller]
    pub(crate) fn compare_exchange<T: Bits>(
        &self,
        (current, new): (T, T),
        (success, failure): (Ordering, Ordering),
        weak: bool,
    ) -> Result<T, T> {
        assert!(
            !matches!(failure, Ordering::Release | Ordering::AcqRel),
            "there is no such thing as a release or acquire-release failure ordering"
        );
        let (current, new) = (current.to_bits(), new.to_bits());
        let exchange = Exchange { current, new, success, failure, weak };
        self.exchange_bits(exchange).map(T::from_bits).map_err(T::from_bits)
    }

    pub(crate) fn fetch<T: Bits>(&self, fetch: Fetch, operand: u64, order: Ordering) -> T {
        T::from_bits(self.fetch_bits(fetch, operand, order))
    }
}

/// The operations themselves, without a type parameter: see [`Execution::perform`].
impl AtomicAccess {
    fn load_bits(&self, order: Ordering) -> u64 {
        self.atomic.perform(Intent::Load(order), self.at).bits()
    }

    fn store_bits(&self, bits: u64, order: Ordering) {
        self.atomic.perform(Intent::Store(bits, order), self.at);
    }

    fn swap_bits(&self, bits: u64, order: Ordering) -> u64 {
        self.atomic.perform(Intent::Swap(bits, order), self.at).bits()
    }

    fn exchange_bits(&self, exchange: Exchange) -> Result<u64, u64> {
        self.atomic.perform(Intent::CompareExchange(exchange), self.at).exchanged()
    }

    fn fetch_bits(&self, fetch: Fetch, operand: u64, order: Ordering) -> u64 {
        self.atomic.perform(Intent::Fetch(fetch, operand, order), self.at).bits()
    }
}

/// The value inside a model, without an event.
pub(crate) fn latest<T: Bits>(slot: &Slot, initial: impl FnOnce() -> T) -> Option<T> {
    let execution = Execution::current()?;
    let object =
        slot.object(&execution, ObjectKind::Atomic, Birth::FirstUse, |execution, birth| {
            execution.new_atomic(T::WIDTH, initial().to_bits(), birth)
        });
    Some(T::from_bits(object.atomic().latest.get()))
}

/// Makes the atomic of a slot known now, if a model runs.
pub(crate) fn register<T: Bits>(slot: &Slot, initial: impl FnOnce() -> T) {
    slot.register(ObjectKind::Atomic, |execution, birth| {
        execution.new_atomic(T::WIDTH, initial().to_bits(), birth)
    });
}

/// A fence inside a model.
#[track_caller]
pub(crate) fn fence(execution: &Execution, order: Ordering, at: CallSite) {
    assert!(order != Ordering::Relaxed, "there is no such thing as a relaxed fence");
    execution.perform(Intent::Fence(order), None, at);
}
