//! Atomics: loom decides which store a load sees, the facade knows what was stored.

use std::cell::{Cell, RefCell};
use std::sync::atomic::Ordering;

use crate::execution::backend::{BackendAtomic, CallSite, Exchange, Fetch, Width};

/// An atomic whose loom side holds tokens: token `n` stands for the `n`th value stored, 0 for the
/// first. So loom decides *which store* a load sees, and values of every width look alike to it.
pub(super) struct TokenAtomic {
    tokens: loom::sync::atomic::AtomicU64,
    width: Width,
    values: RefCell<Vec<u64>>,
    /// The token stored last, which is what a read-modify-write finds.
    latest: Cell<u64>,
}

/// Stands for no value: an exchange that expects it fails.
const NO_TOKEN: u64 = u64::MAX;

impl TokenAtomic {
    /// Takes an atomic that holds token 0, which stands for `bits` from now on.
    pub(super) fn new(tokens: loom::sync::atomic::AtomicU64, width: Width, bits: u64) -> Self {
        Self { tokens, width, values: RefCell::new(vec![bits]), latest: Cell::new(0) }
    }

    /// A token for a value that is about to be stored.
    fn token(&self, bits: u64) -> u64 {
        let mut values = self.values.borrow_mut();
        values.push(bits);
        values.len() as u64 - 1
    }

    fn value(&self, token: u64) -> u64 {
        self.values.borrow()[usize::try_from(token).expect("a token is an index")]
    }

    /// Stores what `change` makes of the latest value, as one event.
    fn modify(&self, order: Ordering, change: impl FnOnce(u64) -> u64) -> u64 {
        let token = self.token(0);
        let before = self.value(self.tokens.swap(token, order));
        // No other thread has run since the swap took effect.
        self.latest.set(token);
        self.values.borrow_mut()[usize::try_from(token).expect("a token is an index")] =
            change(before);
        before
    }
}

impl BackendAtomic for TokenAtomic {
    fn load(&self, order: Ordering, _: CallSite) -> u64 {
        fence_if_sequential(order);
        self.value(self.tokens.load(order))
    }

    fn store(&self, bits: u64, order: Ordering, _: CallSite) {
        let token = self.token(bits);
        self.tokens.store(token, order);
        self.latest.set(token);
        fence_if_sequential(order);
    }

    fn swap(&self, bits: u64, order: Ordering, _: CallSite) -> u64 {
        self.modify(order, |_| bits)
    }

    fn compare_exchange(&self, exchange: Exchange, _: CallSite) -> Result<u64, u64> {
        let Exchange { current, new, success, failure, weak: _ } = exchange;
        let token = self.token(new);
        loop {
            let latest = self.latest.get();
            let expected = if self.value(latest) == current { latest } else { NO_TOKEN };
            match self.tokens.compare_exchange(expected, token, success, failure) {
                Ok(before) => {
                    self.latest.set(token);
                    return Ok(self.value(before));
                }
                Err(found) if self.value(found) != current => return Err(self.value(found)),
                // Another thread has stored an equal value meanwhile: expect that one.
                Err(_) => {}
            }
        }
    }

    fn fetch(&self, fetch: Fetch, operand: u64, order: Ordering, _: CallSite) -> u64 {
        self.modify(order, |before| self.width.apply(fetch, before, operand))
    }
}

/// loom treats a `SeqCst` access as an acquire or a release, so it would let a `SeqCst` load miss a
/// `SeqCst` store, and refute code that is right. A fence after each such store and before each
/// such load forbids that. It also forbids some weak behaviour of accesses nearby, which is among
/// what loom is known to miss for plain atomics.
fn fence_if_sequential(order: Ordering) {
    if order == Ordering::SeqCst {
        loom::sync::atomic::fence(Ordering::SeqCst);
    }
}
