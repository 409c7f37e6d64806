//! The primitives of one kind that an execution has used.

use std::cell::RefCell;
use std::rc::Rc;

/// The primitives of one kind that an execution has used.
pub(crate) struct Table<P>(RefCell<Vec<Rc<P>>>);

impl<P> Table<P> {
    pub(crate) fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Rc<P> {
        Rc::clone(&self.0.borrow()[index])
    }

    pub(crate) fn insert(&self, peer: P) -> (usize, Rc<P>) {
        let mut peers = self.0.borrow_mut();
        let peer = Rc::new(peer);
        peers.push(Rc::clone(&peer));
        (peers.len() - 1, peer)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    pub(crate) fn fold<T>(&self, initial: T, add: impl Fn(T, &P) -> T) -> T {
        self.0.borrow().iter().fold(initial, |sum, peer| add(sum, peer))
    }

    pub(crate) fn all(&self) -> Vec<Rc<P>> {
        self.0.borrow().clone()
    }
}
