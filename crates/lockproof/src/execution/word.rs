//! An atomic of an execution: the events of its operations, whatever its type.

use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use crate::engine::BlindSpot;
use crate::execution::Execution;
use crate::execution::backend::{BackendAtomic, Exchange, Fetch, Width};
use crate::execution::weak_memory::Use;
use crate::trace::{Operation, Value};

/// An atomic of an execution.
pub(crate) struct AtomicWord {
    object: usize,
    width: Width,
    peer: Box<dyn BackendAtomic>,
    /// The value stored last, whatever an engine of weak memory lets a load return.
    latest: Cell<u64>,
    pub(crate) usage: Use,
}

impl AtomicWord {
    pub(crate) fn new(
        object: usize,
        width: Width,
        bits: u64,
        peer: Box<dyn BackendAtomic>,
    ) -> Self {
        Self { object, width, peer, latest: Cell::new(bits), usage: Use::default() }
    }

    pub(crate) fn latest(&self) -> u64 {
        self.latest.get()
    }
}

/// One operation on an atomic inside a model.
pub(crate) struct Access {
    pub(crate) execution: Rc<Execution>,
    pub(crate) word: Rc<AtomicWord>,
    pub(crate) location: &'static Location<'static>,
}

impl Access {
    #[track_caller]
    pub(crate) fn load(&self, order: Ordering) -> u64 {
        assert!(
            !matches!(order, Ordering::Release | Ordering::AcqRel),
            "there is no such thing as a release load or an acquire-release load"
        );
        self.execution.note_plain(&self.word.usage, &[order]);
        self.execution.uses_plain_atomic();
        let loaded = self.enter(|peer| peer.load(order));
        let bits = loaded.unwrap_or_else(|| self.word.latest.get());
        let latest = self.word.latest.get();
        self.execution.note_found(bits, latest);
        let stale = bits != latest;
        self.record(Operation::Load { value: self.show(bits), stale });
        bits
    }

    #[track_caller]
    pub(crate) fn store(&self, bits: u64, order: Ordering) {
        assert!(
            !matches!(order, Ordering::Acquire | Ordering::AcqRel),
            "there is no such thing as an acquire store or an acquire-release store"
        );
        self.execution.note_plain(&self.word.usage, &[order]);
        self.execution.uses_plain_atomic();
        self.enter(|peer| peer.store(bits, order));
        self.word.latest.set(bits);
        self.record(Operation::Store { value: self.show(bits) });
    }

    pub(crate) fn swap(&self, bits: u64, order: Ordering) -> u64 {
        self.execution.note_modification(&self.word.usage, order);
        let before = self.enter(|peer| peer.swap(bits, order));
        self.modified("swap", before.unwrap_or_else(|| self.word.latest.get()), bits)
    }

    #[track_caller]
    pub(crate) fn compare_exchange(&self, exchange: Exchange) -> Result<u64, u64> {
        assert!(
            !matches!(exchange.failure, Ordering::Release | Ordering::AcqRel),
            "there is no such thing as a release or acquire-release failure ordering"
        );
        self.execution.note_plain(&self.word.usage, &[exchange.success, exchange.failure]);
        if exchange.weak {
            self.execution.uses(BlindSpot::WeakCompareExchange);
        }
        let name = if exchange.weak { "compare_exchange_weak" } else { "compare_exchange" };
        let outcome = self.enter(|peer| peer.compare_exchange(exchange)).unwrap_or_else(|| {
            let found = self.word.latest.get();
            if found == exchange.current { Ok(found) } else { Err(found) }
        });
        match outcome {
            Ok(before) => Ok(self.modified(name, before, exchange.new)),
            Err(found) => {
                self.execution.note_found(found, self.word.latest.get());
                let operation = Operation::CompareExchangeFailed { name, found: self.show(found) };
                self.record(operation);
                Err(found)
            }
        }
    }

    pub(crate) fn fetch(&self, fetch: Fetch, operand: u64, order: Ordering) -> u64 {
        self.execution.note_modification(&self.word.usage, order);
        let before = self.enter(|peer| peer.fetch(fetch, operand, order));
        let before = before.unwrap_or_else(|| self.word.latest.get());
        let after = self.word.width.apply(fetch, before, operand);
        self.modified(fetch.name(), before, after)
    }

    fn modified(&self, name: &'static str, before: u64, after: u64) -> u64 {
        self.execution.note_found(before, self.word.latest.get());
        self.word.latest.set(after);
        let (shown, after) = (self.show(before), self.show(after));
        self.record(Operation::ReadModifyWrite { name, before: shown, after });
        before
    }

    fn enter<R>(&self, call: impl FnOnce(&dyn BackendAtomic) -> R) -> Option<R> {
        self.execution.set_place(self.location);
        self.execution.engine(|| call(self.word.peer.as_ref()))
    }

    fn show(&self, bits: u64) -> Value {
        self.word.width.show(bits)
    }

    fn record(&self, operation: Operation) {
        self.execution.record(operation, Some(self.word.object), self.location);
    }
}

impl Fetch {
    fn name(self) -> &'static str {
        match self {
            Self::Add => "fetch_add",
            Self::Sub => "fetch_sub",
            Self::And => "fetch_and",
            Self::Nand => "fetch_nand",
            Self::Or => "fetch_or",
            Self::Xor => "fetch_xor",
            Self::Max => "fetch_max",
            Self::Min => "fetch_min",
        }
    }
}

impl Width {
    fn size_in_bits(self) -> u32 {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 8,
            Self::I16 | Self::U16 => 16,
            Self::I32 | Self::U32 => 32,
            Self::I64 | Self::U64 => 64,
            Self::Isize | Self::Usize | Self::Pointer => usize::BITS,
        }
    }

    fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::Isize)
    }

    /// The result of a read-modify-write, with the bits beyond the width cleared.
    pub(crate) fn apply(self, fetch: Fetch, before: u64, operand: u64) -> u64 {
        let operand_wins = |wanted: std::cmp::Ordering| {
            let order = if self.is_signed() {
                self.signed(operand).cmp(&self.signed(before))
            } else {
                operand.cmp(&before)
            };
            if order == wanted { operand } else { before }
        };
        let bits = match fetch {
            Fetch::Add => before.wrapping_add(operand),
            Fetch::Sub => before.wrapping_sub(operand),
            Fetch::And => before & operand,
            Fetch::Nand => !(before & operand),
            Fetch::Or => before | operand,
            Fetch::Xor => before ^ operand,
            Fetch::Max => operand_wins(std::cmp::Ordering::Greater),
            Fetch::Min => operand_wins(std::cmp::Ordering::Less),
        };
        bits & (u64::MAX >> (64 - self.size_in_bits()))
    }

    /// The bits as a signed number.
    fn signed(self, bits: u64) -> i64 {
        let unused = 64 - self.size_in_bits();
        (bits << unused).cast_signed() >> unused
    }

    fn show(self, bits: u64) -> Value {
        match self {
            Self::Bool => Value::Bool(bits != 0),
            Self::Pointer => Value::Address(bits),
            _ if self.is_signed() => Value::Signed(self.signed(bits)),
            _ => Value::Unsigned(bits),
        }
    }
}
