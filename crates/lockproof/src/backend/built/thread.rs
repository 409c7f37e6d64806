//! A thread, with the token that it parks for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::{SPURIOUS, Waits};
use crate::execution::backend::{BackendAtomic, BackendThread, Fetch, OneShot};

/// A thread whose end the engine waits for, and whose token is built from batons.
pub(crate) struct BuiltThread<W: Waits> {
    waits: W,
    /// Makes parks and unparks depend on each other in the engine's eyes.
    point: Box<dyn BackendAtomic>,
    has_token: Cell<bool>,
    /// What the thread waits on while it is parked.
    parked: RefCell<Option<Rc<dyn OneShot>>>,
    join: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl<W: Waits> BuiltThread<W> {
    /// The model's own thread, which nobody joins.
    pub(crate) fn main(waits: W, point: Box<dyn BackendAtomic>) -> Self {
        let (has_token, parked, join) = Default::default();
        Self { waits, point, has_token, parked, join }
    }

    /// A thread whose end `join` waits for.
    pub(crate) fn spawned(
        waits: W,
        point: Box<dyn BackendAtomic>,
        join: impl FnOnce() + 'static,
    ) -> Self {
        let thread = Self::main(waits, point);
        thread.join.replace(Some(Box::new(join)));
        thread
    }

    /// The scheduling point of a park, which sees what came before the unparks so far.
    fn look(&self) {
        // ORDERING: Acquire: pairs with the Release of every unpark before, because one token may
        // stand for many of them.
        self.point.fetch(Fetch::Add, 0, Ordering::Acquire);
    }
}

impl<W: Waits> BackendThread for BuiltThread<W> {
    fn join(&self) {
        let join = self.join.take();
        if let Some(join) = join {
            join();
        }
    }

    fn park(&self, timed: bool) -> bool {
        self.look();
        if self.has_token.take() {
            return true;
        }
        if timed || self.waits.choose(SPURIOUS) == Some(0) {
            return false;
        }
        let baton: Rc<dyn OneShot> = Rc::from(self.waits.baton());
        self.parked.replace(Some(Rc::clone(&baton)));
        baton.wait();
        self.look();
        self.has_token.take()
    }

    fn unpark(&self) {
        // ORDERING: Release: pairs with the Acquire of `look`, as an unpark does with the park
        // that it ends.
        self.point.fetch(Fetch::Add, 0, Ordering::Release);
        self.has_token.set(true);
        let parked = self.parked.take();
        if let Some(baton) = parked {
            baton.signal();
        }
    }

    fn has_token(&self) -> bool {
        self.has_token.get()
    }
}
