//! A thread, with the token that it parks for.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::{SPURIOUS, WaitSource};
use crate::execution::backend::{BackendAtomic, BackendThread, CallSite, Fetch, OneShot};

/// A thread whose end the engine waits for, and whose token is built from one-shot events.
pub(crate) struct BuiltThread<W: WaitSource> {
    source: W,
    /// Makes parks and unparks depend on each other in the engine's eyes.
    point: Box<dyn BackendAtomic>,
    has_token: Cell<bool>,
    /// What the thread waits on while it is parked.
    parked: RefCell<Option<Rc<dyn OneShot>>>,
    join: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl<W: WaitSource> BuiltThread<W> {
    /// The model's own thread, which no thread joins.
    pub(crate) fn main(source: W, point: Box<dyn BackendAtomic>) -> Self {
        let (has_token, parked, join) = Default::default();
        Self { source, point, has_token, parked, join }
    }

    /// A thread whose end `join` waits for.
    pub(crate) fn spawned(
        source: W,
        point: Box<dyn BackendAtomic>,
        join: impl FnOnce() + 'static,
    ) -> Self {
        let thread = Self::main(source, point);
        thread.join.replace(Some(Box::new(join)));
        thread
    }

    /// The scheduling point of a park, which sees what came before the unparks so far.
    fn look(&self, at: CallSite) {
        // ORDERING: Acquire: pairs with the Release of every unpark before, because one token may
        // stand for many of them.
        self.point.fetch(Fetch::Add, 0, Ordering::Acquire, at);
    }
}

impl<W: WaitSource> BackendThread for BuiltThread<W> {
    fn join(&self, _: CallSite) {
        let join = self.join.take();
        if let Some(join) = join {
            join();
        }
    }

    fn park(&self, timed: bool, at: CallSite) -> bool {
        self.look(at);
        if self.has_token.take() {
            return true;
        }
        if timed || self.source.choose(SPURIOUS) == Some(0) {
            return false;
        }
        let one_shot: Rc<dyn OneShot> = Rc::from(self.source.one_shot());
        self.parked.replace(Some(Rc::clone(&one_shot)));
        one_shot.wait(at);
        self.look(at);
        self.has_token.take()
    }

    fn unpark(&self, at: CallSite) {
        // ORDERING: Release: pairs with the Acquire of `look`, as an unpark does with the park
        // that it ends.
        self.point.fetch(Fetch::Add, 0, Ordering::Release, at);
        self.has_token.set(true);
        let parked = self.parked.take();
        if let Some(one_shot) = parked {
            one_shot.signal(at);
        }
    }

    fn has_token(&self) -> bool {
        self.has_token.get()
    }
}
