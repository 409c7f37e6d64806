//! A lock of an engine together with its own guards, so that acquisition and release can be two
//! calls.

use std::cell::RefCell;

/// An engine's lock and the guards that hold it, each under a number.
pub(super) struct Latch<L: 'static, G> {
    /// Declared before the lock: the guards borrow from it and are dropped first.
    guards: RefCell<Vec<(usize, G)>>,
    lock: Box<L>,
}

impl<L: 'static, G> Latch<L, G> {
    pub(super) fn new(lock: L) -> Self {
        Self { guards: RefCell::default(), lock: Box::new(lock) }
    }

    /// Keeps the guard that `acquire` returns under `number`; says whether it returned one.
    ///
    /// `acquire` must not let the reference out in any other way than in the guard.
    pub(super) fn acquire(
        &self,
        number: usize,
        acquire: impl FnOnce(&'static L) -> Option<G>,
    ) -> bool {
        // SAFETY: the box keeps the lock in place for as long as `self` lives, and what borrows
        // from the reference is a guard: it is either kept in `self.guards`, which is dropped
        // before the lock, or was never made.
        let lock = unsafe { &*std::ptr::from_ref::<L>(&self.lock) };
        let guard = acquire(lock);
        let acquired = guard.is_some();
        self.guards.borrow_mut().extend(guard.map(|guard| (number, guard)));
        acquired
    }

    /// Drops the guard under `number`, if there is one.
    pub(super) fn release(&self, number: usize) {
        let mut guards = self.guards.borrow_mut();
        let place = guards.iter().position(|(other, _)| *other == number);
        let guard = place.map(|place| guards.swap_remove(place));
        // The drop may switch to a thread that uses this latch.
        drop(guards);
        drop(guard);
    }
}
